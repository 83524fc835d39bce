"""A review -> what a reviewer reads in a terminal of 80 columns, with colour if it has any."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Iterator

import click

from sitegen.errors import printable, quoted
from sitegen.review.groups import groups, shown_whole
from sitegen.review.records import Review, Reviewed
from sitegen.review.wording import CHANGED, VERDICTS, spoken_change, spoken_link, spoken_problem

WIDTH = 80
_MAX_LINES = 40  # of one comment's text; the whole is in the file, and in the html format
_MAX_GROUPS = 12
_MAX_OUTSIDE = 8


def as_terminal(review: Review) -> str:
    """Return a review as lines of at most 80 columns, with the escapes that make colours."""
    lines = [*_outside(review)]
    whole = shown_whole(review.comments)
    for one in whole:
        lines += [*_comment(one), ""]
    lines += _groups(review.comments[len(whole) :])
    for hint in review.hints:
        lines += _item("hint", hint.reason, "yellow", "")
    lines.append(click.style(VERDICTS[review.verdict], bold=True))
    return "\n".join(lines) + "\n"


def _outside(review: Review) -> Iterator[str]:
    if not review.outside:
        return
    number = len(review.outside)
    yield click.style("Outside comments/:", fg="red", bold=True) + f" {number} changed"
    for other in review.outside[:_MAX_OUTSIDE]:
        yield from _wrapped(f"{other.kind:8} {printable(other.path)}", "  ")
    if number > _MAX_OUTSIDE:
        yield f"  … and {number - _MAX_OUTSIDE} more"
    yield "  A comment has to come on its own: look at these files as you look at code."
    yield ""


def _comment(one: Reviewed) -> Iterator[str]:
    yield click.style(fitted(printable(one.path)), bold=True)
    if one.kind in CHANGED:
        yield from _item(one.kind, CHANGED[one.kind], "red")
    if one.old_path:
        yield from _item("from", printable(one.old_path), "red")
    yield from _head(one)
    if one.before and one.kind != "renamed":
        yield from _said(one.before_lines, "red", "- ")
        yield from _said(one.lines, "green", "+ ")
    else:
        yield from _said(one.lines, "", "| ")
    yield from _notes(one)


def _head(one: Reviewed) -> Iterator[str]:
    comment = one.comment or one.before
    if comment is None:
        return
    if one.target:
        yield from _item(
            "on", f"{quoted(one.target.title)}, {printable(one.permalink or one.target.url)}"
        )
    by = f"{quoted(comment.author)} at {comment.date:%Y-%m-%d %H:%M} UTC"
    yield from _item("by", "a tombstone" if comment.removed else by)
    if one.parent:
        first = next(iter(one.parent.body.split("\n")), "")
        yield from _item("answers", f"{quoted(one.parent.author)}: {quoted(first)}")
    if comment.subject:
        yield from _item("subject", quoted(comment.subject, 120))


def _said(lines: Iterable[str], colour: str, mark: str) -> Iterator[str]:
    lines = list(lines)
    yield ""
    for line in lines[:_MAX_LINES]:
        for row in _wrapped(printable(line, 4_000), f"    {mark}"):
            yield click.style(row, fg=colour) if colour else row
    if len(lines) > _MAX_LINES:
        yield f"    … and {len(lines) - _MAX_LINES} more lines"
    if lines:
        yield ""


def _notes(one: Reviewed) -> Iterator[str]:
    for number, link in enumerate(one.links[:20], 1):
        yield from _item("link", f"[{number}] {spoken_link(link)}")
    for change in one.changes[:10]:
        yield from _item("changed", spoken_change(change))
    for what, rest in (("links", len(one.links) - 20), ("changes", len(one.changes) - 10)):
        if rest > 0:
            yield from _item("", f"… and {rest} more {what}")
    for problem in one.problems[:20]:
        yield from _item("error", spoken_problem(problem), "red")
    for hint in one.hints:
        yield from _item("hint", hint.reason, "yellow")
    for find in one.finds[:10]:
        text = f"{quoted(find.text)} in `{find.field}` is {find.what}: {find.cure}"
        yield from _item("private", text, "yellow")


def _groups(rest: tuple[Reviewed, ...]) -> Iterator[str]:
    if not rest:
        return
    found = groups(rest)
    yield click.style(f"{len(rest)} more, by what is to be said of them:", bold=True)
    for group in found[:_MAX_GROUPS]:
        yield f"{len(group.comments):>7}  {fitted(group.said or 'nothing', WIDTH - 9)}"
        yield f"         such as {fitted(printable(group.comments[0].path), WIDTH - 17)}"
    if len(found) > _MAX_GROUPS:
        yield f"         … and {len(found) - _MAX_GROUPS} more groups"
    yield ""


def _item(label: str, text: str, colour: str = "cyan", indent: str = "  ") -> Iterator[str]:
    first, *rest = _wrapped(text, " " * (len(indent) + 9))
    head = click.style(f"{label:<8} ", fg=colour) if label else " " * 9
    yield f"{indent}{head}{first.lstrip(' ')}"
    yield from rest


def _wrapped(text: str, indent: str) -> list[str]:
    """Return a line as rows of at most 80 columns; wide letters count twice."""
    wide = sum(unicodedata.east_asian_width(one) in "WF" for one in text)
    room = WIDTH - len(indent)
    room = room // 2 if wide * 4 > len(text) else room - (wide and room // 4)
    rows = textwrap.wrap(text, room, break_on_hyphens=False, drop_whitespace=True, tabsize=4)
    return [f"{indent}{row}" for row in rows] or [indent.rstrip()]


def fitted(text: str, room: int = WIDTH) -> str:
    """Return a line cut to a number of columns in its middle, where paths say least."""
    if len(text) <= room:
        return text
    half = (room - 1) // 2
    return f"{text[: room - half - 1]}…{text[-half:]}"
