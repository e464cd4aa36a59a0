"""One file per artifact format: recognises bytes, compares two of a kind, gives a Change."""
