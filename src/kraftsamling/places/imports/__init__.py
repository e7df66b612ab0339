"""Reading files into rows that can be written, or into a report of why not.

Nothing here writes: `places.actions` does, and only when a file has no errors.
"""
