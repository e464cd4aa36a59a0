"""Writers at once, kills, full and read-only disks: nothing is lost and nothing half-written is ever named."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from pathlib import Path

import pytest

from mlver.errors import MlverError, ReadOnly, RefExists, StorageFull, StoreFailed
from mlver.model.person import Person
from mlver.store.locks import hold
from mlver.store.loose_objects import write_blob
from mlver.store.objects import ObjectStore
from mlver.store.snapshot import SnapshotRequest, take_snapshot
from mlver.store.trees import NewFile, commit_tree, tree_with
from tests.support.git import RepoBuilder

WRITERS = 16
REFS_EACH = 3
ROUNDS = 8


def create_refs(repo: RepoBuilder, writer: int, commit: str, wins: Connection) -> None:
    with repo.open() as repository:
        for number in range(REFS_EACH):
            repository.create_ref(f"refs/mlver/runs/digits/w{writer}-{number}", commit)
            try:
                repository.create_ref(f"refs/mlver/runs/contested/{number}", commit)
            except RefExists:
                continue
            wins.send(number)
    wins.close()


def record(repo: RepoBuilder, name: str, told: Connection) -> None:
    """What a recording writes, in its order."""
    os.setsid()
    told.send("ready")
    with repo.open() as repository:
        snap = take_snapshot(repository, SnapshotRequest())
        ObjectStore.of(repository).add(repo.folder / "weights.bin")
        files = {".mlver/version.yaml": f"run: {name}".encode(), "out/metrics.json": os.urandom(99)}
        tree = tree_with(repository, snap.tree, {path: NewFile(content=content) for path, content in files.items()})
        commit = commit_tree(repository, tree, [snap.head.commit or ""], "Record", Person(name="A", email="a@b"), 1)
        repository.create_ref(f"refs/mlver/runs/digits/{name}", commit)
    told.send("done")


def begin(target: Callable[..., None], *arguments: object) -> tuple[ForkProcess, Connection]:
    """Start a process of its own; what it tells comes through the connection."""
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=target, args=(*arguments, there))
    process.start()
    there.close()
    return process, here


def told(connection: Connection) -> list[object]:
    """All that was told, to the end."""
    heard = []
    with connection, suppress(EOFError):
        while True:
            heard.append(connection.recv())
    return heard


def test_sixteen_writers_beside_git_packing_lose_no_ref(repo: RepoBuilder) -> None:
    commit = repo.commit({"a": "1"})
    writers = [begin(create_refs, repo, number, commit) for number in range(WRITERS)]
    while any(process.is_alive() for process, _ in writers):
        subprocess.run(["git", "pack-refs", "--all", "--prune"], cwd=repo.folder, capture_output=True, check=False)
    wins = [number for _, connection in writers for number in told(connection)]

    assert [process.exitcode for process, _ in writers] == [0] * WRITERS
    names = {f"refs/mlver/runs/digits/w{writer}-{number}" for writer in range(WRITERS) for number in range(REFS_EACH)}
    contested = {f"refs/mlver/runs/contested/{number}" for number in range(REFS_EACH)}
    with repo.open() as repository:
        refs = repository.refs()
    assert {name for name in refs.ids if name.startswith("refs/mlver/")} == names | contested
    assert sorted(map(str, wins)) == ["0", "1", "2"]
    assert refs.problems == ()


def test_a_kill_at_any_moment_leaves_the_old_state_or_the_new(repo: RepoBuilder) -> None:
    repo.commit({"train.py": "1"})
    repo.write({"weights.bin": os.urandom(3_000_000), "train.py": "changed", "new.py": "x"})
    process, connection = begin(record, repo, "whole")
    assert connection.recv() == "ready"
    started = time.monotonic()
    assert told(connection) == ["done"]
    takes = time.monotonic() - started
    process.join()

    finished = {"refs/mlver/runs/digits/whole"}
    choose = random.Random(20)
    for number in range(ROUNDS):
        process, connection = begin(record, repo, str(number))
        assert connection.recv() == "ready"
        time.sleep(choose.uniform(0, takes * 1.1))
        with suppress(ProcessLookupError):
            os.killpg(process.pid or 0, signal.SIGKILL)
        if "done" in told(connection):
            finished.add(f"refs/mlver/runs/digits/{number}")
        process.join()

    with repo.open() as repository:
        refs = repository.refs()
        listed = {name for name in refs.ids if name.startswith("refs/mlver/")}
        assert finished <= listed
        assert refs.problems == ()
        for name in listed:
            files = [(file.path, repository.blob(file.id)) for file in repository.files(refs.ids[name])]
            assert (".mlver/version.yaml", b"run: " + name.rpartition("/")[2].encode()) in files
        store = ObjectStore.of(repository)
        for kept in store.folder.rglob("*"):
            if kept.is_file():
                store.place(kept.name, repo.folder.parent / "checked")
    assert repo.fsck() == ""
    assert told(begin(record, repo, "after")[1]) == ["ready", "done"]


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    folder.mkdir(exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no file system may be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def fill(folder: Path, leaving: int) -> Path:
    """Fill the disk but for some bytes; gives the file to remove to make room again."""
    ballast = folder / "ballast"
    room = os.statvfs(folder)
    ballast.write_bytes(bytes(room.f_bavail * room.f_frsize - leaving))
    return ballast


def test_a_full_disk_is_named_and_what_was_there_stays(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "8m"):
        repo = RepoBuilder.create(tmp_path / "disk")
        commit = repo.commit({"train.py": "1"})
        ballast = fill(tmp_path / "disk", 0)
        (tmp_path / "weights.bin").write_bytes(os.urandom(1 << 20))
        with repo.open() as repository:
            for attempt in (
                lambda: write_blob(repository, os.urandom(100_000)),
                lambda: ObjectStore.of(repository).add(tmp_path / "weights.bin"),
                lambda: take_snapshot(repository, SnapshotRequest(overrides={"new.bin": os.urandom(100_000)})),
                lambda: repository.create_ref("refs/mlver/runs/digits/r1", commit),
            ):
                with pytest.raises(StorageFull):
                    attempt()
            assert repository.read(commit, "train.py") == b"1"
            ballast.unlink()
            repository.create_ref("refs/mlver/runs/digits/r1", commit)
            assert repository.refs().ids["refs/mlver/runs/digits/r1"] == commit
        assert repo.fsck() == ""


def test_a_disk_that_fills_while_a_snapshot_is_written_is_named(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "8m"):
        repo = RepoBuilder.create(tmp_path / "disk")
        repo.commit({"train.py": "1"})
        repo.write({"train.py": "changed", "data.csv": os.urandom(1 << 20)})
        fill(tmp_path / "disk", 200_000)
        with repo.open() as repository, pytest.raises(StorageFull):
            take_snapshot(repository, SnapshotRequest(declared=("data.csv",)))

        assert repo.fsck() == ""
        assert not list((repo.folder / ".git/mlver/quarantine").iterdir())


def test_a_read_only_repository_can_be_read_and_says_so_when_written(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "8m"):
        repo = RepoBuilder.create(tmp_path / "disk")
        commit = repo.commit({"train.py": "1"})
        (tmp_path / "weights.bin").write_bytes(b"x")
        subprocess.run(["mount", "-o", "remount,ro", str(tmp_path / "disk")], check=True)
        with repo.open() as repository:
            for attempt in (
                lambda: write_blob(repository, b"new"),
                lambda: ObjectStore.of(repository).add(tmp_path / "weights.bin"),
                lambda: take_snapshot(repository, SnapshotRequest()),
                lambda: repository.create_ref("refs/mlver/runs/digits/r1", commit),
            ):
                with pytest.raises(ReadOnly):
                    attempt()
            with pytest.raises(ReadOnly), hold(repository.git_dir / "mlver/run.lock", "run", since=0):
                pass
            assert repository.read(commit, "train.py") == b"1"
            assert repository.signature()


def test_a_lock_that_stays_is_named_with_the_file_to_remove(repo: RepoBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlver.store.ref_writing._PATIENCE_S", 0.0)
    monkeypatch.setattr("mlver.store.ref_writing._OPTIONS", ())
    commit = repo.commit({"a": "1"})
    (repo.folder / ".git/refs/mlver").mkdir()
    (repo.folder / ".git/refs/mlver/x.lock").write_text("")

    with repo.open() as repository, pytest.raises(StoreFailed) as caught:
        repository.create_ref("refs/mlver/x", commit)

    assert "holds its lock" in caught.value.message
    assert "refs/mlver/x.lock" in caught.value.hint


def test_a_lock_that_passes_is_waited_for(repo: RepoBuilder) -> None:
    commit = repo.commit({"a": "1"})
    lock = repo.folder / ".git/refs/mlver/x.lock"
    lock.parent.mkdir()
    lock.write_text("")
    timer = threading.Timer(0.3, lock.unlink)
    timer.start()

    with repo.open() as repository:
        repository.create_ref("refs/mlver/x", commit)
        timer.join()

        with pytest.raises(RefExists):
            repository.create_ref("refs/mlver/x", commit)


def test_four_threads_read_while_git_repacks_under_them(repo: RepoBuilder) -> None:
    lines = "".join(f"line {number}\n" for number in range(300))
    commits = [repo.commit_in_ref(f"refs/mlver/runs/digits/{n}", {"v.yaml": f"{lines}{n}"}) for n in range(15)]
    failures: list[BaseException] = []
    stop = threading.Event()

    with repo.open() as repository:

        def read() -> None:
            while not stop.is_set():
                for number, commit in enumerate(commits):
                    try:
                        assert repository.read(commit, "v.yaml") == f"{lines}{number}".encode()
                    except (AssertionError, MlverError) as error:
                        failures.append(error)

        readers = [threading.Thread(target=read) for _ in range(4)]
        for reader in readers:
            reader.start()
        for arguments in (("gc", "--prune=now"), ("repack", "-a", "-d", "-f"), ("repack", "-A", "-d")):
            repo.git(*arguments, "--quiet")
            time.sleep(0.1)
        stop.set()
        for reader in readers:
            reader.join()

    assert failures == []


BROWSE = """
import os, sys
from pathlib import Path
seen = []
def watch(event, arguments):
    if event == "open":
        path, mode, flags = arguments
        seen.append(("open", os.fsdecode(path) if isinstance(path, (str, bytes)) else str(path), flags))
    elif event.startswith(("subprocess.", "os.exec", "os.posix_spawn", "os.fork", "os.system", "socket.")):
        seen.append((event, "", 0))
