"""The two front ends of mlver: the full-screen explorer and the plain commands."""
