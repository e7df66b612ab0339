"""Desk pages: trail."""
