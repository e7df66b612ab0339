"""EST groups and their week."""
