"""Our own JSON lines, as `sitegen comments export` writes them: one comment a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sitegen.errors import Location, SiteError
from sitegen.importers.comments.exports import Exports
from sitegen.importers.comments.found import Found
from sitegen.sources.comment_lines import read_line


def found_in(exports: Exports) -> Iterator[Found]:
    """Yield the comment of each line; a line that has faults is left, with all of them."""
    for export in exports.files():
        for value, place in export.json_lines():
            yield _found(value, place)


def _found(value: Any, place: Location) -> Found:
    said = value if isinstance(value, dict) else {}
    name, article = str(said.get("id", "")), str(said.get("article", ""))
    try:
        comment = read_line(value, place)
    except SiteError as error:
        reason = "; ".join(problem.message for problem in error.problems)
        return Found(place, name, (article,), left=reason)
    return Found(
        place,
        name,
        (article,),
        comment.date.isoformat(),
        comment.author,
        comment.body,
        "as_is",
        comment.format,
        comment.reply_to,
        comment.subject,
        comment.url,
        comment.source,
        comment.removed,
        file_id=name,
    )
