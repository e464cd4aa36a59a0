"""The table of keys in the documents is the table of actions; print it with: python tests/tui/test_key_table.py"""

from __future__ import annotations

from pathlib import Path

from mlver_tui.actions import Context, actions_of, shown_key

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "explorer.md"

TITLES = {
    Context.VERSIONS: "Versions",
    Context.COMPARE: "Compare",
    Context.MATRIX: "Side by side",
    Context.CHARTS: "Charts",
    Context.LINEAGE: "Lineage",
    Context.REPLAY: "Replay",
    Context.TEXT: "A file's changes",
    Context.BYTES: "Bytes",
    Context.FLIPS: "Fixed and broken rows",
}


def table(context: Context) -> str:
    """The keys of one screen as the guide shows them."""
    lines = [f"### Keys: {TITLES[context]}", "", "| key | what |", "|---|---|"]
    for action in actions_of(context):
        if action.keys:
            keys = " ".join(f"`{shown_key(key)}`".replace("|", "\\|") for key in action.keys)
            lines.append(f"| {keys} | {action.help.replace('|', chr(92) + '|')} |")
    return "\n".join(lines) + "\n"


def test_the_guide_shows_every_key_and_no_other() -> None:
    guide = GUIDE.read_text()

    assert [context for context in Context if table(context) not in guide] == []


if __name__ == "__main__":
    import sys

    sys.stdout.write("\n".join(table(context) for context in Context))
