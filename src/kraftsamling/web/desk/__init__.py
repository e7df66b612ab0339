"""Pages for those who coordinate, take part in and analyse the work."""
