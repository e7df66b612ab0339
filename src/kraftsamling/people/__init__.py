"""Organisations, persons, roles, invitations, tokens."""
