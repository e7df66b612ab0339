"""Formats of the languages that the framework does not know."""
