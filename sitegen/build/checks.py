"""Comment files -> their problems, without building: what CI runs on a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

import msgspec

from sitegen import disk
from sitegen.build.following import moved_to
from sitegen.build.grouping import group_by_article
from sitegen.build.inputs import read_config
from sitegen.build.reading import ENTRIES, Desk, Threads
from sitegen.errors import Location, Problem, Severity, SiteError, in_order, quoted
from sitegen.model.orphans import orphan_problems
from sitegen.model.threads import ThreadSummary
from sitegen.sources import comments, content
from sitegen.sources.comments import Comment


def check_comments(root: Path, paths: Iterable[Path]) -> tuple[int, tuple[Problem, ...]]:
    """Return how many comment files were checked, and their problems.

    Args:
        root: The site's folder.
        paths: Files or folders below comments/ whose problems are wanted; none for all.
            The rest is read too, since a reply needs its parent.
    """
    try:
        config, problems = read_config(root)
    except SiteError as error:
        return 0, error.problems
    settings = msgspec.structs.replace(config.comments, invalid="error")
    desk = Desk(msgspec.structs.replace(config, comments=settings), b"")
    place = root / config.comments.folder
    found = disk.scan(place, [comments.FOLDER])
    files = list(found.files)
    documents = disk.scan(root, [content.FOLDER]).files
    keys = {content.content_key(file.path) for file in documents if file.path.endswith(".md")}
    groups, twins = group_by_article(files)
    everything = [*found.problems, *twins]
    reading = Threads(desk)
    for group in groups:
        result = reading.run(group)
        everything += msgspec.msgpack.decode(result.head, type=ThreadSummary).problems
        everything += _duplicates(entry.comment for entry in ENTRIES.decode(result.value))
    targets = [group.target for group in groups if group.target and group.target not in keys]
    orphans = zip(targets, orphan_problems(targets, keys), strict=True)
    everything += [_or_moved(root, target, problem, keys) for target, problem in orphans]
    wanted, outside = _wanted(place, paths)
    chosen = [problem for problem in everything if _concerns(problem.location.path, wanted)]
    count = sum(_concerns(file.path, wanted) for file in files)
    return count, tuple(in_order([*problems, *outside, *chosen]))


def _or_moved(root: Path, target: str, problem: Problem, keys: set[str]) -> Problem:
    """Return the problem of comments without an article, with where that went, if git knows."""
    new = moved_to(root, target, keys)
    hint = f"the article is content/{new}.md now: `sitegen comments check --fix` moves them"
    return msgspec.structs.replace(problem, hint=hint) if new else problem


_WORTH_TELLING = 20  # characters: people thank twice in the same words


def _duplicates(thread: Iterable[Comment]) -> Iterator[Problem]:
    """Yield a problem for each comment that says, by the same name, what another said before."""
    first: dict[tuple[str, str], Comment] = {}
    for comment in sorted(thread, key=lambda one: (one.date, one.id)):
        said = (comment.author, comment.body.strip())
        other = first.setdefault(said, comment)
        if other is not comment and len(said[1]) >= _WORTH_TELLING:
            message = f"{quoted(comment.author)} says the same in {quoted(other.path, 120)}"
            hint = "delete one of the two: `sitegen comments remove` keeps the thread whole"
            yield Problem("duplicate", message, Location(comment.path), hint, Severity.WARNING)


def _wanted(root: Path, paths: Iterable[Path]) -> tuple[tuple[str, ...], list[Problem]]:
    """Return the paths from the site's root, and a problem for each that is no comment's."""
    wanted = []
    outside = []
    for path in paths:
        place = path if path.is_absolute() or path.exists() else root / path
        try:
            inner = PurePosixPath(place.resolve().relative_to(root.resolve()).as_posix())
        except ValueError:
            inner = PurePosixPath(path.as_posix())
        if not place.exists():
            outside.append(Problem("file", "there is no such file", Location(str(inner))))
        elif inner.parts[:1] != (comments.FOLDER,):
            outside.append(Problem("file", "this is not below comments/", Location(str(inner))))
        wanted.append(str(inner))
    return tuple(wanted), outside


def _concerns(path: str, wanted: tuple[str, ...]) -> bool:
    """Return whether a problem at a path is one of the files that are asked about."""
    return not wanted or any(
        path == place or path.startswith(f"{place}/") or place.startswith(f"{path}/")
        for place in wanted
    )
