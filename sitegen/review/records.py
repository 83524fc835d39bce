"""What a review says, as records: of each comment, of the range, and of both the verdict."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

from sitegen.errors import Problem, Severity
from sitegen.markup.untrusted.changes import Change
from sitegen.review.privacy import Find
from sitegen.review.ranges import Kind
from sitegen.review.readable import Link
from sitegen.review.targets import Target
from sitegen.sources.comments import Comment


class Hint(msgspec.Struct, frozen=True):
    """Something suspicious, with its reason; it decides nothing."""

    kind: str
    """Stable name, as in the manual: `html-link`, `name-alike`."""
    reason: str
    """For people: lower case, no full stop; texts from outside are quoted."""
    field: str = ""
    """The key of the comment's file that is meant; empty for the whole."""


class Reviewed(msgspec.Struct, frozen=True):
    """One comment of the range."""

    kind: Kind
    path: str
    old_path: str = ""
    comment: Comment | None = None
    """What its file says; None for a file that is faulty, deleted or no comment's."""
    before: Comment | None = None
    """What was there before, for one that is not added."""
    before_lines: tuple[str, ...] = ()
    source: str = ""
    """The text of the file."""
    target: Target | None = None
    """The article that it answers, if there is one."""
    parent: Comment | None = None
    html: str = ""
    """What readers' browsers will get."""
    lines: tuple[str, ...] = ()
    """What readers will see, a line a block, with `[1]` behind the first link."""
    changes: tuple[Change, ...] = ()
    links: tuple[Link, ...] = ()
    hints: tuple[Hint, ...] = ()
    finds: tuple[Find, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def permalink(self) -> str:
        """Where the comment will stand; empty if nowhere."""
        return (
            f"{self.target.url}#comment-{self.comment.id}" if self.target and self.comment else ""
        )

    @property
    def fails(self) -> bool:
        """Whether it may not be merged as it is by somebody who only reviews."""
        return self.kind != "added" or any(p.severity is Severity.ERROR for p in self.problems)

    @property
    def rank(self) -> tuple[int, int, str]:
        """What sorts comments: the worst first."""
        return (-self.fails, -len(self.hints) - len(self.finds), self.path)


class Outside(msgspec.Struct, frozen=True):
    """A file of the range that is no comment's."""

    kind: Kind
    path: str


class Review(msgspec.Struct, frozen=True):
    """What a range proposes."""

    base: str
    """Names of commits; empty when files were named."""
    head: str
    outside: tuple[Outside, ...]
    comments: tuple[Reviewed, ...]
    """The worst first."""
    hints: tuple[Hint, ...]
    """Of the range as a whole."""
    now: dt.datetime

    @property
    def verdict(self) -> Literal["fails", "hints", "clean", "nothing"]:
        """What a bot can act on: `fails` has exit status 1; none of them is a decision."""
        if self.outside or any(one.fails for one in self.comments):
            return "fails"
        if self.hints or any(one.hints or one.finds for one in self.comments):
            return "hints"
        return "clean" if self.comments else "nothing"
