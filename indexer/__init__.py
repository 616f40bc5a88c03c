"""Russian full-text search."""
