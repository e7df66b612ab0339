"""Pages and forms: they translate between a request and one call into a room."""
