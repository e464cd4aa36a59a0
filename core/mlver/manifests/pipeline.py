"""What the steps of a pipeline must be to each other: one maker per file, and no input from the future."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from mlver.manifests.shapes import At, Misshapen
from mlver.model.project_file import Step


def pipeline_warnings(steps: Sequence[Step], at: At) -> list[str]:
    """What is odd but may be meant. Raises Misshapen, at the key, for a pipeline that cannot be right."""
    made = [(index, key, product) for index, step in enumerate(steps) for key, product in _products(step)]
    for place, latest in enumerate(made):
        _refuse_second_maker(steps, made[:place], latest, at)
    notes = []
    for index, step in enumerate(steps):
        for given in step.inputs:
            for maker, _key, product in made:
                if maker >= index:
                    notes += _future(steps, (index, given), (maker, product), at)
    return notes


def refuse_losing(steps: Sequence[Step], own: Iterable[str], at: At) -> None:
    """Raises Misshapen, at the key, when a product is or holds one of the files that say what the run is.

    Old products are moved out of the way before their step, and no product is part of the snapshot.
    """
    files = tuple(dict.fromkeys(own))
    for step in steps:
        for key, product in _products(step):
            for file in files:
                if stands_for(product, file):
                    problem = f"{product} is or holds {file}, which the run is described by and no step may make"
                    hint = "give what the step makes a folder or a name of its own"
                    raise Misshapen(problem, ((at, step.name), key), hint=hint)


def stands_for(given: str, file: str) -> bool:
    """Whether a path, a folder or a glob stands for the file; `*` stays within one name, `**` crosses folders."""
    pattern = posixpath.normpath(given).split("/")
    if pattern == ["."]:
        return True
    reached = _onward(pattern, {0})
    for name in posixpath.normpath(file).split("/"):
        if len(pattern) in reached:
            return True
        stay = {place for place in reached if pattern[place] == "**"}
        go = {place + 1 for place in reached if name == pattern[place] or fnmatchcase(name, pattern[place])}
        reached = _onward(pattern, stay | go)
    return len(pattern) in reached


def _onward(pattern: Sequence[str], places: set[int]) -> set[int]:
    """The places in the pattern, and those behind a `**`, which may be no folder at all."""
    found = set(places)
    for place, part in enumerate(pattern):
        if place in found and part == "**":
            found.add(place + 1)
    return found


def _products(step: Step) -> Iterator[tuple[str, str]]:
    """Key and path of everything a step makes."""
    yield from (("outputs", path) for path in step.outputs)
    yield from (("metrics", path) for path in step.metrics)
    for key, path in (("history", step.history), ("predictions", step.predictions)):
        if path:
            yield key, path


def _refuse_second_maker(
    steps: Sequence[Step], earlier: Sequence[tuple[int, str, str]], made: tuple[int, str, str], at: At
) -> None:
    index, key, product = made
    for maker, _key, other in earlier:
        if maker != index and (_holds(other, product) or _holds(product, other)):
            problem = f"{product} is made by step {steps[maker].name} already"
            raise Misshapen(problem, ((at, steps[index].name), key), hint="every file has one step that makes it")


def _future(steps: Sequence[Step], given: tuple[int, str], made: tuple[int, str], at: At) -> list[str]:
    """Refuses an input that is made by its own step or a later one; warns of a folder that holds such a file."""
    (index, wanted), (maker, product) = given, made
    step, other = steps[index].name, steps[maker].name
    if _holds(product, wanted):
        who = "this step itself" if maker == index else f"step {other}, which runs later"
        hint = "steps run in the order of the file; an input is there before its step starts"
        raise Misshapen(f"{wanted} is made by {who}", ((at, step), "inputs"), hint=hint)
    if _holds(wanted, product):
        return [f"steps.{step}.inputs: {wanted} holds {product}, which step {other} makes"]
    return []


def _holds(outer: str, inner: str) -> bool:
    """Whether a file, folder or glob is or holds the other path."""
    one, two = posixpath.normpath(outer), posixpath.normpath(inner)
    return one in {".", two} or two.startswith(f"{one}/") or fnmatchcase(two, one)
