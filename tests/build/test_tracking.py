"""What builds remember has no place in git, and whoever put it there is told."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git here")
FILES = {"content/a.md": "---\ntitle: A\ndate: 2018-02-19\n---\nText\n"}
WHO = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
TOLD = (
    ".sitegen: warning: git keeps this folder, so a pull request could change pages by it that nobody sees\n"
    "  hint: run `git rm -r --cached .sitegen`, and add `/.sitegen/` to .gitignore\n"
)


def git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", root, *arguments], check=True, capture_output=True)


def test_a_memory_in_git_is_told_until_it_has_left(site: Any) -> None:
    box = site(FILES)
    git(box.root, "init", "-q")
    assert box.cli("build").stderr == ""
    assert box.cli("check").stderr == ""

    git(box.root, "add", "--force", ".sitegen")
    git(box.root, *WHO, "commit", "-m", "x")
    assert box.cli("check").stderr.startswith(TOLD)
    box.write({"content/a.md": FILES["content/a.md"] + "More\n"})
    assert TOLD in box.cli("build").stderr
    assert box.cli("check", "--strict").returncode == 1

    git(box.root, "rm", "-q", "-r", "--cached", ".sitegen")
    assert box.cli("check").stderr == ""
    assert box.cli("build").stderr == ""


def test_a_site_below_the_top_of_its_repository_is_looked_at_too(site: Any) -> None:
    box = site(FILES)
    git(box.root.parent, "init", "-q")
    box.cli("build")
    git(box.root, "add", "--force", ".sitegen")

    assert box.cli("check").stderr.startswith(TOLD)


def test_without_git_there_is_nothing_to_tell(site: Any, tmp_path: Path) -> None:
    box = site(FILES)

    assert box.cli("build", PATH=str(tmp_path)).stderr == ""
