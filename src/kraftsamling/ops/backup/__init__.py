"""Backups: one file with the database, the uploaded files and a manifest, read back when made."""
