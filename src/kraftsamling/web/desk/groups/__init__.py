"""Desk pages: EST groups."""
