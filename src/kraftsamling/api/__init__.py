"""JSON for other systems, described by OpenAPI."""
