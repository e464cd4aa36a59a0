"""How large a table may be: a few bytes can stand for many cells."""

from __future__ import annotations

from mlver.formats.format import Limits, TooMuch


def check_columns(columns: int, limits: Limits) -> None:
    """Raises TooMuch."""
    if columns > limits.table_columns:
        raise TooMuch(f"a table of more than {limits.table_columns} columns")


def check_cells(rows: int, columns: int, limits: Limits) -> None:
    """Raises TooMuch."""
    check_columns(columns, limits)
    if rows * columns > limits.table_cells:
        raise TooMuch(f"a table of more than {limits.table_cells} cells")
