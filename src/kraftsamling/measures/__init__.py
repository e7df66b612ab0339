"""Problems and measures. An empty room that stands ready."""
