"""The looks: dark, light, two for eyes of their own, and the terminal's own sixteen colours.

Signs carry the meaning, colours only repeat it. Blue and orange tell better from worse for everyone, and added from
removed; who wants red and green takes `red-green`. A is one hue and B another on every screen.
"""

from __future__ import annotations

from dataclasses import replace

from textual.theme import BUILTIN_THEMES, Theme

from mlver_tui.view_models.spans import Tone

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
    variables={"mlver-dim": "#808080"},
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
    variables={"mlver-dim": "#767676"},
)

COLOUR_BLIND = Theme(
    name="mlver-colour-blind",
    primary="#56b4e9",
    secondary="#999999",
    accent="#f0e442",
    warning="#e69f00",
    error="#d55e00",
    success="#56b4e9",
    foreground="#d0d0d0",
    background="#121212",
    surface="#121212",
    panel="#1c1c1c",
    dark=True,
    variables={"mlver-dim": "#808080"},
)
"""Only the eight colours of Okabe and Ito, which differ for every kind of eye."""

RED_GREEN = replace(DARK, name="mlver-red-green", warning="#ff8787", success="#5fd75f")

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
    variables={**_ANSI.variables, "mlver-dim": "ansi_default"},
)

TONE_COLOURS: dict[str, dict[Tone, str]] = {
    DARK.name: {
        Tone.DIM: "#808080",
        Tone.BRIGHT: "#ffffff",
        Tone.BETTER: "#5fafff",
        Tone.WORSE: "#ffaf5f",
        Tone.WARNING: "#ffd75f",
        Tone.ADDED: "#5fafff",
        Tone.REMOVED: "#ffaf5f",
        Tone.SIDE_A: "#5fd7af",
        Tone.SIDE_B: "#d7afff",
        Tone.SIDE_C: "#ffaf5f",
        Tone.SIDE_D: "#5fafff",
        Tone.SIDE_E: "#f0e442",
        Tone.SIDE_F: "#ff8787",
        Tone.SIDE_G: "#d0d0d0",
        Tone.SIDE_H: "#87afaf",
        Tone.ACCENT: "#5fd7d7",
        Tone.KEYWORD: "#d787d7",
        Tone.LITERAL: "#87af87",
    },
    LIGHT.name: {
        Tone.DIM: "#767676",
        Tone.BRIGHT: "#000000",
        Tone.BETTER: "#005faf",
        Tone.WORSE: "#af5f00",
        Tone.WARNING: "#875f00",
        Tone.ADDED: "#005faf",
        Tone.REMOVED: "#af5f00",
        Tone.SIDE_A: "#00875f",
        Tone.SIDE_B: "#875faf",
        Tone.SIDE_C: "#af5f00",
        Tone.SIDE_D: "#005faf",
        Tone.SIDE_E: "#6c6c00",
        Tone.SIDE_F: "#af0000",
        Tone.SIDE_G: "#303030",
        Tone.SIDE_H: "#5f8787",
        Tone.ACCENT: "#008787",
        Tone.KEYWORD: "#87005f",
        Tone.LITERAL: "#3a6b3a",
    },
    COLOUR_BLIND.name: {
        Tone.DIM: "#808080",
        Tone.BRIGHT: "#ffffff",
        Tone.BETTER: "#56b4e9",
        Tone.WORSE: "#e69f00",
        Tone.WARNING: "#d55e00",
        Tone.ADDED: "#56b4e9",
        Tone.REMOVED: "#e69f00",
        Tone.SIDE_A: "#009e73",
        Tone.SIDE_B: "#cc79a7",
        Tone.SIDE_C: "#e69f00",
        Tone.SIDE_D: "#56b4e9",
        Tone.SIDE_E: "#f0e442",
        Tone.SIDE_F: "#d55e00",
        Tone.SIDE_G: "#d0d0d0",
        Tone.SIDE_H: "#0072b2",
        Tone.ACCENT: "#f0e442",
        Tone.KEYWORD: "#cc79a7",
        Tone.LITERAL: "#009e73",
    },
    ANSI.name: {
        Tone.BETTER: "ansi_bright_blue",
        Tone.WORSE: "ansi_yellow",
        Tone.WARNING: "ansi_yellow",
        Tone.ADDED: "ansi_bright_blue",
        Tone.REMOVED: "ansi_yellow",
        Tone.SIDE_A: "ansi_green",
        Tone.SIDE_B: "ansi_magenta",
        Tone.SIDE_C: "ansi_yellow",
        Tone.SIDE_D: "ansi_bright_blue",
        Tone.SIDE_E: "ansi_cyan",
        Tone.SIDE_F: "ansi_red",
        Tone.SIDE_G: "ansi_default",
        Tone.SIDE_H: "ansi_bright_black",
        Tone.ACCENT: "ansi_cyan",
        Tone.KEYWORD: "ansi_magenta",
        Tone.LITERAL: "ansi_green",
    },
}
TONE_COLOURS[RED_GREEN.name] = TONE_COLOURS[DARK.name] | {
    Tone.BETTER: "#5fd75f",
    Tone.WORSE: "#ff6b6b",
    Tone.ADDED: "#5fd75f",
    Tone.REMOVED: "#ff6b6b",
    Tone.SIDE_A: "#5fafff",
    Tone.SIDE_C: "#d7af5f",
    Tone.SIDE_D: "#5fd7af",
}
"""The colour of each tone; a tone without one has the terminal's own, dim or bold."""

THEMES = {"dark": DARK, "light": LIGHT, "colour-blind": COLOUR_BLIND, "red-green": RED_GREEN, "ansi": ANSI}
