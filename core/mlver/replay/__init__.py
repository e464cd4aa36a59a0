"""Running a version again, and how close it came."""
