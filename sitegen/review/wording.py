"""The sentences that all reports share."""

from __future__ import annotations

from sitegen.errors import Problem, printable, quoted
from sitegen.markup.untrusted.changes import Change
from sitegen.review.readable import Link

VERDICTS = {
    "fails": "Not to be merged as it is.",
    "hints": "Nothing is wrong; the hints are yours to judge.",
    "clean": "Nothing is wrong, and nothing is suspicious.",
    "nothing": "Nothing was changed.",
}
CHANGED = {
    "edited": "edits a comment that is there: somebody's words are being changed",
    "deleted": "deletes a comment that is there: somebody's words are being taken away",
    "renamed": "moves a comment that is there: its permalink and its replies are lost",
}


def spoken_link(link: Link) -> str:
    """Return where a link goes, with its host in both forms if it has two."""
    host = link.host or "this site"
    if link.host != link.shown_host:
        host = f"{printable(link.host)}, shown as {quoted(link.shown_host)}"
    where = "" if link.where == "body" else f"`{link.where}` "
    return f"{where}{host}: {printable(link.address, 120)}"


def spoken_change(change: Change) -> str:
    """Return what the text format changed, as a sentence."""
    became = f" became {quoted(change.became)}" if change.became else " is left out"
    shown = " is shown as text" if change.kind in {"tag-shown", "shown-as-text"} else became
    found = quoted(change.found.split("\n")[0]) if change.found else "the whole text"
    return f"{found}{shown}: {printable(change.why)}"


def spoken_problem(problem: Problem) -> str:
    """Return a problem in one line, with its place in the file and its cure."""
    place = problem.location
    where = f"line {place.line}, column {place.column}: " if place.line else ""
    hint = f" ({problem.hint})" if problem.hint else ""
    return printable(f"{where}{problem.message}{hint}", 400)
