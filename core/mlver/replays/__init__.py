"""Reading and writing replay records."""
