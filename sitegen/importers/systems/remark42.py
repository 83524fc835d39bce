"""Remark42: its backup (JSON lines, packed or not), or the tree that its API answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sitegen.errors import Location
from sitegen.importers.comments.exports import Export, Exports
from sitegen.importers.comments.found import Found, private_in
from sitegen.importers.comments.tables import record_of, records_of, said


def found_in(exports: Exports) -> Iterator[Found]:
    """Yield the comments of every file."""
    for export in exports.files():
        for comment, place in _comments(export):
            yield _found(comment, place)


def _comments(export: Export) -> Iterator[tuple[dict[str, Any], Location]]:
    """Yield each comment of a backup, read line by line, or of a tree, read whole."""
    with export.stream() as stream:
        is_lines = b'"version"' in stream.readline(1 << 20)
    if is_lines:
        for value, place in export.json_lines():
            if isinstance(value, dict) and "locator" in value:
                yield value, place
        return
    tree, lines = export.json()
    waiting = records_of(record_of(tree).get("comments"))[::-1]
    while waiting:
        node = waiting.pop()
        comment = record_of(node.get("comment", node))
        yield comment, lines.of("id", comment.get("id"))
        waiting += reversed(records_of(node.get("replies")))


def _found(comment: dict[str, Any], place: Location) -> Found:
    user = record_of(comment.get("user"))
    page = said(record_of(comment.get("locator")), "url")
    written = said(comment, "orig")
    number = said(comment, "id")
    return Found(
        place,
        number,
        (page,),
        said(comment, "time"),
        said(user, "name"),
        written or said(comment, "text"),
        "markdown" if written else "html",
        parent=said(comment, "pid"),
        source=f"{page.partition('#')[0]}#remark42__comment-{number}"
        if page.startswith("http")
        else "",
        removed=bool(comment.get("delete")),
        private=private_in(user),
    )
