"""A review -> problems, which forges show beside the lines: annotations of GitHub, SARIF."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.errors import Location, Problem, Severity, as_github, as_sarif, quoted
from sitegen.review.records import Review, Reviewed
from sitegen.review.wording import CHANGED

_MAX_ANNOTATIONS = 50
"""GitHub shows ten errors and ten warnings of a step; more only fill its log."""


def problems_of(review: Review) -> list[Problem]:
    """Return all that a review says as problems: errors for what fails, warnings for hints."""
    hint = "let it come on its own, and look at it as you look at code"
    found = [
        Problem("outside", f"this is {one.kind}, and is no comment", Location(one.path), hint)
        for one in review.outside
    ]
    for one in review.comments:
        found += _of_comment(one)
    found += [
        Problem(hint.kind, hint.reason, Location("comments"), "", Severity.WARNING)
        for hint in review.hints
    ]
    return found


def _of_comment(one: Reviewed) -> Iterator[Problem]:
    where = Location(one.path)
    if one.kind in CHANGED:
        cure = "merge it only if it is its writer's wish, or yours"
        yield Problem(one.kind, f"this {CHANGED[one.kind]}", where, cure)
    yield from one.problems
    for hint in one.hints:
        yield Problem(hint.kind, hint.reason, _line_of(one, hint.field), "", Severity.WARNING)
    for find in one.finds:
        message = f"{quoted(find.text)} is {find.what}"
        yield Problem(
            f"private-{find.kind}", message, _line_of(one, find.field), find.cure, Severity.WARNING
        )


def _line_of(one: Reviewed, field: str) -> Location:
    """Return where a key stands in a comment's file."""
    for number, line in enumerate(one.source.split("\n") if field else (), 1):
        if line.startswith(f"{field}:"):
            return Location(one.path, number, 1)
    return Location(one.path)


def as_annotations(review: Review) -> str:
    """Return a review as workflow commands, which GitHub shows beside the lines."""
    found = problems_of(review)
    found.sort(key=lambda problem: problem.severity)
    return as_github(found[:_MAX_ANNOTATIONS])


def as_scan(review: Review) -> str:
    """Return a review in SARIF 2.1.0."""
    return as_sarif(problems_of(review))
