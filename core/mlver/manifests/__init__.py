"""Manifests and project files: documents to the model and back; the schema of both."""
