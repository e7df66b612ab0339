"""Pages for reporters."""
