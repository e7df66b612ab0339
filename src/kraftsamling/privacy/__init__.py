"""Finds personal data in Swedish free text; keeps the retention rules."""
