"""Desk pages: places."""
