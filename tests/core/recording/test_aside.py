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
