"""What the readers of histories are called: each version names the one that reads it."""

NATIVE = "native"
"""Versions that mlver recorded."""

DVC = "dvc"

PLAIN = "plain"
"""Commits with configs and metrics, of a repository that no tool manages."""

MLFLOW = "mlflow"

SOURCE_NAMES = (NATIVE, DVC, PLAIN, MLFLOW)
