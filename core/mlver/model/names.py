"""What models and runs may be called."""

from __future__ import annotations

import re

MODEL_NAME = re.compile(r"[a-z0-9](?:[a-z0-9/-]*[a-z0-9])?")
"""A model's name; the grammar Git Tag Ops has for artifact names."""

RUN_ID = re.compile(r"r[0-9a-f]{8}-[a-z2-7]{6}")
