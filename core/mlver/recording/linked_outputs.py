"""Products that would lie behind a link: refused before the run, for what is recorded must lie in the working tree.

A link in a product's place would be moved out of the way like an old product, and the step would fill up this disk
where the user wanted another; one above it may lead out of the repository, where nothing is recorded or put back.
"""

from __future__ import annotations

import os
from pathlib import Path

from mlver.capture.expanding import fixed_part
from mlver.errors import RunRefused
from mlver.recording.layout import Layout


def refuse_linked_outputs(top: Path, layout: Layout) -> None:
    """Raises RunRefused, naming step, product and where the link leads."""
    root = top.resolve()
    for step in layout.project.steps:
        for pattern in layout.products_of(step):
            place = top / (pattern if os.path.lexists(top / pattern) else fixed_part(pattern))
            target = Path(os.path.realpath(place))
            if (place.is_symlink() and target.is_dir()) or not target.is_relative_to(root):
                raise RunRefused(
                    f"step {step.name}: {layout.relative(pattern)} lies behind a link, in {target}: "
                    "what a step makes must lie in the working tree itself",
                    hint="put a folder in the link's place, or let mlver run --isolated make it in a folder of its own",
                )
