"""Many comments -> a few groups that are alike, so that a range of thousands fits one screen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from sitegen.review.records import Reviewed

WHOLE = 5
"""So many comments are shown whole; of more, the worst ones are, and the rest in groups."""


class Group(msgspec.Struct, frozen=True):
    """Comments of which the same is to be said."""

    said: str
    """`link-elsewhere, words`, the kinds of their problems and hints; empty for none."""
    comments: tuple[Reviewed, ...]


def shown_whole(comments: tuple[Reviewed, ...]) -> tuple[Reviewed, ...]:
    """Return the comments that one screen has room for; they are the worst."""
    return comments if len(comments) <= WHOLE else comments[: WHOLE - 2]


def groups(comments: Iterable[Reviewed]) -> tuple[Group, ...]:
    """Return the comments in groups, the worst first."""
    alike: dict[str, list[Reviewed]] = defaultdict(list)
    for one in comments:
        alike[said(one)].append(one)
    return tuple(Group(name, tuple(members)) for name, members in alike.items())


def said(one: Reviewed) -> str:
    """Return the kinds of all that is said of a comment."""
    change = [] if one.kind == "added" else [one.kind]
    kinds = {
        *(problem.code for problem in one.problems),
        *(hint.kind for hint in one.hints),
        *(find.kind for find in one.finds),
    }
    return ", ".join([*change, *sorted(kinds)])
