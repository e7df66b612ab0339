"""The one bridge to lagesbild. An empty room that stands ready."""
