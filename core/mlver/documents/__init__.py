"""YAML, JSON and TOML text to plain data and back: the only reader of documents there is."""
