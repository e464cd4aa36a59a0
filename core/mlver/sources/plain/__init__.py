"""Versions in plain git repositories: what their names say, and what their files hold."""
