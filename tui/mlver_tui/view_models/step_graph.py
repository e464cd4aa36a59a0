"""The pipeline of one version: its steps in lanes, and below each the files that go in and come out."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence

from msgspec import Struct

from mlver.model.change import Kind
from mlver.model.manifest import FileFact, Manifest, StepFacts
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.lanes import lanes_of
from mlver_tui.view_models.numbers import duration
from mlver_tui.view_models.spans import Line, Span, Tone, bright, dim, fitted, line, spread
from mlver_tui.view_models.text import cut_start

MOST_FILES = 8
"""Of a step, in and out each; a folder of a thousand images is no graph."""
_LEAST_LANES, _LANES_SHARE = 3, 4
_MARGIN = 2


class Flow(Struct, frozen=True):
    """Which step reads what which other step made."""

    makers: Mapping[tuple[str, str], tuple[str, ...]]
    """(step, input) -> the steps that made it."""
    readers: Mapping[tuple[str, str], tuple[str, ...]]
    """(step, output) -> the steps that read it."""

    def after(self, step: str) -> tuple[str, ...]:
        """The steps that read anything this one made."""
        return tuple(dict.fromkeys(one for (maker, _), found in self.readers.items() if maker == step for one in found))

    def before(self, step: str) -> set[str]:
        """The steps that made anything this one reads."""
        return {one for (reader, _), found in self.makers.items() if reader == step for one in found}


class StepGraph(Struct, frozen=True, kw_only=True):
    """What a graph is drawn from."""

    manifest: Manifest
    differing: Collection[str] = ()
    """Names of the steps that differ from another version's."""
    first: str = ""
    """The first of them."""
    why: str = ""
    """Why that one does; unsanitised."""


def flow_of(steps: Sequence[StepFacts]) -> Flow:
    """Which step reads what which other step made: the file itself, its folder, or a file within it."""
    made: dict[str, list[tuple[str, str]]] = {}
    """Path of an output, and of each folder above it -> the outputs there."""
    for step in steps:
        for path in (fact.path.rstrip("/") for fact in step.outputs):
            for place in (path, *_folders(path)):
                made.setdefault(place, []).append((step.name, path))
    makers: dict[tuple[str, str], dict[str, None]] = {}
    readers: dict[tuple[str, str], dict[str, None]] = {}
    for step in steps:
        for fact in step.inputs:
            path = fact.path.rstrip("/")
            above = (output for folder in _folders(path) for output in made.get(folder, ()) if output[1] == folder)
            for output in (*made.get(path, ()), *above):
                if output[0] != step.name:
                    makers.setdefault((step.name, fact.path), {})[output[0]] = None
                    readers.setdefault(output, {})[step.name] = None
    return Flow(
        makers={place: tuple(names) for place, names in makers.items()},
        readers={place: tuple(names) for place, names in readers.items()},
    )


def _folders(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def in_order(steps: Sequence[StepFacts], flow: Flow) -> tuple[StepFacts, ...]:
    """What makes before what reads, else as they were recorded; in a circle as they were recorded."""
    left = {step.name: step for step in steps}
    needs = {step.name: flow.before(step.name) for step in steps}
    ordered: list[StepFacts] = []
    while left:
        name = next((one for one in left if not needs[one] & left.keys()), next(iter(left)))
        ordered.append(left.pop(name))
    return tuple(ordered)


def step_graph_lines(graph: StepGraph, width: int, glyphs: Glyphs = UNICODE) -> list[Line]:
    """The steps from what makes to what reads, each with its files."""
    flow = flow_of(graph.manifest.steps)
    steps = in_order(graph.manifest.steps, flow)
    if not steps:
        return [line("  ", dim("nothing is known of the steps that made it"))]

    def ways(name: Hashable) -> tuple[str, ...]:
        return flow.after(str(name))

    lanes = lanes_of([step.name for step in steps], ways)
    shown = min(lanes.width, max(_LEAST_LANES, width // _LANES_SHARE // 2))
    lines: list[Line] = []
    for index, step in enumerate(steps):
        left, node, right = lanes.text(index, glyphs.mark, shown, glyphs)
        head = (Span(" " * _MARGIN), dim(left), bright(node), dim(right), *_name(graph, step, glyphs))
        lines.append(spread(head, line(dim(_took(step))), width))
        below = dim(" " * _MARGIN + lanes.below(index, shown, glyphs))
        lines += [fitted((below, *one), width) for one in _files(step, flow, width - 2 * shown - _MARGIN, glyphs)]
    return lines


def _name(graph: StepGraph, step: StepFacts, glyphs: Glyphs) -> Line:
    sign: Line = ()
    if graph.differing or graph.first:
        differs = step.name in graph.differing or step.name == graph.first
        kind = Kind.CHANGED if differs else Kind.SAME
        sign = (Span(glyphs.kind[kind], Tone.ACCENT if kind is Kind.CHANGED else Tone.DIM), Span(" "))
    why = dim(f"  {glyphs.remark(graph.why)}") if step.name == graph.first and graph.why else Span("")
    return (*sign, bright(glyphs.data(step.name)), why)


def _took(step: StepFacts) -> str:
    failed = f", exit {step.exit}" if step.exit else ""
    return f"{duration(step.wall_s)}{failed} " if step.wall_s is not None else ""


def _files(step: StepFacts, flow: Flow, width: int, glyphs: Glyphs) -> Iterator[Line]:
    ins = [(fact, _named("from", flow.makers.get((step.name, fact.path), ()), glyphs)) for fact in step.inputs]
    outs = [
        (fact, _named("to", flow.readers.get((step.name, fact.path.rstrip("/")), ()), glyphs)) for fact in step.outputs
    ]
    for word, files in (("in ", ins), ("out", outs)):
        # What leads to another step is what a graph is for: it comes first.
        ordered = sorted(files, key=lambda pair: not pair[1])
        for fact, where in ordered[:MOST_FILES]:
            yield _file(word, fact, where, width, glyphs)
        if (more := len(files) - MOST_FILES) > 0:
            yield line(dim(f"  {word} +{more} more"))


def _file(word: str, fact: FileFact, where: str, width: int, glyphs: Glyphs) -> Line:
    head = f"  {word} "
    room = max(8, width - len(head) - len(where) - 2)
    return line(dim(head), cut_start(glyphs.data(fact.path), room), dim(f"  {where}" if where else ""))


def _named(word: str, steps: Sequence[str], glyphs: Glyphs) -> str:
    return f"{word} {', '.join(map(glyphs.data, steps))}" if steps else ""
