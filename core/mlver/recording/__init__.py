"""A training to a recorded version."""
