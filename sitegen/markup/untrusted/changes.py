"""What a text format changed in a comment, where and why: for reviewers and their tools."""

from __future__ import annotations

from typing import Literal

import msgspec

ChangeKind = Literal[
    "tag-shown",  # what looks like a tag is no allowed one and is shown as text
    "tag-mapped",  # a tag was turned into its nearest allowed form
    "tag-removed",  # a tag did nothing and was left out; its text stays
    "attribute-removed",
    "address-removed",  # a link's address has none of the allowed shapes
    "id-renamed",
    "characters-removed",
    "cut",  # the text is longer than a comment may be
    "shown-as-text",  # past a limit, or the gates disagree: the whole text is shown as written
]


class Change(msgspec.Struct, frozen=True):
    """One thing that differs between what was written and what is shown."""

    kind: ChangeKind
    start: int
    """First character in the source text that is meant, counted from 0."""
    end: int
    """One past the last."""
    found: str
    """What stands there."""
    became: str = ""
    """What it was turned into; empty if nothing is left of it."""
    why: str = ""
    """A reason for people: lower case, no full stop."""


class Notes:
    """The changes noted while one comment is rendered; nothing is noted unless wanted."""

    def __init__(self, *, wanted: bool) -> None:
        self.wanted = wanted
        self.changes: list[Change] = []
        self.refusal = ""
        """Why the comment is shown as it was written; empty when it is not."""

    def add(
        self, kind: ChangeKind, place: tuple[int, int], found: str, became: str, why: str
    ) -> None:
        """Note one change; `place` is (start, end) in the normalised text."""
        if self.wanted:
            self.changes.append(Change(kind, *place, found, became, why))
