"""Reading areas, places and opening hours."""
