"""Refs, index and sources to the rows of the version list."""
