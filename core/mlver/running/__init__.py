"""Runs commands: one runner for runs and replays, with log, limits, resources and an end for the whole tree."""
