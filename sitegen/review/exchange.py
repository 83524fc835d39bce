"""A review -> JSON that a bot can act on, and the schema of it."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sitegen.errors import printable
from sitegen.review.records import Hint, Review, Reviewed
from sitegen.review.wording import CHANGED, VERDICTS


def as_json(review: Review) -> str:
    """Return a review as one JSON document; `sitegen schema review` describes it."""
    document = {
        "version": 1,
        "verdict": review.verdict,
        "base": review.base,
        "head": review.head,
        "outside": [{"kind": one.kind, "path": printable(one.path)} for one in review.outside],
        "hints": _hints(review.hints),
        "comments": [_entry(one) for one in review.comments],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _entry(one: Reviewed) -> dict[str, object]:
    comment = one.comment or one.before
    return {
        "kind": one.kind,
        "path": printable(one.path),
        "old_path": printable(one.old_path),
        "fails": one.fails,
        "id": comment.id if comment else "",
        "article": one.target.path if one.target else "",
        "permalink": one.permalink,
        "author": _one_line(comment.author) if comment else "",
        "date": comment.date.isoformat() if comment else "",
        "reply_to": comment.reply_to if comment else "",
        "lines": [_one_line(line) for line in one.lines],
        "before": [_one_line(line) for line in one.before_lines],
        "html": _one_line(str(one.html)),
        "links": _links(one),
        "changes": _changes(one),
        "hints": _hints(one.hints),
        "private": [
            {"kind": f.kind, "field": f.field, "text": _one_line(f.text), "cure": f.cure}
            for f in one.finds
        ],
        "problems": _problems(one),
    }


def _links(one: Reviewed) -> list[dict[str, object]]:
    return [
        {
            "text": _one_line(link.text),
            "address": _one_line(link.address),
            "host": _one_line(link.host),
            "shown_host": _one_line(link.shown_host),
            "field": link.where,
        }
        for link in one.links
    ]


def _changes(one: Reviewed) -> list[dict[str, object]]:
    return [
        {
            "kind": change.kind,
            "start": change.start,
            "end": change.end,
            "found": _one_line(change.found),
            "became": _one_line(change.became),
            "why": _one_line(change.why),
        }
        for change in one.changes
    ]


def _problems(one: Reviewed) -> list[dict[str, object]]:
    return [
        {
            "code": problem.code,
            "line": problem.location.line,
            "column": problem.location.column,
            "message": printable(problem.message, 2_000),
            "hint": printable(problem.hint, 2_000),
        }
        for problem in one.problems
    ]


def _one_line(text: str) -> str:
    return printable(text, 200_000)


def _hints(hints: Iterable[Hint]) -> list[dict[str, str]]:
    return [{"kind": one.kind, "field": one.field, "reason": one.reason} for one in hints]


_TEXT = {"type": "string"}


def _rows(**fields: dict[str, object]) -> dict[str, object]:
    return {"type": "array", "items": _row(**fields)}


def _row(**fields: dict[str, object]) -> dict[str, object]:
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


def json_schema() -> dict[str, object]:
    """Return the JSON Schema of what `as_json` makes."""
    number: dict[str, object] = {"type": "integer", "minimum": 0}
    text: dict[str, object] = dict(_TEXT)
    lines: dict[str, object] = {"type": "array", "items": _TEXT}
    kind: dict[str, object] = {"enum": ["added", *CHANGED]}
    hints = _rows(kind=text, field=text, reason=text)
    comment = _rows(
        kind=kind, path=text, old_path=text, fails={"type": "boolean"}, id=text, article=text,
        permalink=text, author=text, date=text, reply_to=text, lines=lines, before=lines, html=text,
        links=_rows(text=text, address=text, host=text, shown_host=text, field=text),
        changes=_rows(kind=text, start=number, end=number, found=text, became=text, why=text),
        hints=hints, private=_rows(kind=text, field=text, text=text, cure=text),
        problems=_rows(code=text, line=number, column=number, message=text, hint=text),
    )  # fmt: skip
    whole = _row(
        version={"const": 1}, verdict={"enum": list(VERDICTS)}, base=text, head=text,
        outside=_rows(kind=kind, path=text), hints=hints, comments=comment,
    )  # fmt: skip
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "sitegen review",
        **whole,
    }
