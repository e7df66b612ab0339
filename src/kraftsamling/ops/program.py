"""The `kraftsamling` program."""

import os

import click

from kraftsamling import __version__


@click.group()
@click.version_option(__version__)
def main() -> None:
    """Kraftsamling: everything an operator does from the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kraftsamling.project.settings")
