"""A comment <-> one line of JSON, for leaving and for coming back."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

from sitegen.errors import Location, Problem, SiteError
from sitegen.sources import comments, kinds, nodes, schema
from sitegen.sources.comments import Comment, dump_comment, dump_moment, parse_comment
from sitegen.sources.schema import Key

KEYS: tuple[Key, ...] = (
    Key(
        "article",
        kinds.text(max_length=1000),
        "The content path of the article: `posts/trip` for content/posts/trip.md.",
        required=True,
    ),
    Key(
        "id",
        kinds.matching(
            comments.ID, "the id of a comment", "use the name of its file without `.yaml`"
        ),
        "The id; the name of its file without `.yaml`.",
        required=True,
    ),
    *comments.KEYS,
)
_UTC = ZoneInfo("UTC")


def dump_line(comment: Comment) -> str:
    """Return a comment as one line of JSON with a line end; what is not set is left out."""
    values: dict[str, Any] = {
        "article": comment.target,
        "id": comment.id,
        "date": dump_moment(comment.date),
    }
    for name in ("author", "reply_to", "subject", "url", "format", "source", "removed", "body"):
        if value := getattr(comment, name):
            values[name] = value
    return json.dumps(values, ensure_ascii=False) + "\n"


def read_line(value: Any, place: Location) -> Comment:
    """Return the comment that a line of JSON says; what a comment's file may not say, it may not.

    Args:
        value: The decoded line.
        place: Where it stands.

    Raises:
        SiteError: With every fault of the line.
    """
    if not isinstance(value, dict):
        raise SiteError(Problem("value", "expected one JSON object a line", place))
    entries = tuple(
        (nodes.Scalar(str(key), place), nodes.Scalar(_text(item), place, plain=False))
        for key, item in value.items()
        if item is not None
    )
    reader = kinds.Reader(_UTC)
    said = schema.read_keys(nodes.Mapping(entries, place), KEYS, reader)
    if reader.problems:
        raise SiteError(*reader.problems)
    path = f"{comments.FOLDER}/{said.pop('article')}/{said['id']}.yaml"
    comment = Comment(path=path, target=comments.target_of(path), **said)
    return parse_comment(path, dump_comment(comment).encode("utf-8", "replace"), _UTC)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
