"""Desk pages: operation."""
