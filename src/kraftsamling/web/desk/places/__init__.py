"""Desk pages: places, their hours, and bringing them in from files."""
