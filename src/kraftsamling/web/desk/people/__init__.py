"""Desk pages: people."""
