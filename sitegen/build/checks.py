"""Comment files -> their problems, without building: what CI runs on a pull request."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

import msgspec

from sitegen import disk
from sitegen.build.inputs import group_by_article, read_config
from sitegen.build.reading import Desk, read_threads
from sitegen.errors import Location, Problem, SiteError, in_order
from sitegen.model.site import orphan_problem
from sitegen.model.threads import ThreadSummary
from sitegen.sources import comments, content


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
    found = disk.scan(root, [comments.FOLDER, content.FOLDER])
    files = [file for file in found.files if file.path.startswith(f"{comments.FOLDER}/")]
    documents = [file.path for file in found.files if file.path.startswith(f"{content.FOLDER}/")]
    keys = {content.content_key(path) for path in documents if path.endswith(".md")}
    groups, twins = group_by_article(files)
    everything = [*found.problems, *twins]
    for group, result in zip(groups, read_threads(desk, groups), strict=True):
        everything += msgspec.msgpack.decode(result.head, type=ThreadSummary).problems
        if group.target not in keys and group.target:
            everything.append(orphan_problem(group.target, keys))
    wanted, outside = _wanted(root, paths)
    chosen = [problem for problem in everything if _concerns(problem.location.path, wanted)]
    count = sum(_concerns(file.path, wanted) for file in files)
    return count, tuple(in_order([*problems, *outside, *chosen]))


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
