"""The command `lagesbild`: every statistic of the library on a file, from the command line."""

from lagesbild.cli._program import main

__all__ = ["main"]
