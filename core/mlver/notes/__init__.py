"""Reading and writing the notes of versions."""
