"""What became of every comment of an export -> counts for people, lines of JSON for machines."""

from __future__ import annotations

from collections import Counter
from typing import Literal

import msgspec

NO_ARTICLE = "no article is known for its page"
Fate = Literal["added", "updated", "unchanged", "differs", "left"]


class Outcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one comment."""

    outcome: Fate
    """`differs`: it is here, and says something else than the export."""
    path: str
    """Of the file of the export."""
    line: int
    id: str
    """What the system calls it."""
    file: str = ""
    """Of the comment here."""
    notes: tuple[str, ...] = ()
    """Why it was left, or what is not as it was."""
    changes: tuple[str, ...] = ()
    """What its text format does not show as it stands in the file."""
    lost: tuple[str, ...] = ()
    """Words of the source that the page will not show."""
    difference: str = ""
    """Of one that differs or was updated: the lines, as `diff -u` has them."""


class Totals:
    """The counts of an import while it goes on."""

    def __init__(self) -> None:
        self.read = 0
        self.fates: Counter[str] = Counter()
        self.left: Counter[str] = Counter()
        """Reason -> how many were left for it."""
        self.notes: Counter[str] = Counter()
        self.changes: Counter[str] = Counter()
        self.private: Counter[str] = Counter()
        """Private thing -> in how many comments it was left behind."""
        self.removed = 0
        """Tombstones among what was added."""
        self.addresses_in_texts = 0
        self.losing = 0
        """Comments not every word of which is shown."""
        self.missing: dict[str, tuple[int, str, int]] = {}
        """Page that no article was found for -> comments, and where the first stands."""

    def count(self, outcome: Outcome) -> None:
        """Take note of what became of one comment."""
        self.fates[outcome.outcome] += 1
        if outcome.outcome == "left":
            self.left[kind_of(outcome.notes[0]) if outcome.notes else ""] += 1
            return
        self.notes.update(kind_of(note) for note in outcome.notes)
        self.changes.update({change.partition(":")[0] for change in outcome.changes})
        self.losing += bool(outcome.lost)

    def as_json(self) -> dict[str, object]:
        """Return all counts under the names that machines read."""
        return {
            "read": self.read,
            **{
                fate: self.fates[fate]
                for fate in ("added", "updated", "unchanged", "differs", "left")
            },
            "tombstones": self.removed,
            "left_because": dict(self.left.most_common()),
            "notes": dict(self.notes.most_common()),
            "changes": dict(self.changes.most_common()),
            "words_lost_in": self.losing,
            "addresses_in_texts": self.addresses_in_texts,
            "left_behind": dict(self.private.most_common()),
            "pages_without_article": {page: row[0] for page, row in self.missing.items()},
        }


def kind_of(note: str) -> str:
    """Return a note without what is particular to one comment.

    >>> kind_of("its date `31/31/2000` is none")
    'its date … is none'
    """
    parts = note.split("`")
    return "…".join(parts[::2]) if len(parts) > 2 else note
