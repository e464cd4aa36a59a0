"""The filter language: words of a user -> which versions are meant."""
