"""Comment files -> those of each article, and a problem for each name that two of them share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from sitegen.build.reading import Folder
from sitegen.disk import SourceFile
from sitegen.errors import Location, Problem, quoted
from sitegen.sources import comments


def group_by_article(
    files: Sequence[SourceFile], digests: Mapping[str, bytes] = MappingProxyType({})
) -> tuple[list[Folder], list[Problem]]:
    """Return the comment files of each article, and a problem for each whose name is another's.

    Of two names that differ by case or Unicode form only, one system shows one file: the
    second is left out.
    """
    seen: dict[str, SourceFile] = {}
    problems = []
    by_folder: dict[str, list[SourceFile]] = defaultdict(list)
    for file in files:
        other = seen.setdefault(file.path.casefold(), file)
        if other is file:
            by_folder[file.path.rpartition("/")[0]].append(file)
            continue
        how = "Unicode form" if other.path == file.path else "case"
        message = f"the name differs from {quoted(other.path, 120)} by {how} only"
        problems.append(Problem("twins", message, Location(file.path), "rename one of the two"))
    groups = [
        Folder(
            folder.removeprefix(comments.FOLDER).lstrip("/"),
            tuple(members),
            tuple(digests.get(file.path, b"") for file in members),
        )
        for folder, members in by_folder.items()
    ]
    return groups, problems
