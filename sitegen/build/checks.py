"""Comment files -> their problems, without building: what CI runs on a pull request."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

import msgspec

from sitegen import disk
from sitegen.build.inputs import read_comments, read_config
from sitegen.errors import Location, Problem, SiteError, in_order
from sitegen.model.site import orphan_problem, unknown_format_problem
from sitegen.model.threads import thread
from sitegen.sources import comments, content
from sitegen.sources.comments import Comment


def check_comments(root: Path, paths: Iterable[Path]) -> tuple[int, tuple[Problem, ...]]:
    """Return how many comments were checked, and their problems.

    Args:
        root: The site's folder.
        paths: Files or folders below comments/ whose problems are wanted; none for all.
            The rest is read too, since a reply needs its parent.
    """
    try:
        config, config_problems = read_config(root)
    except SiteError as error:
        return 0, error.problems
    settings = msgspec.structs.replace(config.comments, invalid="error")
    config = msgspec.structs.replace(config, comments=settings)
    found, problems = read_comments(root, config)
    names = {known.name for known in config.formats}
    by_target: dict[str, list[Comment]] = defaultdict(list)
    for comment in found:
        by_target[comment.target].append(comment)
        if comment.format and comment.format not in names:
            problems.append(unknown_format_problem(comment, names))
    keys = {
        content.content_key(file.path)
        for file in disk.list_files(root, content.FOLDER).files
        if file.path.endswith(".md")
    }
    for target, answers in by_target.items():
        problems += thread(answers)[1]
        if target not in keys:
            problems += [orphan_problem(comment, keys) for comment in answers]
    wanted, outside = _wanted(root, paths)
    chosen = [problem for problem in problems if _below(problem.location.path, wanted)]
    count = sum(_below(comment.path, wanted) for comment in found)
    return count, tuple(in_order([*config_problems, *outside, *chosen]))


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


def _below(path: str, wanted: tuple[str, ...]) -> bool:
    return not wanted or any(path == place or path.startswith(f"{place}/") for place in wanted)
