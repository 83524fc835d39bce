"""Dates from git: one pass, honest about what it cannot know, and no stale page."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sitegen.build.history import read_history, standing

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git here")
CONFIG = "title: T\nbase_url: https://example.org/\ndates_from_git: true\n"
WHO = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")


def git(root: Path, *arguments: str, day: int = 1) -> None:
    date = f"2024-05-{day:02}T10:00:00Z"
    environment = {**os.environ, "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
    subprocess.run(
        ["git", *WHO, "-C", root, *arguments], env=environment, check=True, capture_output=True
    )


def commit(root: Path, day: int) -> None:
    git(root, "add", "content", "config.yaml")
    git(root, "commit", "-m", "x", day=day)


@pytest.fixture
def scratch(site: Callable[..., Any]) -> Any:
    """A site below the top of its repository, with one file that was changed and one that was not."""
    scratch = site(
        {
            "config.yaml": CONFIG,
            "content/ü b.md": "---\ntitle: A\n---\nText\n",
            "content/same.md": "---\ntitle: Same\n---\nText\n",
        }
    )
    git(scratch.root.parent, "init", "-q")
    commit(scratch.root, 1)
    scratch.write({"content/ü b.md": "---\ntitle: A\n---\nOther text\n"})
    commit(scratch.root, 3)
    return scratch


def test_the_last_change_of_a_file_is_that_of_its_newest_commit(scratch: Any) -> None:
    history = read_history(scratch.root)

    assert {path: str(date) for path, date in history.changes.items()} == {
        "content/ü b.md": "2024-05-03 10:00:00+00:00"
    }
    assert history.problems == ()


def test_a_page_says_when_it_was_changed(scratch: Any) -> None:
    assert scratch.messages() == []
    assert 'datetime="2024-05-03T10:00:00Z"' in scratch.text("ü-b/index.html")
    assert "datetime" not in scratch.text("same/index.html")


def test_a_commit_is_noticed_though_no_file_is_new(scratch: Any) -> None:
    scratch.build()
    scratch.write({"content/same.md": "---\ntitle: Same\n---\nNew text\n"})
    scratch.build()
    assert scratch.build().rendered == 0
    commit(scratch.root, 7)
    report = scratch.build()

    assert set(report.written.changed) == {"same/index.html", "sitemap.xml"}
    assert 'datetime="2024-05-07T10:00:00Z"' in scratch.text("same/index.html")


def test_what_the_file_says_counts_more(scratch: Any) -> None:
    scratch.write({"content/ü b.md": "---\ntitle: A\nupdated: 2024-01-01\n---\nOther text\n"})
    scratch.build()

    assert 'datetime="2024-01-01T00:00:00Z"' in scratch.text("ü-b/index.html")


def test_a_shallow_clone_says_so_and_tells_no_date_that_it_cannot_know(
    scratch: Any, tmp_path: Path
) -> None:
    address = f"file://{scratch.root.parent}"
    git(tmp_path, "clone", "-q", "--depth", "1", address, "clone")
    site = tmp_path / "clone" / scratch.root.name
    history = read_history(site)

    assert history.changes == {}
    assert [problem.message for problem in history.problems] == [
        "the history of git is cut off (a shallow clone), so some files seem never changed"
    ]
    before = standing(site)
    git(site, "fetch", "-q", "--unshallow")
    assert standing(site) != before
    assert read_history(site).changes == read_history(scratch.root).changes


def test_no_history_is_a_warning(site: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    scratch = site({"config.yaml": CONFIG})
    said = "`dates_from_git` needs the history of git, and there is none of this folder"

    assert scratch.messages() == [f"config.yaml:0:0: warning: {said}"]
    monkeypatch.setenv("PATH", "")
    assert scratch.messages() == [f"config.yaml:0:0: warning: {said}"]
