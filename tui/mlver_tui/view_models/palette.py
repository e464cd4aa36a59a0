"""What the palette offers for what was typed: actions, versions, metrics, themes, and commands with arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice

from msgspec import Struct, field
from msgspec.structs import replace

from mlver.model.filtering import Completion
from mlver.model.nearest import did_you_mean, nearest_keys
from mlver_tui.view_models.text import cell_width
from mlver_tui.view_models.version_fields import called, metric_of

MOST_OFFERS = 40
"""More than a screen holds; who does not see what they want types on."""


class Spoken(Struct, frozen=True):
    """A command in words: `diff`, (`v1.1.0`, `production`). The verb `do` has the id of an action."""

    verb: str
    words: tuple[str, ...] = ()


class Offer(Struct, frozen=True, kw_only=True):
    """One line of the palette."""

    text: str
    """As it could be typed."""
    help: str = ""
    does: Spoken | None = None
    begins: str = ""
    """Chosen, it becomes the beginning of what is typed: a command that wants more words."""
    why_not: str = ""
    """Why it is disabled now."""
    mistake: str = ""
    """What is wrong with what was typed."""


class Deed(Struct, frozen=True, kw_only=True):
    """An action of the place, as the palette offers it."""

    id: str
    label: str
    help: str
    why_not: str = ""


class Known(Struct, frozen=True, kw_only=True, dict=True):
    """What can be named. Names are raw: they are made showable where they are drawn."""

    deeds: tuple[Deed, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    """Name -> what the version is about; names of stages and `latest` among them."""
    metrics: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    """What the list can be sorted by: `newest`, `metric.loss`."""
    themes: tuple[str, ...] = ()
    filters: Mapping[str, str] = field(default_factory=dict)
    """Name of a filter -> its words."""
    completed: Callable[[str], Completion] = lambda typed: Completion(len(typed), ())
    """What the last word of a filter may become."""

    @cached_property
    def searched(self) -> tuple[tuple[str, str], ...]:
        """The names of the versions in small letters, and as they are: made once, for each key searches them all."""
        return tuple((name.casefold(), name) for name in self.versions)


class Verb(Struct, frozen=True, kw_only=True):
    """A command that takes words."""

    usage: str
    help: str
    least: int = 1
    """How many words it wants at least."""
    most: int = 1
    names: Callable[[Known], Mapping[str, str]] = lambda known: known.versions
    """What a word may be, and what that is about."""
    is_closed: bool = False
    """Nothing else may be: versions can be named in ways that only git knows, themes cannot."""


_MANY = 50
_FILTER, _CURVES = "filter", "curves"

VERBS: Mapping[str, Verb] = {
    "go": Verb(usage="go V", help="Put the cursor on a version"),
    "diff": Verb(usage="diff A B", help="Compare versions; three or more side by side", least=2, most=_MANY),
    "base": Verb(usage="base V", help="Make a version the base A of deltas"),
    "mark": Verb(usage="mark V", help="Mark a version, or more of them", most=_MANY),
    _CURVES: Verb(usage="curves V", help="Show the curves of a version, or more of them overlaid", most=_MANY),
    "replay": Verb(usage="replay V", help="Show what a replay of a version would do; starts nothing"),
    "note": Verb(usage="note V", help="Write a note about a version in your editor; asks first"),
    "sort": Verb(
        usage="sort BY", help="Sort the list", names=lambda known: dict.fromkeys(known.orders, ""), is_closed=True
    ),
    _FILTER: Verb(usage="filter WORDS", help="Show only versions that pass", most=_MANY, names=lambda _known: {}),
    "theme": Verb(
        usage="theme NAME", help="Show these colours", names=lambda known: dict.fromkeys(known.themes, ""),
        is_closed=True,
    ),
}  # fmt: skip


def offers(typed: str, known: Known) -> list[Offer]:
    """What stands in the palette; never nothing: what cannot be understood is told."""
    verb, *words = typed.split() or [""]
    if verb in VERBS and words[:1] != ["of"]:  # `curves of loss` is about a metric
        words = words[1:] if words[:1] in (["to"], ["by"]) else words
        found = _of_filter(typed, known) if verb == _FILTER and words else _of_verb(verb, words, known)
        if words:
            return list(islice(found, MOST_OFFERS))
        # The action of that name needs no words: it is about what is under the cursor. Behind a space words are meant.
        named = [_deed(one) for one in known.deeds if typed == one.label and not one.why_not]
        return list(islice(_once((*named, *found, *_found(verb, known))), MOST_OFFERS))
    made = list(islice(_found(typed, known), MOST_OFFERS)) if verb else list(_all(known))
    return made or [Offer(text=typed.strip(), mistake=_nothing(typed, known))]


def _once(found: Iterable[Offer]) -> Iterator[Offer]:
    """Each line where it stands first: a command is found by its name, and again among all that has that word."""
    seen: set[Offer] = set()
    for one in found:
        if (said := replace(one, help="")) not in seen:
            seen.add(said)
            yield one


def completed_line(typed: str, lines: Sequence[str]) -> str:
    """The line that tab makes: the first; where that is typed whole, the next that goes on with its last word."""
    if not lines or lines[0].strip() != typed:
        return next(iter(lines), "")
    longer = (one for one in lines if one.startswith(typed) and one[len(typed) :].strip())
    # Another word would be another command.
    return next((one for one in longer if not one[len(typed)].isspace()), lines[0])


# A command with its words.


def _of_verb(name: str, words: list[str], known: Known) -> Iterator[Offer]:
    verb = VERBS[name]
    names = verb.names(known)
    if len(words) > verb.most:
        yield Offer(text=f"{name} {' '.join(words)}", mistake=f"too many words: {verb.usage}")
        return
    begun = list(_completed(name, words, names)) if words else []
    is_known = all(word in names for word in words)
    if verb.least <= len(words) and (is_known or not begun):
        yield _as_typed(name, words, names)
    yield from begun
    if verb.least <= len(words) and not is_known and begun and not verb.is_closed:
        yield _as_typed(name, words, names)
    if is_known and len(words) < verb.most:
        yield from _completed(name, [*words, ""], names)
    if len(words) < verb.least:
        begun_with = " ".join((name, *words))
        if is_known or begun:
            yield Offer(text=verb.usage, help=verb.help, begins=f"{begun_with} ")
        else:  # looked for at once: nobody types the next name behind one that is none
            yield Offer(text=begun_with, help=_not_listed(words, names), does=Spoken(name, tuple(words)))


def _of_filter(typed: str, known: Known) -> Iterator[Offer]:
    """The filter as it stands, and with its last word whole."""
    verb, _, words = typed.lstrip().partition(" ")
    words = words.lstrip()
    as_typed = Offer(text=f"{verb} {words.rstrip()}", help=VERBS[verb].help, does=Spoken(verb, tuple(words.split())))
    called_so = list(_matching(words.rstrip(), known.filters))
    named = [
        Offer(text=f"{verb} {name}", help=known.filters[name], does=Spoken(verb, (known.filters[name],)))
        for name in called_so
    ]
    # Typed whole, the name is meant; else what is typed is.
    yield from (*named, as_typed) if words.rstrip() in called_so else (as_typed, *named)
    completion = known.completed(words)
    for choice in completion.choices:
        text = f"{verb} {words[: completion.start]}{choice}"
        yield Offer(text=text, begins=text)


def _as_typed(name: str, words: Sequence[str], names: Mapping[str, str]) -> Offer:
    """The command as it stands; what is wrong with it, where that can be known here."""
    verb, text = VERBS[name], " ".join((name, *words))
    unknown = [word for word in words if word not in names]
    if unknown and verb.is_closed:
        near = did_you_mean(nearest_keys(unknown[0], names)) or f"one of {', '.join(islice(names, 5))}"
        return Offer(text=text, mistake=f"{unknown[0]} is none; {near}")
    said = verb.help if not unknown else _not_listed(words, names)
    return Offer(text=text, help=said, does=Spoken(name, tuple(words)))


def _not_listed(words: Iterable[str], names: Mapping[str, str]) -> str:
    """It may be a name all the same: of a commit, of a run."""
    return f"{', '.join(word for word in words if word not in names)}: not in the list; looked for in git"


def _completed(name: str, words: Sequence[str], names: Mapping[str, str]) -> Iterator[Offer]:
    """With the last word whole: those that begin so, then those that have it somewhere."""
    verb, before = VERBS[name], words[:-1]
    for one in _matching(words[-1], names):
        if one in words:
            continue
        made = (*before, one)
        text = " ".join((name, *made))
        if len(made) >= verb.least:
            yield Offer(text=text, help=names[one], does=Spoken(name, made))
        else:
            yield Offer(text=text, help=names[one] or verb.usage, begins=f"{text} ")


def _matching(start: str, names: Iterable[str]) -> list[str]:
    """Bounded: nobody reads thousands, and each costs a line."""
    wanted = start.casefold()
    folded = [(one.casefold(), one) for one in names]
    begin = list(islice((one for low, one in folded if low.startswith(wanted)), MOST_OFFERS))
    within = (one for low, one in folded if wanted in low and not low.startswith(wanted))
    return [*begin, *islice(within, MOST_OFFERS - len(begin))]


def name_cells(found: Iterable[Offer], width: int) -> int:
    """Cells of the column that the lines have in common; a line that is longer than half of the screen goes beyond."""
    widths = (cell_width(one.text) for one in found)
    return max((cells for cells in widths if cells <= width // 2), default=0)


# Some words of anything.


def _all(known: Known) -> Iterator[Offer]:
    """Nothing was typed yet: what can be done, then what takes words, then what cannot be done now."""
    yield from (_deed(one) for one in known.deeds if not one.why_not)
    yield from (Offer(text=verb.usage, help=verb.help, begins=f"{name} ") for name, verb in VERBS.items())
    yield from (_deed(one) for one in known.deeds if one.why_not)


def _found(typed: str, known: Known) -> Iterator[Offer]:
    words = typed.casefold().split()

    def has(text: str) -> bool:
        return all(word in text for word in words)

    deeds = [one for one in known.deeds if has(f"{one.id} {one.label} {one.help}".casefold())]
    # What is called so comes before what only tells of it.
    deeds.sort(key=lambda one: (bool(one.why_not), not has(f"{one.id} {one.label}".casefold())))
    verbs = [name for name, verb in VERBS.items() if has(f"{verb.usage} {verb.help}".casefold())]
    starting = [name for name in verbs if words and name.startswith(words[0])]
    yield from (_verb(name) for name in starting)
    yield from (_deed(one) for one in deeds if not one.why_not)
    yield from (_verb(name) for name in verbs if name not in starting)
    yield from (
        Offer(text=f"theme {name}", help="Show these colours", does=Spoken("theme", (name,)))
        for name in known.themes
        if has(f"theme {name}")
    )
    yield from (_order(one) for one in known.orders if has(f"sort by {called(one)}".casefold()))
    yield from (_curves(name) for name in known.metrics if has(f"curves of {name}".casefold()))
    found: Sequence[tuple[str, str]] = known.searched
    for word in words:
        if word not in "go to":
            found = [pair for pair in found if word in pair[0]]
    for _, name in found:
        yield Offer(text=f"go to {name}", help=known.versions[name], does=Spoken("go", (name,)))
    yield from (_deed(one) for one in deeds if one.why_not)


def _verb(name: str) -> Offer:
    return Offer(text=VERBS[name].usage, help=VERBS[name].help, begins=f"{name} ")


def _order(order: str) -> Offer:
    said = "Best first" if metric_of(order) else ""
    return Offer(text=f"sort by {called(order)}", help=said, does=Spoken("sort", (order,)))


def _curves(metric: str) -> Offer:
    return Offer(text=f"curves of {metric}", help="Of the marked versions, or this one", does=Spoken("see", (metric,)))


def _deed(one: Deed) -> Offer:
    return Offer(
        text=one.label, help=one.help, does=None if one.why_not else Spoken("do", (one.id,)), why_not=one.why_not
    )


def _nothing(typed: str, known: Known) -> str:
    word, *words = typed.split()
    if word == _CURVES and (metric := " ".join(words[1:])):
        near = (
            did_you_mean(nearest_keys(metric, known.metrics)) or f"there are {', '.join(known.metrics[:5]) or 'none'}"
        )
        return f"no metric is called {metric}; {near}"
    near = did_you_mean(nearest_keys(word, [*VERBS, *(one.label for one in known.deeds)]))
    return f"nothing is called so; {near or '? has the keys of this place'}"
