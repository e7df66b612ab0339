"""The demo city: Norrköping with synthetic incidents."""
