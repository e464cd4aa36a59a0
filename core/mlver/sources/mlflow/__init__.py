"""Versions that MLflow keeps: runs of a file store or of a SQLite database, read without MLflow."""
