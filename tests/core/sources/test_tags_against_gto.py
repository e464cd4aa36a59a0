"""Holds the ledger to what the real GTO says of the same repository, key by key.

Meant differences, each with a test of its own here:

- GTO orders the moves of a stage by time; mlver by the number in the tag where there is one, for clocks disagree.
- GTO never takes a commit without a release out of a stage again (it makes a new version of each such move).
- GTO fails as a whole on `name@created` and on a commit with several releases of one model; mlver reads both.
- GTO says the id of the inner tag for a tag of a tag; mlver the commit.
- GTO hides what belongs to a deprecated model; mlver shows it and says that the model is deprecated.
- Of two registrations of one version, GTO lists both; mlver the newer.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from mlver.model.ledger import Ledger, LedgerEvent, Move
from mlver.model.standing import stages_by_place
from mlver.sources.tags import read_ledger
from tests.support.foreign_tools import tool, tool_environment
from tests.support.git import RepoBuilder
from tests.support.kept_tools import Answer, run_kept

GTO_WORDS = {
    "registration": Move.REGISTERED,
    "deregistration": Move.DEREGISTERED,
    "assignment": Move.ASSIGNED,
    "unassignment": Move.UNASSIGNED,
    "deprecation": Move.DEPRECATED,
}


class Registry:
    """A repository, GTO in it, and mlver's answer."""

    def __init__(self, repo: RepoBuilder) -> None:
        self.repo = repo

    def gto(self, *arguments: str, person: str = "Ada Example") -> str:
        """What GTO prints."""
        answer = self.run(*arguments, person=person)
        assert answer.code == 0, f"gto {' '.join(arguments)}: {answer.complained or answer.told}"
        return answer.told

    def run(self, *arguments: str, person: str = "Ada Example") -> Answer:
        """How GTO ends."""
        git = {"GIT_COMMITTER_NAME": person, "GIT_COMMITTER_EMAIL": f"{person[:3].lower()}@example.org"}
        return run_kept("gto", arguments, self.repo.folder, tool_environment(self.repo.home) | git)

    def said(self, *arguments: str) -> Any:
        """GTO's JSON."""
        return json.loads(self.gto(*arguments, "--json"))

    def hand(self, tag: str, target: str) -> None:
        """Somebody tags by hand, a minute after the tag before."""
        self.repo.commit(message=f"before {tag}")
        self.repo.tag(tag, target, message=f"By hand: {tag}")

    def ledger(self) -> Ledger:
        """What mlver reads."""
        with self.repo.open() as repository:
            return read_ledger(repository, repository.refs(), {}).ledger


