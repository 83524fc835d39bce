"""A commit or a folder -> the files that it holds, read only when asked for, many at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

import msgspec

from sitegen import disk, git
from sitegen.errors import SiteError
from sitegen.sources import strict_yaml

LIMIT = 1_000_000  # bytes of an article's file; a comment's has its own limit, which is lower
COMMENT_LIMIT = strict_yaml.STRANGERS.size


class Snapshot(Protocol):
    """The files of a site at one moment."""

    @property
    def names(self) -> Iterable[str]:
        """The paths of all files below content/ and comments/, and of config.yaml."""

    def read(self, paths: Iterable[str], limit: int) -> dict[str, bytes]:
        """Return the bytes of those that are there and are files; no more than limit + 1 each."""


class CommitFiles(msgspec.Struct, frozen=True):
    """The files of a site in a commit."""

    root: Path
    names: Mapping[str, str]
    """Path from the site's root -> name of the object."""

    def read(self, paths: Iterable[str], limit: int) -> dict[str, bytes]:
        """Return the bytes of those that are there; no more than `limit + 1` each."""
        wanted = {path: self.names[path] for path in paths if path in self.names}
        found = git.blobs(self.root, wanted.values(), limit)
        return {path: found[blob] for path, blob in wanted.items() if blob in found}


class FolderFiles(msgspec.Struct, frozen=True):
    """The files of a site in a folder."""

    names: Mapping[str, disk.SourceFile]

    def read(self, paths: Iterable[str], limit: int) -> dict[str, bytes]:
        """Return the bytes of those that are there; no more than `limit + 1` each."""
        found = {}
        for path in paths:
            if path in self.names:
                try:
                    found[path] = disk.read(self.names[path], limit)[: limit + 1]
                except SiteError:
                    continue
        return found


def of_commit(root: Path, commit: str, prefix: str) -> CommitFiles:
    """Return the files of a site in a commit.

    Args:
        root: A folder of the repository.
        commit: Name of the commit.
        prefix: Where the site lies in the repository: `docs/`, or empty.
    """
    folders = [
        f"{prefix}{name}" for name in (disk.CONFIG, disk.CONTENT, disk.COMMENTS, disk.THEMES)
    ]
    answer = git.ask(root, "ls-tree", "-r", "-z", "--full-tree", commit, "--", *folders)
    names = {}
    for row in (answer or b"").decode("utf-8", "replace").split("\0"):
        about, _, path = row.partition("\t")
        mode, _, rest = about.partition(" ")
        if mode.startswith("100") and path.startswith(prefix):
            inner = unicodedata.normalize("NFC", path.removeprefix(prefix))
            names[inner] = rest.rpartition(" ")[2]
    return CommitFiles(root, names)


def of_folder(root: Path, comments_root: Path) -> FolderFiles:
    """Return the files of a site in a folder; those below comments/ may lie elsewhere."""
    settings = disk.find(root, disk.CONFIG)
    own = disk.scan(root, [disk.CONTENT]).files
    apart = disk.scan(comments_root, [disk.COMMENTS]).files
    return FolderFiles(
        {file.path: file for file in (*((settings,) if settings else ()), *own, *apart)}
    )


def prefix_of(root: Path) -> str:
    """Return where a folder lies in its repository: `docs/`, or empty for the top."""
    answer = git.ask(root, "rev-parse", "--show-prefix")
    return (answer or b"").decode("utf-8", "replace").rstrip("\n")
