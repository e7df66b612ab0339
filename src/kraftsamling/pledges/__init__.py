"""Needs and offers. An empty room that stands ready."""
