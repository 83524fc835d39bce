"""The comments of a thread -> what each of its pages shows of them, and tells of the rest."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator

import msgspec
from markupsafe import Markup

from sitegen.model.threads import Reply, thread
from sitegen.sources.comments import Comment

POINTERS = 1000
"""How many comments of further pages the first one names: it must not grow with the thread."""


class ThreadEntry(msgspec.Struct, frozen=True):
    """A comment with its sanitized text; made where comment files are read."""

    comment: Comment
    html: Markup


Entries = tuple[ThreadEntry, ...]


def anchor(comment: Comment) -> str:
    """Return the id of a comment's element, which its permalink ends in."""
    return f"comment-{comment.id}"


class Pointer(msgspec.Struct, frozen=True):
    """A comment that stands on a further page."""

    id: str
    author: str
    date: dt.datetime
    number: int
    """Of the page."""


class Part(msgspec.Struct, frozen=True):
    """What one page shows of a thread, and what it tells of the rest."""

    replies: tuple[Reply, ...] = ()
    html: dict[str, Markup] = {}
    """Id -> text of each of them."""
    count: int = 0
    """Comments of the whole thread, tombstones aside."""
    slots: int = 0
    """Answers to the article itself, in the whole thread."""
    elsewhere: tuple[Pointer, ...] = ()
    """On the first page: comments of the further ones, the oldest first."""


class PartName(msgspec.Struct, frozen=True):
    """Which part of which thread."""

    thread: bytes
    """Key of the whole."""
    per_page: int
    number: int


class Arrangement:
    """A whole thread in the order of reading, from which each page takes its part.

    It is arranged once, so that the work for a page does not grow with the thread.
    """

    def __init__(self, entries: Entries, per_page: int) -> None:
        """Take all comments, in any order, and how many answers to the article a page shows."""
        replies, _ = thread(entry.comment for entry in entries)
        self.html = {entry.comment.id: entry.html for entry in entries}
        self.slots = max((reply.slot + 1 for reply in replies), default=0)
        self.count = sum(not reply.comment.removed for reply in replies)
        self.pages: dict[int, list[Reply]] = {}
        for reply in replies:
            self.pages.setdefault(_page_of(per_page, reply), []).append(reply)

    def part(self, number: int) -> Part:
        """Return what a page shows; the first page's number is 1."""
        replies = tuple(self.pages.get(number, ()))
        html = {reply.comment.id: self.html[reply.comment.id] for reply in replies}
        further = itertools.islice(self._pointers(), POINTERS) if number == 1 else ()
        return Part(replies, html, self.count, self.slots, tuple(further))

    def _pointers(self) -> Iterator[Pointer]:
        for number in sorted(self.pages):
            for reply in self.pages[number] if number > 1 else ():
                if not reply.comment.removed:
                    yield Pointer(
                        anchor(reply.comment), reply.comment.author, reply.comment.date, number
                    )


def _page_of(per_page: int, reply: Reply) -> int:
    """Return the page on which a comment stands.

    A page takes so many answers to the article, in order of date: once it is full, newer ones
    go to the next, so that nothing published moves.
    """
    return reply.slot // per_page + 1


def pages_of(entries: Entries, per_page: int) -> dict[str, int]:
    """Return id -> number of the page, for the comments that do not stand on the document's own."""
    replies, _ = thread(entry.comment for entry in entries)
    numbers = {reply.comment.id: _page_of(per_page, reply) for reply in replies}
    return {name: number for name, number in numbers.items() if number > 1}
