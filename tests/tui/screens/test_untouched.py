"""Looking at a repository with the explorer changes nothing there and runs nothing of it."""

from __future__ import annotations

from pathlib import Path

from tests.support import foreign_repos
from tests.support.screens import opened, screen_lines, settled
from tests.support.trapped_repo import mark_of, trapped_repo, whole_tree


async def test_a_repository_that_would_notice_does_not_notice_the_explorer(tmp_path: Path) -> None:
    repo = trapped_repo(tmp_path)
    before = whole_tree((repo.folder, repo.home))

    with foreign_repos.opened(repo) as project:
        async with opened(project, size=(120, 40)) as pilot:
            shown = "\n".join(screen_lines(pilot))
            # Every tab of two details, two versions compared in every view, three side by side, a filter, a look again.
            for keys in (
                ("tab", "tab", "tab", "tab", "tab", "j", "tab", "tab"),
                ("d", "1", "2", "3", "4", "5", "6", "7", "8", "enter", "escape", "escape"),
                ("space", "j", "space", "j", "space", "d", "escape"),
                ("slash", *"main", "enter", "escape"),
                ("R", "question_mark", "escape"),
            ):
                for key in keys:
                    await pilot.press(key)
                    await settled(pilot)
            screen_lines(pilot)

    assert "tame-eel" in shown
    after = whole_tree((repo.folder, repo.home))
    assert {name: after[name] for name in before} == before
    assert after.keys() - before.keys() == {str(repo.git_dir / "mlver")}
    assert not mark_of(repo).exists()
