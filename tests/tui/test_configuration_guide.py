"""docs/configuration.md is what the config is; print its actions: python tests/tui/test_configuration_guide.py"""

from __future__ import annotations

import re
from pathlib import Path

from mlver_tui.actions import ACTIONS, UNBOUND, Effect, shown_key
from mlver_tui.config import SETTINGS, TABLES, Config, read_config
from mlver_tui.keymap import KEPT
from mlver_tui.settings import THEME_NAMES, ExplorerSettings

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "configuration.md").read_text()


def table() -> str:
    """Every action that may be remapped."""
    lines = []
    for action in ACTIONS:
        if action.effect is Effect.BROWSES and action.id not in KEPT:
            keys = " ".join(f"`{shown_key(key)}`" for key in action.keys).replace("|", "\\|")
            lines.append(f"| `{action.id}` | {keys} | {action.help} |")
    return "\n".join(lines) + "\n"


def test_the_guide_shows_every_action_that_can_be_remapped() -> None:
    assert GUIDE.endswith("| action | keys | what |\n|---|---|---|\n" + table())


def test_the_guide_has_every_key_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `([\w\[\]]+)` \| `?(.+?)`? \| .+ \|$", GUIDE.partition("## Keys")[0], re.MULTILINE))

    assert list(rows) == [*SETTINGS, *(f"[{table}]" for table in TABLES)]
    default = Config()
    assert rows["theme"] == "what fits the terminal"
    assert default.theme is None
    assert rows["ascii"] == str(default.is_ascii).lower()
    assert rows["poll_seconds"] == str(default.poll_s) == str(ExplorerSettings().poll_s)


def test_the_guide_names_themes_and_reserved_keys() -> None:
    assert all(f"`{name}`" in GUIDE for name in (*THEME_NAMES, *(shown_key(key) for key in UNBOUND), *KEPT))


def test_the_example_is_right(tmp_path: Path) -> None:
    example = re.findall(r"^```toml\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)[0]
    (tmp_path / "config.toml").write_text(example)

    got = read_config(tmp_path / "config.toml")

    assert got.problems == ()
    assert [*SETTINGS] == re.findall(r"^(\w+) = ", example.partition("[")[0], re.MULTILINE)
    assert [*TABLES] == re.findall(r"^\[(\w+)\]$", example, re.MULTILINE)


if __name__ == "__main__":
    import sys

    sys.stdout.write(table())
