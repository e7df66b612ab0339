"""Plain helpers without tables: texts, ids, weeks, events."""
