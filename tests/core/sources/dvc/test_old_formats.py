"""What older versions of DVC wrote is read, whether DVC 3 still takes it or not."""

from __future__ import annotations

from tests.support.dvc_versions import artifact_at, old_files, read_dvc
from tests.support.git import RepoBuilder


def test_pointers_of_dvc_0_x_are_steps_and_data(repo: RepoBuilder) -> None:
    old = old_files("pointers-0.35")
    files = {"data.csv.dvc": old["data.csv.dvc"], "pipe/model.pkl.dvc": old["model.pkl.dvc"], "Dvcfile": old["Dvcfile"]}
    repo.commit({**files, "code/auc.json": '{"AUC": 0.75}', "auc.txt": "0.5\n"})
    repo.tag("v1")

    with read_dvc(repo) as reading:
        manifest = reading.manifest("v1")

    assert manifest.notes == ()
    steps = {step.name: step for step in manifest.steps}
    assert steps["pipe/model.pkl.dvc"].run == "python train.py --lr 0.1"
    assert steps["pipe/model.pkl.dvc"].cwd == "code"
    assert [one.path for one in steps["pipe/model.pkl.dvc"].inputs] == ["data.csv", "code/train.py"]
    assert steps["Dvcfile"].inputs[0].checksum == "md5-dos2unix:11d8b2f2a6e1c0f9e3d4b5a697887766"
    assert [one.path for one in manifest.data] == ["data.csv"]
    assert {name: metric.value for name, metric in manifest.metrics.items()} == {"value": 0.5, "AUC": 0.75}
    assert artifact_at(manifest, "code/model.pkl").step == "pipe/model.pkl.dvc"


def test_locks_without_stages_are_read(repo: RepoBuilder) -> None:
    for name in ("lock-1", "lock-old"):
        repo.commit({**old_files("lock-1"), **old_files(name), "params.yaml": "lr: 0.1\n"})
        repo.tag(name)

    with read_dvc(repo) as reading:
        manifests = [reading.manifest(name) for name in ("lock-1", "lock-old")]

    for manifest in manifests:
        assert manifest.notes == ()
        (step,) = manifest.steps
        assert step.inputs[0].checksum == "md5-dos2unix:196a322c107c2572335158503c64bfba.dir"
        assert [one.path for one in manifest.artifacts] == ["model.pkl"], "a step that dvc.yaml has not is of the past"


def test_without_dvc_yaml_the_lock_says_all(repo: RepoBuilder) -> None:
    files = old_files("lock-1")
    repo.commit({"sub/dvc.lock": files["dvc.lock"]})
    repo.tag("v1")

    with read_dvc(repo) as reading:
        manifest = reading.manifest("v1")

    assert [step.name for step in manifest.steps] == ["sub/dvc.yaml:train", "sub/dvc.yaml:long_gone"]
    assert manifest.params == {"lr": 0.1}
    assert manifest.notes == ("sub/params.yaml: declared, not in git; params are those of dvc.lock",)


def test_a_hash_with_and_without_its_scheme_is_not_the_same(repo: RepoBuilder) -> None:
    files = old_files("lock-1")
    new = files["dvc.lock"].replace("  - path: model.pkl\n", "  - path: model.pkl\n    hash: md5\n")
    repo.commit(files)
    repo.tag("old")
    repo.commit({"dvc.lock": new})
    repo.tag("new")

    with read_dvc(repo) as reading:
        old, now = (artifact_at(reading.manifest(name), "model.pkl").digest for name in ("old", "new"))

    assert (old, now) == ("md5-dos2unix:9dd4e461268c8034f5c8564e155c67a6", "md5:9dd4e461268c8034f5c8564e155c67a6")


def test_files_of_a_cloud_are_known_one_by_one(repo: RepoBuilder) -> None:
    repo.commit(old_files("clouds"))
    repo.tag("v1")

    with read_dvc(repo) as reading:
        manifest = reading.manifest("v1")
        members = reading.source.members(reading.place("v1"), artifact_at(manifest, "images"))

    data = {one.path: one for one in manifest.data}
    assert data["images"].files == 2
    assert data["images"].size == 58
    assert [one.path for one in members or ()] == ["images/train/cats/cat.1.jpg", "images/train/dogs/dog.1.jpg"]
    assert manifest.notes == ("versioned.dvc:17: outs[0].files[2]: ../../etc/passwd leads out of its folder; left out",)
    assert data["fetched.bin"].checksum == "etag:d41d8cd98f00b204e9800998ecf8427e"
    assert data["fetched.bin"].source == "s3://bucket/raw/fetched.bin"


def test_an_import_says_where_from_without_the_password(repo: RepoBuilder) -> None:
    repo.commit(old_files("clouds"))
    repo.tag("v1")

    with read_dvc(repo) as reading:
        (imported,) = [one for one in reading.manifest("v1").data if one.path == "imported.csv"]

    assert imported.source == "https://example.org/team/data.git:data/table.csv"
    assert imported.snapshot == "9c73963ba1ea2b2e2b8a2d5fca55ba19b9b1f3e4"


def test_an_import_that_was_not_fetched_is_known_by_its_source(repo: RepoBuilder) -> None:
    pointer = (
        "deps:\n- etag: '\"5f\"'\n  size: 95\n  path: https://example.org/a.csv\nouts:\n- path: a.csv\n  hash: md5\n"
    )
    repo.commit({"a.csv.dvc": pointer})
    repo.tag("v1")

    with read_dvc(repo) as reading:
        (imported,) = reading.manifest("v1").data

    assert (imported.path, imported.checksum, imported.size) == ("a.csv", 'etag:"5f"', 95)
    assert imported.source == "https://example.org/a.csv"
