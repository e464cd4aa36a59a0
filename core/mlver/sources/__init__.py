"""Places to versions: one reader per kind of history (see source.py)."""
