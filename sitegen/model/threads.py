"""The comments of one article -> its thread: every comment once, replies below what they answer.

A reply whose parent is unknown, or which answers itself by whatever detour, stands at the
top level, so no mistake hides a comment. Nothing here is recursive: a chain of replies may
be as long as strangers care to make it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from sitegen.errors import Location, Problem, Severity, quoted
from sitegen.sources.comments import Comment


class Reply(msgspec.Struct, frozen=True):
    """A comment in its place; the order of a thread is the order of reading."""

    comment: Comment
    depth: int
    """0 for an answer to the article itself."""
    parent: Comment | None
    slot: int = 0
    """Which of the answers to the article it is, or stands below, counted from 0. One that was
    removed keeps its slot, so a newer comment changes nobody's."""


class ThreadSummary(msgspec.Struct, frozen=True):
    """What the site knows of a thread without its comments."""

    digest: bytes
    """Of all that its comments say; equal digests mean equal threads."""
    count: int
    """Comments that are shown, tombstones aside."""
    newest: float
    """When the newest of them was written, in seconds since 1970; 0 without any."""
    slots: int = 0
    """How many answers to the article itself there are, up to the last that is shown."""
    problems: tuple[Problem, ...] = ()


NOBODY = ThreadSummary(b"", 0, 0.0)


def summarise(comments: Iterable[Comment], digest: bytes) -> ThreadSummary:
    """Return what is to know of a thread; `digest` stands for the comments."""
    replies, problems = thread(comments)
    shown = [reply.comment.date.timestamp() for reply in replies if not reply.comment.removed]
    slots = max((reply.slot + 1 for reply in replies), default=0)
    return ThreadSummary(digest, len(shown), max(shown, default=0.0), slots, tuple(problems))


def page_count(slots: int, per_page: int) -> int:
    """Return how many pages a thread fills; the first is that of the article."""
    return max(1, -(-slots // per_page))


def thread(comments: Iterable[Comment]) -> tuple[tuple[Reply, ...], list[Problem]]:
    """Return the thread in reading order, and the problems of its replies.

    Comments of one level are ordered by date, then id. A removed comment stays as long as
    something that is shown answers it.
    """
    ordered = sorted(comments, key=lambda comment: (comment.date, comment.id))
    by_id = {comment.id: comment for comment in ordered}
    parents, problems = _parents(ordered, by_id)
    children: dict[str, list[Comment]] = {}
    for comment in ordered:
        children.setdefault(parents.get(comment.id, ""), []).append(comment)
    replies = []
    slot = -1
    stack = [(comment, 0) for comment in reversed(children.get("", []))]
    while stack:
        comment, depth = stack.pop()
        slot += depth == 0
        replies.append(Reply(comment, depth, by_id.get(parents.get(comment.id, "")), slot))
        stack += [(child, depth + 1) for child in reversed(children.get(comment.id, []))]
    return tuple(_without_bare_tombstones(replies)), problems


def _parents(
    ordered: list[Comment], by_id: Mapping[str, Comment]
) -> tuple[dict[str, str], list[Problem]]:
    """Return id -> id of the parent, for replies whose parent exists and is no descendant."""
    parents = {}
    problems = []
    for comment in ordered:
        if not comment.reply_to:
            continue
        if comment.reply_to in by_id:
            parents[comment.id] = comment.reply_to
        else:
            message = f"there is no comment {quoted(comment.reply_to)} on this article to reply to"
            problems.append(_reply_problem(comment, message, "it is shown at the top level"))
    for name in _in_cycles(parents):
        problems.append(
            _reply_problem(
                by_id[name],
                "this reply answers itself",
                "correct `reply_to`; it is shown at the top level",
            )
        )
        del parents[name]
    return parents, problems


def _reply_problem(comment: Comment, message: str, hint: str) -> Problem:
    return Problem("reply", message, Location(comment.path), hint, Severity.WARNING)


def _in_cycles(parents: Mapping[str, str]) -> list[str]:
    """Return the ids that are their own ancestors, in the order of `parents`."""
    finished: set[str] = set()
    cyclic: set[str] = set()
    for start in parents:
        path: list[str] = []
        seen: dict[str, int] = {}
        name = start
        while name in parents and name not in finished and name not in seen:
            seen[name] = len(path)
            path.append(name)
            name = parents[name]
        if name in seen:
            cyclic.update(path[seen[name] :])
        finished.update(path)
    return [name for name in parents if name in cyclic]


def _without_bare_tombstones(replies: list[Reply]) -> list[Reply]:
    """Drop removed comments below which nothing is shown; read backwards, children come first."""
    shown: list[Reply] = []
    depth_below = -1  # depth of the comment shown just before, in this backward walk
    for reply in reversed(replies):
        if not reply.comment.removed or depth_below > reply.depth:
            shown.append(reply)
            depth_below = reply.depth
    return shown[::-1]
