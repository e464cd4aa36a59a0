"""Values against values: configs, metrics, curves, bytes, texts, environments; and the strip and title of a version."""
