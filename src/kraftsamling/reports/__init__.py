"""Observations from the field. An empty room that stands ready."""