from mlver.store.repository import GitSettings, Repository
from mlver.store.objects import ObjectStore
from mlver.store.locks import holder_of, lock_of
sys.addaudithook(watch)
with Repository.open(Path(sys.argv[1]), GitSettings(environment=dict(os.environ))) as repository:
    repository.signature()
    refs = repository.refs()
    for object_id in refs.ids.values():
        commit = repository.commit(repository.peel(object_id))
        for file in repository.files(commit.id):
            repository.blob(file.id), repository.blob_size(file.id)
        list(repository.ancestors(commit.id, 100))
    repository.remote_url, repository.is_shallow
    ObjectStore.of(repository).has("0" * 64)
    holder_of(lock_of(repository))
writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
for event, path, flags in seen:
    print(event, "write" if flags & writing else "read", path)
"""


def start(repo: RepoBuilder, script: str, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", script, str(repo.folder), *arguments],
        env={**repo.settings.environment, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_browsing_starts_no_process_writes_nothing_and_reads_no_home(repo: RepoBuilder, tmp_path: Path) -> None:
    trap = f"touch {tmp_path}/ran"
    repo.write({".gitattributes": "* filter=trap diff=trap\n"})
    repo.commit({"train.py": "1"})
    repo.tag("v1", message="One")
    for key in (
        "filter.trap.smudge",
        "filter.trap.clean",
        "filter.trap.process",
        "core.fsmonitor",
        "diff.trap.textconv",
    ):
        repo.git("config", key, trap)
    repo.git("config", "include.path", str(tmp_path / "home" / "included"))
    (tmp_path / "home" / ".gitconfig").write_text("[user]\n name = x\n")

    output = start(repo, BROWSE).communicate()
    seen = [line.split(" ", 2) for line in output[0].decode().splitlines()]

    assert output[1] == b""
    assert len(seen) > 10
    assert {(event, mode) for event, mode, _ in seen} == {("open", "read")}
    assert [path for _, _, path in seen if path.startswith(str(tmp_path / "home"))] == []
    assert not (tmp_path / "ran").exists()


def test_after_gc_prune_and_fetch_prune_every_recorded_run_is_there(repo: RepoBuilder) -> None:
    repo.commit({"train.py": "1"})
    clone = repo.bare("server.git")
    repo.git("remote", "add", "origin", str(clone.folder))
    with repo.open() as repository:
        blob = write_blob(repository, b"only a run names this")
    run = repo.commit_in_ref("refs/mlver/runs/digits/r1", {"x": "only a run names this"})
    repo.git("gc", "--quiet", "--prune=now")
    repo.git("fetch", "--quiet", "--prune", "origin")

    with repo.open() as repository:
        assert repository.read(run, "x") == b"only a run names this"
        assert repository.has(blob)
