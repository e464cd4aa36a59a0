"""One screen, one file: compose, act, work, show."""
