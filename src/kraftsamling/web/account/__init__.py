"""Pages about oneself: signing in, own details, sessions."""
