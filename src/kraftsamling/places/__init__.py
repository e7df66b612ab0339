"""Areas, places, opening hours and the gazetteer."""
