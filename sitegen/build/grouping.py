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

    Of two names that differ by case or Unicode form only, one system shows one file, and the
    name is the comment's id: the second is left out.
    """
    seen: dict[str, SourceFile] = {}
    problems = []
    by_target: dict[str, list[SourceFile]] = defaultdict(list)
    for file in files:
        target = comments.target_of(file.path)
        name = file.path.rpartition("/")[2]
        other = seen.setdefault(f"{target}/{name}".casefold(), file)
        if other is file:
            by_target[target].append(file)
        else:
            hint = "rename one of the two"
            problems.append(Problem("twins", _likeness(file, other), Location(file.path), hint))
    groups = [
        Folder(target, tuple(members), tuple(digests.get(file.path, b"") for file in members))
        for target, members in by_target.items()
    ]
    return groups, problems


def _likeness(file: SourceFile, other: SourceFile) -> str:
    if file.path.casefold() != other.path.casefold():
        return f"{quoted(other.path, 120)} is a comment of this name on the same article"
    how = "Unicode form" if other.path == file.path else "case"
    return f"the name differs from {quoted(other.path, 120)} by {how} only"
