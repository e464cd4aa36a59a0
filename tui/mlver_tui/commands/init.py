"""`mlver init`: a first mlver.yaml, made by looking at the folder."""

from __future__ import annotations

from pathlib import Path

import click

from mlver.errors import BadArgument, MlverError, NotARepository, NothingFound, ReadOnly
from mlver.model.names import MODEL_NAME, PROJECT_FILE
from mlver_tui.commands.failures import FINE
from mlver_tui.commands.invocation import Invocation
from mlver_tui.view_models.spans import bright, dim, line


@click.command("init")
@click.option("--model", metavar="NAME", help="The model's name; else made from the folder's.")
@click.pass_obj
def command(invocation: Invocation, *, model: str | None) -> int:
    """Write a mlver.yaml for the project in this folder, by looking at its files. Never overwrites one."""
    from mlver_tui.commands.project_draft import drafted
    from mlver_tui.commands.project_folder import looked_at

    folder = invocation.folder.absolute()
    if model is not None and not MODEL_NAME.fullmatch(model):
        raise BadArgument(
            f"{model!r} cannot be a model's name",
            hint="lower-case letters, digits, - and / between them: digits, vision/ocr",
        )
    _refuse_without_repository(invocation)
    found = looked_at(folder)
    _write(folder / PROJECT_FILE, drafted(found, model))
    console = invocation.console
    console.show(line("wrote ", bright(console.glyphs.data(str(folder / PROJECT_FILE)))))
    first = "check mlver.yaml" if found.scripts else "name your training's command in mlver.yaml"
    then = "mlver run   trains and records the first version"
    console.say(*(line(dim("next: "), text) for text in (first, then)))
    return FINE


def _refuse_without_repository(invocation: Invocation) -> None:
    """Raises NotARepository before anything is written: nothing could be recorded here."""
    problem = f"{invocation.folder.absolute()} is in no git repository, where mlver keeps versions"
    outside = NotARepository(problem, hint="git init makes it one; then mlver init again")
    try:
        with invocation.open_project() as project:
            if not project.has_repository:
                raise outside
    except NotARepository as error:
        raise outside from error
    except MlverError:
        pass  # the repository has another problem, which the next command will tell


def _write(target: Path, text: str) -> None:
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise BadArgument(f"{target} is there already", hint="edit it, or move it away first") from error
    except FileNotFoundError as error:
        raise NothingFound(f"there is no folder {target.parent}") from error
    except OSError as error:
        raise ReadOnly(f"{target} cannot be written: {error.strerror}") from error