@pytest.fixture(scope="session")
def made_with_gto(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """Three models; every kind of move, by two people."""
    tool("gto")
    registry = Registry(RepoBuilder.create(tmp_path_factory.mktemp("gto")))
    first, second, third, fourth = (registry.repo.commit({"a": str(number)}) for number in range(4))
    moves: tuple[tuple[str, ...], ...] = (
        ("register", "digits", first, "--version", "v1.0.0"),
        ("register", "parity", first, "--version", "v0.1.0"),
        ("register", "digits", second, "--bump-minor"),
        ("assign", "digits", "--version", "v1.0.0", "--stage", "production", "-m", "go\n\nlong reason"),
        ("assign", "digits", "--version", "v1.1.0", "--stage", "production"),
        ("assign", "digits", "--version", "v1.1.0", "--stage", "staging"),
        ("deprecate", "digits", "v1.1.0", "production"),
        ("assign", "src/nets:scaler", third, "--stage", "dev"),
        ("deprecate", "src/nets:scaler"),
        ("register", "parity", second, "--version", "v0.2.0"),
        ("assign", "parity", "--version", "v0.2.0", "--stage", "production"),
        ("deprecate", "parity", "v0.2.0"),
        ("assign", "digits", third, "--stage", "dev", "--skip-registration"),
        ("assign", "digits", fourth, "--stage", "canary"),
    )
    for number, move in enumerate(moves):
        registry.gto(*move, person="Grace Example" if number % 3 else "Ada Example")
    return registry


@pytest.fixture(scope="session")
def made_by_hand(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """Tags as people without GTO make them: plain `git tag`, the old form without numbers, lightweight ones."""
    tool("gto")
    registry = Registry(RepoBuilder.create(tmp_path_factory.mktemp("hand")))
    first, second, third, other = (registry.repo.commit({"a": str(number)}) for number in range(4))
    for tag, target in (
        ("digits@v1.0.0", first),
        ("digits#production", first),
        ("digits@v1.1.0", second),
        ("digits#production#1", second),
        ("digits#production!#2", second),
        ("digits#staging", second),
        ("digits#staging!", second),
        ("digits@v2.0.0-rc.2", third),
        ("digits@v2.0.0-rc.2!", other),  # not where it was registered: of no effect
        ("parity@v1.0.0", first),
        ("parity@v1.0.0!", first),
        ("parity@v1.0.0#2", first),
        ("old@v0.0.1", first),
        ("old@deprecated", first),
        ("old@v0.0.2", second),
        ("gone@v0.0.1", second),
        ("gone@deprecated#1", second),
    ):
        registry.hand(tag, target)
    for tag in ("digits@v9.0.0", "v1.0.0", "weird@!=#", "digits#"):
        registry.repo.tag(tag, first)
    return registry


@pytest.fixture(params=["made_with_gto", "made_by_hand"])
def registry(request: pytest.FixtureRequest) -> Registry:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Registry)
    return found


def test_the_history_is_that_of_gto(registry: Registry) -> None:
    told = registry.said("history", "--ascending")

    events = registry.ledger().events

    assert sorted(_as_gto(event) for event in events) == sorted(_history_line(line) for line in told)
    assert [event.made for event in events] == [datetime.fromisoformat(line["timestamp"]).timestamp() for line in told]


def test_the_highest_release_and_the_holders_are_those_of_gto(registry: Registry) -> None:
    ledger = registry.ledger()
    shown = registry.said("show", "--deprecated")

    for model, state in shown.items():
        releases = [event.version for event in ledger.releases if event.model == model]
        assert (releases[0] if releases else None) == state["version"], model
        holders = {event.stage: event.version or event.place for event in ledger.holders if event.model == model}
        assert holders == {stage: name for stage, name in state["stage"].items() if name}, model
    assert {event.model for event in ledger.events} == set(shown)
    assert {event.model for event in ledger.deprecated} == {name for name, one in shown.items() if not one["active"]}


def test_the_releases_of_each_model_are_those_of_gto(registry: Registry) -> None:
    ledger = registry.ledger()

    for model in {event.model for event in ledger.events} - {event.model for event in ledger.deprecated}:
        shown = [one for one in registry.said("show", model) if one["registrations"]]
        ours = [event for event in ledger.releases if event.model == model]
        assert [(one["version"], one["commit_hexsha"], one["ref"], one["author"], one["message"]) for one in shown] == [
            (one.version, one.place, one.tag, one.author.name, one.message) for one in ours
        ], model
        assert {(stage["stage"], one["commit_hexsha"], stage["ref"]) for one in shown for stage in one["stages"]} == {
            (one.stage, one.place, one.tag) for one in ledger.holders if one.model == model and one.version
        }, model


def test_gto_understands_each_tag_as_mlver_does(made_with_gto: Registry) -> None:
    event = next(event for event in made_with_gto.ledger().events if event.tag == "digits#staging#3")

    told = made_with_gto.said("check-ref", event.tag)

    assert (told["artifact"], told["version"], told["stage"]) == (event.model, event.version, event.stage)
    assert told["commit_hexsha"] == event.place


def _as_gto(event: LedgerEvent) -> tuple[str, ...]:
    move = next(word for word, known in GTO_WORDS.items() if known is event.move)
    version = "" if event.move is Move.DEPRECATED else event.version or event.place
    person = (event.author.name, event.author.email)
    return (event.tag, event.model, move, version, event.stage or "", event.place, *person, event.message)


def _history_line(line: dict[str, str | None]) -> tuple[str, ...]:
    keys = ("ref", "artifact", "event", "version", "stage", "commit", "author", "author_email", "message")
    return tuple(line[key] or "" for key in keys)


@pytest.fixture
def small(tmp_path: Path) -> Registry:
    """A repository for one difference."""
    tool("gto")
    return Registry(RepoBuilder.create(tmp_path))


def test_numbers_count_before_clocks(small: Registry) -> None:
    first, second = small.repo.commit({"a": "1"}), small.repo.commit({"a": "2"})
    small.hand("digits@v1.0.0", first)
    small.hand("digits@v2.0.0", second)
    small.hand("digits#prod#2", second)
    small.hand("digits#prod#1", first)  # by the clock the later one

    assert small.said("show")["digits"]["stage"] == {"prod": "v1.0.0"}
    assert stages_by_place(small.ledger()) == {(second, "digits"): ("prod",)}


def test_a_commit_without_a_release_leaves_a_stage(small: Registry) -> None:
    commit = small.repo.commit({"a": "1"})
    small.hand("digits#prod#1", commit)
    small.hand("digits#prod!#2", commit)

    assert small.said("show")["digits"]["stage"] == {"prod": commit}
    assert small.ledger().holders == ()


def test_a_commit_can_have_two_releases_of_one_model(small: Registry) -> None:
    commit = small.repo.commit({"a": "1"})
    for tag in ("digits@v1.0.0", "digits@v1.1.0", "digits#prod#1"):
        small.hand(tag, commit)

    assert small.run("show").code
    assert [event.version for event in small.ledger().holders] == ["v1.1.0"]


def test_a_model_can_be_created_without_a_release(small: Registry) -> None:
    small.hand("digits@created", small.repo.commit({"a": "1"}))

    assert small.run("show").code
    assert [(event.move, event.model) for event in small.ledger().events] == [(Move.CREATED, "digits")]


def test_of_two_registrations_of_one_version_the_newer_stands(small: Registry) -> None:
    first, second = small.repo.commit({"a": "1"}), small.repo.commit({"a": "2"})
    small.hand("digits@v1.0.0#1", first)
    small.hand("digits@v1.0.0#2", second)

    assert {one["commit_hexsha"] for one in small.said("show", "digits")} == {first, second}
    assert [event.place for event in small.ledger().releases] == [second]


def test_a_deprecated_model_is_shown_and_marked(small: Registry) -> None:
    small.hand("digits@v1.0.0", small.repo.commit({"a": "1"}))
    small.hand("digits@deprecated", "HEAD")

    assert small.said("show") == {}
    assert [event.tag for event in small.ledger().releases] == ["digits@v1.0.0"]
    assert [event.tag for event in small.ledger().deprecated] == ["digits@deprecated"]


def test_a_tag_of_a_tag_stands_for_the_commit(small: Registry) -> None:
    commit = small.repo.commit({"a": "1"})
    small.hand("inner", commit)
    small.hand("digits@v1.0.0", "inner")

    assert [event.place for event in small.ledger().releases] == [commit]
