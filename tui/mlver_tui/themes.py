"""Three looks: dark, light, and the terminal's own sixteen colours.

Signs carry the meaning, colours only repeat it. Blue and orange tell better from worse for everyone; A is one hue and
B another on every screen.
"""

from __future__ import annotations

from textual.theme import BUILTIN_THEMES, Theme

DARK = Theme(
    name="mlver-dark",
    primary="#5fafff",
    secondary="#87afaf",
    accent="#5fd7d7",
    warning="#ffaf5f",
    error="#ff8787",
    success="#87afff",
    foreground="#d0d0d0",
    background="#121212",
    surface="#121212",
    panel="#1c1c1c",
    dark=True,
    variables={
        "mlver-dim": "#808080",
        "mlver-bright": "#ffffff",
        "mlver-better": "#5fafff",
        "mlver-worse": "#ffaf5f",
        "mlver-a": "#5fd7af",
        "mlver-b": "#d7afff",
    },
)

LIGHT = Theme(
    name="mlver-light",
    primary="#005faf",
    secondary="#5f8787",
    accent="#008787",
    warning="#af5f00",
    error="#af0000",
    success="#005faf",
    foreground="#303030",
    background="#ffffff",
    surface="#ffffff",
    panel="#eeeeee",
    dark=False,
    variables={
        "mlver-dim": "#767676",
        "mlver-bright": "#000000",
        "mlver-better": "#005faf",
        "mlver-worse": "#af5f00",
        "mlver-a": "#00875f",
        "mlver-b": "#875faf",
    },
)

_ANSI = BUILTIN_THEMES["ansi-dark"]

ANSI = Theme(
    name="mlver-ansi",
    primary=_ANSI.primary,
    secondary=_ANSI.secondary,
    accent="ansi_cyan",
    warning="ansi_yellow",
    error="ansi_red",
    success="ansi_blue",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    ansi=True,
    variables={
        **_ANSI.variables,
        "mlver-dim": "ansi_default",
        "mlver-bright": "ansi_default",
        "mlver-better": "ansi_bright_blue",
        "mlver-worse": "ansi_yellow",
        "mlver-a": "ansi_green",
        "mlver-b": "ansi_magenta",
    },
)

THEMES = {"dark": DARK, "light": LIGHT, "ansi": ANSI}
