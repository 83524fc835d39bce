"""Comments whose article was moved -> the folder in which its article is now."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from sitegen import disk, git
from sitegen.build.inputs import read_config
from sitegen.sources import content
from sitegen.sources.comments import target_of


def document_keys(root: Path) -> set[str]:
    """Return the content paths of all documents of a site."""
    files = disk.scan(root, [content.FOLDER]).files
    return {content.content_key(file.path) for file in files if file.path.endswith(".md")}


def follow_articles(root: Path) -> Iterator[tuple[str, str]]:
    """Move the comments of articles that were moved, and yield each (old, new) folder.

    Only where it is sure whereto: git has seen the article move, or one other article has the
    same file name and no comments of its own.
    """
    place = root / read_config(root)[0].comments.folder
    keys = document_keys(root)
    for old in orphans(place, keys):
        new = moved_to(root, old, keys)
        source, target = (place / disk.COMMENTS / key for key in (old, new))
        if new and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            source.rename(target)
            yield f"{disk.COMMENTS}/{old}/", f"{disk.COMMENTS}/{new}/"


def orphans(place: Path, keys: set[str]) -> list[str]:
    """Return the content paths that have comments and no article."""
    files = disk.scan(place, [disk.COMMENTS]).files
    return sorted({target_of(file.path) for file in files} - keys - {""})


def moved_to(root: Path, old: str, keys: Iterable[str]) -> str:
    """Return the content path to which an article was moved; empty if nobody can be sure."""
    keys = set(keys)
    answer = git.ask(
        *(root, "log", "-z", "--format=", "--name-status", "--diff-filter=R", "--find-renames"),
        *("--relative", "--no-ext-diff", "--no-textconv", "--", content.FOLDER),
    )
    fields = (answer or b"").decode("utf-8", "replace").replace("\n", "").split("\0")
    moves: dict[str, str] = {}
    for index, field in enumerate(fields):
        if re.fullmatch(r"R\d+", field) and index + 2 < len(fields):
            before, after = (content.content_key(path) for path in fields[index + 1 : index + 3])
            moves.setdefault(before, after)
    new = old
    for _ in range(len(moves)):
        if new in keys or new not in moves:
            break
        new = moves[new]
    if new in keys:
        return new
    named = [key for key in keys if PurePosixPath(key).name == PurePosixPath(old).name]
    return named[0] if len(named) == 1 else ""
