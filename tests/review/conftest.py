"""Real repositories of git: a bare remote, clones and forks of it, each with commands of its own."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ARTICLE = "---\ntitle: A trip\ndate: 2018-02-19\n---\n\nUp and down again.\n"
JO = "author: Jo\ndate: 2018-02-20T09:00:00Z\nbody: |\n  Which way did you go?\n"
ADA = "author: Ada\ndate: 2018-02-20T10:00:00Z\nreply_to: jo\nbody: |\n  By the north ridge.\n"
CONFIG = "title: Notes\nbase_url: https://notes.example/\nauthor: Mona Lisa\n"
FOLDER = "comments/posts/trip"
WHO = {
    "GIT_AUTHOR_NAME": "t", "GIT_AUTHOR_EMAIL": "t@example.org", "GIT_COMMITTER_NAME": "t",
    "GIT_COMMITTER_EMAIL": "t@example.org", "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}  # fmt: skip


class Clone:
    """A working copy with a site in it."""

    def __init__(self, root: Path, cli) -> None:
        self.root = root
        self.run = cli

    def git(self, *arguments: str, stdin: bytes | None = None) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=self.root, check=True, capture_output=True,
            input=stdin, env={**os.environ, **WHO},
        )  # fmt: skip
        return done.stdout.decode().strip()

    def write(self, files: dict[str, str | bytes | None]) -> Clone:
        for path, text in files.items():
            place = self.root / path
            if text is None:
                place.unlink()
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text.encode() if isinstance(text, str) else text)
        return self

    def commit(self, files: dict[str, str | bytes | None], branch: str = "") -> Clone:
        if branch:
            self.git("checkout", "-q", "-b", branch)
        self.write(files)
        self.git("add", "--all")
        self.git("commit", "-q", "-m", "Change")
        return self

    def commit_raw(self, entries: list[tuple[str, str, bytes]]) -> Clone:
        """Commit (mode, path, content) without a file system, which would refuse some of them."""
        rows = b""
        for mode, path, content in entries:
            name = (
                content.decode()
                if mode == "160000"
                else self.git("hash-object", "-w", "--stdin", stdin=content)
            )
            rows += f"{mode} {name}\t".encode() + os.fsencode(path) + b"\0"
        self.git("update-index", "-z", "--index-info", stdin=rows)
        self.git("commit", "-q", "-m", "Raw")
        return self

    def cli(self, *arguments: str, **options):
        return self.run(*arguments, cwd=self.root, **options)

    def review(self, *arguments: str, **options):
        return self.cli("comments", "review", *arguments, **options)

    def clone(self, place: Path, *options: str) -> Clone:
        subprocess.run(
            ["git", "clone", "-q", *options, self.root.as_uri(), str(place)],
            check=True, capture_output=True, env={**os.environ, **WHO},
        )  # fmt: skip
        return Clone(place, self.run)


@pytest.fixture
def remote(tmp_path: Path, cli) -> Clone:
    """A bare repository of a site with an article, a comment and its answer."""
    work = Clone(tmp_path / "seed", cli)
    work.root.mkdir()
    work.git("init", "-q", "-b", "main")
    work.commit(
        {
            "config.yaml": CONFIG,
            "content/posts/trip.md": ARTICLE,
            f"{FOLDER}/jo.yaml": JO,
            f"{FOLDER}/ada.yaml": ADA,
        }
    )
    return work.clone(tmp_path / "remote.git", "--bare")


@pytest.fixture
def clone(remote: Clone, tmp_path: Path) -> Clone:
    """A clone of it."""
    return remote.clone(tmp_path / "clone")
