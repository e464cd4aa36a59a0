from __future__ import annotations

from pathlib import Path

from mlver.recording.aside import Aside


def test_what_was_taken_comes_back_where_its_place_is_free(tmp_path: Path) -> None:
    top = tmp_path / "top"
    (top / "models").mkdir(parents=True)
    (top / "models" / "old.bin").write_text("old")
    (top / "models" / "kept.bin").write_text("old")
    aside = Aside(tmp_path / "aside", top)

    aside.take(["models/old.bin", "models/kept.bin"])
    (top / "models" / "kept.bin").write_text("new")
    restored = aside.restore()

    assert restored == ("models/old.bin",)
    assert (top / "models" / "old.bin").read_text() == "old"
    assert (top / "models" / "kept.bin").read_text() == "new"
    assert not (tmp_path / "aside").exists()


def test_another_process_restores_what_a_killed_one_left(tmp_path: Path) -> None:
    top = tmp_path / "top"
    top.mkdir()
    (top / "a").write_text("1")
    Aside(tmp_path / "aside", top).take(["a"])

    assert not (top / "a").exists()
    assert Aside(tmp_path / "aside", top).restore() == ("a",)
    assert (top / "a").read_text() == "1"


def test_a_dangling_link_is_in_the_way(tmp_path: Path) -> None:
    top = tmp_path / "top"
    top.mkdir()
    (top / "a").write_text("1")
    aside = Aside(tmp_path / "aside", top)
    aside.take(["a"])
    (top / "a").symlink_to("nowhere")

    assert aside.restore() == ()
    assert (top / "a").is_symlink()


def test_a_run_that_did_not_end_well_gives_the_old_file_its_place_back_and_loses_nothing(tmp_path: Path) -> None:
    top = tmp_path / "top"
    (top / "models").mkdir(parents=True)
    (top / "models" / "a.bin").write_text("good")
    (top / "models" / "b.bin").write_text("good")
    aside = Aside(tmp_path / "aside", top)
    aside.take(["models/a.bin", "models/b.bin"])
    (top / "models" / "a.bin").write_text("half")

    assert aside.restore(replace=True) == ("models/a.bin", "models/b.bin")

    assert (top / "models" / "a.bin").read_text() == "good"
    assert (aside.overtaken / "models" / "a.bin").read_text() == "half"


def test_a_file_where_the_folder_was_is_in_the_way(tmp_path: Path) -> None:
    top = tmp_path / "top"
    (top / "models").mkdir(parents=True)
    (top / "models" / "a.bin").write_text("good")
    aside = Aside(tmp_path / "aside", top)
    for replace, restored in ((False, ()), (True, ("models/a.bin",))):
        (top / "models").mkdir(exist_ok=True)
        (top / "models" / "a.bin").write_text("good")
        aside.take(["models/a.bin"])
        (top / "models").rmdir()
        (top / "models").write_text("a file")

        assert aside.restore(replace=replace) == restored
        if not replace:
            (top / "models").unlink()

    assert (top / "models" / "a.bin").read_text() == "good"
    assert (aside.overtaken / "models").read_text() == "a file"


def test_a_link_to_a_folder_comes_back_as_the_link_it_was(tmp_path: Path) -> None:
    top, scratch = tmp_path / "top", tmp_path / "scratch"
    top.mkdir()
    scratch.mkdir()
    (scratch / "theirs").write_text("theirs")
    (top / "models").symlink_to(scratch)
    aside = Aside(tmp_path / "aside", top)
    aside.take(["models"])

    assert aside.restore() == ("models",)

    assert (top / "models").readlink() == scratch
    assert (scratch / "theirs").read_text() == "theirs"


def test_a_link_whose_place_is_taken_is_kept(tmp_path: Path) -> None:
    top = tmp_path / "top"
    top.mkdir()
    (top / "models").symlink_to(tmp_path)
    aside = Aside(tmp_path / "aside", top)
    for _again in range(2):
        aside.take(["models"])
        (top / "models").mkdir()
        (top / "models" / "new").write_text("new")
        assert aside.restore() == ()
        assert (top / "models" / "new").read_text() == "new"
        (top / "models" / "new").unlink()
        (top / "models").rmdir()
        (top / "models").symlink_to(tmp_path)

    assert aside.overtaken.joinpath("models").readlink() == tmp_path
    assert not (tmp_path / "aside").exists()
