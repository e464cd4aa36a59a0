"""The palette: what it offers for what was typed, and how that is done."""
