"""Frozen data and pure rules: what a version is, what a change is, what an identity is. No I/O."""
