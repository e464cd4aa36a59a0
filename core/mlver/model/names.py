"""What models and runs may be called, and the file in which a project says what it is."""

from __future__ import annotations

import re

PROJECT_FILE = "mlver.yaml"
"""Hand-written; any folder may hold one, each for one model."""

MODEL_NAME = re.compile(r"[a-z0-9](?:[a-z0-9/-]*[a-z0-9])?")
"""A model's name; the grammar Git Tag Ops has for artifact names."""

RUN_ID = re.compile(r"r[0-9a-f]{8}-[a-z2-7]{6}")
