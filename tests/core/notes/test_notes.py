"""Notes in a real repository: what git reads, what two repositories make of each other's, what hostile ones are."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from msgspec.structs import replace

from mlver.errors import BadArgument, StoreFailed
from mlver.model.note import NOTES_REF, Note
from mlver.model.person import Person
from mlver.model.version import VersionRow
from mlver.notes.reading import NOTES_READ, NoteReader
from mlver.notes.writing import NoteRequest, add_note, planned_note
from mlver.store.repository import Repository
from tests.support.foreign_repos import opened, plain_files
from tests.support.git import FIRST_SECOND, RepoBuilder

ADA = Person(name="Ada Example", email="ada@example.org")


@pytest.fixture
def builder(tmp_path: Path) -> RepoBuilder:
    """A repository with one commit."""
    built = RepoBuilder.create(tmp_path)
    built.commit({"params.yaml": "lr: 0.1\n"})
    return built


@pytest.fixture
def repository(builder: RepoBuilder) -> Iterator[Repository]:
    with builder.open() as opened:
        yield opened


def note_on(commit: str, text: str, *, after: float = 0.0, **more: object) -> Note:
    row = VersionRow(key=f"{commit}/digits", source="plain", ref="refs/heads/main", commit=commit, model="digits")
    request = NoteRequest(
        row=row, text=text, author=ADA, when=FIRST_SECOND + after, randomness=text.encode()[:5].ljust(5, b"x")
    )
    return planned_note(replace(request, **more))


def head(builder: RepoBuilder) -> str:
    return builder.git("rev-parse", "HEAD")


def texts(repository: Repository, commit: str) -> list[str]:
    """What is noted of a commit, looked for among all notes and alone."""
    row = VersionRow(key=f"{commit}/digits", source="plain", ref="", commit=commit, model="digits")
    alone, reader = NoteReader(lambda: repository).of(row), NoteReader(lambda: repository)
    assert reader.read().of(row) == alone
    assert reader.of(row) == alone
    return [note.text for note in alone.notes]


def test_git_shows_what_was_noted(builder: RepoBuilder, repository: Repository) -> None:
    commit = head(builder)

    add_note(repository, note_on(commit, "Größer ist besser\nzweite Zeile"))
    add_note(repository, note_on(commit, "second", after=60))

    lines = builder.git("notes", "--ref=mlver", "show", commit).splitlines()
    assert [json.loads(line)["text"] for line in lines] == ["Größer ist besser\nzweite Zeile", "second"]
    assert "Größer" in lines[0]
    assert builder.git("log", "-1", "--format=%an <%ae>", NOTES_REF) == "Ada Example <ada@example.org>"
    builder.git("fsck", "--strict")


def test_what_was_noted_is_read_the_oldest_first(builder: RepoBuilder, repository: Repository) -> None:
    commit = head(builder)
    add_note(repository, note_on(commit, "later", after=60))
    add_note(repository, note_on(commit, "earlier"))

    assert texts(repository, commit) == ["earlier", "later"]


def test_a_union_of_two_clones_notes_has_both(builder: RepoBuilder, repository: Repository) -> None:
    commit = head(builder)
    add_note(repository, note_on(commit, "before"))
    other = RepoBuilder(builder.folder.parent / "clone", builder.home)
    builder.git("clone", "--quiet", str(builder.folder), str(other.folder))
    other.git("fetch", "--quiet", "origin", f"{NOTES_REF}:{NOTES_REF}")
    with other.open() as clone:
        add_note(clone, note_on(commit, "theirs", after=60))
    add_note(repository, note_on(commit, "ours", after=120))

    builder.git("fetch", "--quiet", str(other.folder), f"{NOTES_REF}:refs/notes/mlver-theirs")
    builder.git("notes", "--ref=mlver", "merge", "--quiet", "-s", "cat_sort_uniq", "mlver-theirs")

    assert texts(repository, commit) == ["before", "theirs", "ours"]
    lines = builder.git("notes", "--ref=mlver", "show", commit).splitlines()
    assert [json.loads(line)["text"] for line in lines] == ["before", "theirs", "ours"]


def test_notes_are_shared_by_the_commands_of_the_guide(builder: RepoBuilder) -> None:
    commit, origin = head(builder), builder.bare()
    guide = (Path(__file__).parents[3] / "docs" / "format.md").read_text().partition("## Notes")[2]
    recipe = [shlex.split(line)[1:] for line in guide.partition("```sh\n")[2].partition("```")[0].splitlines()]
    first_time = shlex.split(guide.partition("nothing to join: `")[2].partition("`")[0])[1:]
    clones = []
    for number, name in enumerate(("one", "other")):
        builder.git("clone", "--quiet", str(origin.folder), str(builder.folder.parent / name))
        clone = RepoBuilder(builder.folder.parent / name, builder.home)
        with clone.open() as opened_clone:
            add_note(opened_clone, note_on(commit, f"by {name}", after=60 * number))
        clones.append(clone)

    clones[0].git(*recipe[2])
    for arguments in recipe:
        clones[1].git(*arguments)
    for arguments in recipe:
        clones[0].git(*arguments)
    builder.git("remote", "add", "origin", str(origin.folder))
    builder.git(*first_time)

    for clone in (*clones, builder):
        with clone.open() as opened_clone:
            assert texts(opened_clone, commit) == ["by one", "by other"]


def test_notes_that_git_spread_over_folders_are_read_and_added_to(builder: RepoBuilder, repository: Repository) -> None:
    line = '{"id":"a","time":"2026-01-01T00:00:00.000Z","text":"spread"}\n'
    commit = head(builder)
    many = [commit, *(f"{number * 7919:040x}"[::-1] for number in range(1, 600))]
    files = {f"{one[:2]}/{one[2:]}": line for one in many}
    builder.commit_in_ref("refs/heads/spread", files)
    tree = builder.git("rev-parse", "refs/heads/spread^{tree}")
    builder.git("update-ref", NOTES_REF, builder.git("commit-tree", "-m", "spread", tree))

    add_note(repository, note_on(commit, "added"))

    assert texts(repository, commit) == ["spread", "added"]
    assert len(NoteReader(lambda: repository).read().by_commit) == 600
    assert f"{commit[:2]}/{commit[2:]}" in builder.git("ls-tree", "-r", "--name-only", NOTES_REF).splitlines()
    assert len(builder.git("notes", "--ref=mlver", "show", commit).splitlines()) == 2


def test_a_flat_tree_of_many_is_spread_on_and_git_reads_it_still(builder: RepoBuilder, repository: Repository) -> None:
    files = {f"{number:040x}": '{"id":"a","time":"2026-01-01T00:00:00.000Z","text":"old"}\n' for number in range(300)}
    builder.commit_in_ref("refs/heads/flat", files)
    tree = builder.git("rev-parse", "refs/heads/flat^{tree}")
    builder.git("update-ref", NOTES_REF, builder.git("commit-tree", "-m", "flat", tree))

    add_note(repository, note_on(head(builder), "new"))
    add_note(repository, note_on(f"{7:040x}", "more"))

    assert texts(repository, head(builder)) == ["new"]
    assert texts(repository, f"{7:040x}") == ["old", "more"]
    assert "new" in builder.git("notes", "--ref=mlver", "show", head(builder))


def test_writers_at_the_same_time_lose_nothing(builder: RepoBuilder) -> None:
    commit = head(builder)

    def write(number: int) -> None:
        with builder.open() as own:
            add_note(own, note_on(commit, f"{number} from somebody", after=number))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(12)))

    with builder.open() as opened:
        assert len(texts(opened, commit)) == 12


def test_a_line_that_is_no_note_is_said_and_kept(builder: RepoBuilder, repository: Repository) -> None:
    commit = head(builder)
    builder.git("notes", "--ref=mlver", "add", "-m", "a sentence of a person", commit)

    add_note(repository, note_on(commit, "ours"))

    got = NoteReader(lambda: repository).read().on(commit)
    assert [note.text for note in got.notes] == ["ours"]
    assert got.problems == (f"line 1 of the notes of {commit[:10]} is no note: it is no JSON",)
    assert "a sentence of a person" in builder.git("notes", "--ref=mlver", "show", commit)


def test_many_broken_lines_are_counted_not_listed(builder: RepoBuilder, repository: Repository) -> None:
    builder.git("notes", "--ref=mlver", "add", "-F", "-", head(builder), content=b"no note\n" * 50)

    got = NoteReader(lambda: repository).read().on(head(builder))

    assert len(got.problems) == 6
    assert got.problems[-1].startswith("45 more lines")


def test_only_so_many_notes_of_a_commit_are_read(builder: RepoBuilder, repository: Repository) -> None:
    lines = b"".join(
        b'{"id":"a%d","time":"2026-01-01T00:00:00.000Z","text":"x"}\n' % number for number in range(NOTES_READ + 1)
    )
    builder.git("notes", "--ref=mlver", "add", "-F", "-", head(builder), content=lines)

    got = NoteReader(lambda: repository).read().on(head(builder))

    assert len(got.notes) == NOTES_READ
    assert "the others are not read" in got.problems[0]


def test_the_notes_of_one_version_are_had_without_reading_the_others(
    builder: RepoBuilder, repository: Repository
) -> None:
    add_note(repository, note_on(head(builder), "one"))
    reader = NoteReader(lambda: repository)
    row = VersionRow(key="k", source="plain", ref="", commit=head(builder), model="digits")

    assert [note.text for note in reader.of(row).notes] == ["one"]

    assert not reader.is_at_hand


@pytest.mark.parametrize("what", ["blob", "nothing", "folders"])
def test_a_ref_that_holds_no_notes_is_said(builder: RepoBuilder, repository: Repository, what: str) -> None:
    made = {
        "blob": lambda: builder.git("hash-object", "-w", "--stdin", content=b"x"),
        "nothing": lambda: builder.git("commit-tree", "-m", "x", "HEAD^{tree}"),
        "folders": lambda: builder.git("commit-tree", "-m", "x", deep_tree(builder)),
    }[what]()
    (builder.git_dir / "refs/notes").mkdir()
    (builder.git_dir / NOTES_REF).write_text(made + "\n")

    book = NoteReader(lambda: repository).read()

    assert book.by_commit == {}
    assert bool(book.problems) == (what == "blob")
    row = VersionRow(key="k", source="plain", ref="", commit="ab" * 20, model="digits")
    assert bool(NoteReader(lambda: repository).of(row).problems) == (what == "blob")


def deep_tree(builder: RepoBuilder) -> str:
    """Folders of two digits, one in the other, for ever deeper than an id is long."""
    tree = builder.git("mktree", content=b"")
    for _ in range(40):
        tree = builder.git("mktree", content=b"040000 tree %s\tab\n" % tree.encode())
    return tree


def test_a_folder_where_the_notes_should_be_is_in_the_way(builder: RepoBuilder, repository: Repository) -> None:
    commit = head(builder)
    inner = builder.git("mktree", content=b"")
    tree = builder.git("mktree", content=f"040000 tree {inner}\t{commit}\n".encode())
    builder.git("update-ref", NOTES_REF, builder.git("commit-tree", "-m", "x", tree))

    with pytest.raises(StoreFailed, match="no place for a note"):
        add_note(repository, note_on(commit, "ours"))


def test_what_did_not_change_is_the_same_object(builder: RepoBuilder, repository: Repository) -> None:
    first = head(builder)
    second = builder.commit({"params.yaml": "lr: 0.2\n"})
    reader = NoteReader(lambda: repository)
    add_note(repository, note_on(first, "one"))
    before = reader.read()

    add_note(repository, note_on(second, "two"))

    assert reader.last() is before
    assert reader.read().on(first) is before.on(first)
    assert reader.last().on(second).notes


def test_the_signature_of_the_repository_changes_with_a_note(builder: RepoBuilder, repository: Repository) -> None:
    add_note(repository, note_on(head(builder), "one"))
    before = repository.signature()

    add_note(repository, note_on(head(builder), "two"))

    assert repository.signature() != before


def test_of_two_models_on_one_commit_each_has_its_own_notes(builder: RepoBuilder, repository: Repository) -> None:
    commit = head(builder)
    add_note(repository, note_on(commit, "ours", is_shared=True))
    add_note(repository, note_on(commit, "both", after=60))
    rows = [
        VersionRow(key=f"{commit}/{model}", source="plain", ref="", commit=commit, model=model)
        for model in ("digits", "parity")
    ]

    book = NoteReader(lambda: repository).read()

    assert [[note.text for note in book.of(row).notes] for row in rows] == [["ours", "both"], ["both"]]


def test_a_run_under_way_gets_its_commit_later() -> None:
    row = VersionRow(key="k", source="native", ref="r", commit="ab" * 20, model="digits", name="x", is_running=True)

    with pytest.raises(BadArgument, match="gets its commit at the end"):
        planned_note(NoteRequest(row=row, text="x", author=ADA, when=0, randomness=b"12345"))


def test_where_models_share_a_commit_a_note_is_about_the_one_that_is_meant(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    repo.commit(plain_files())
    repo.tag("eyes@v1.0.0", message="released")
    repo.tag("ears@v2.0.0", message="released")

    with opened(repo) as project:
        rows = {row.model: row for row in project.refresh().rows}
        project.write_note(project.plan_note(rows["eyes"], "blurred"))

        assert [note.text for note in project.notes_of(rows["eyes"]).notes] == ["blurred"]
        assert project.notes_of(rows["ears"]).notes == ()


def test_an_mlflow_run_can_have_no_note() -> None:
    row = VersionRow(key="mlflow/mlruns/ab", source="mlflow", ref="", commit="ab" * 16, model="digits", name="wise-owl")
    request = NoteRequest(row=row, text="x", author=ADA, when=0, randomness=b"12345")

    with pytest.raises(BadArgument, match="wise-owl can have no note: an MLflow run is no commit"):
        planned_note(request)
