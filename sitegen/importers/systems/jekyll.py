"""Jekyll's data files: `_data/comments/<article>/<id>.yml`, or `_comments/*.yml` with a `post_id`.

As haacked.com keeps them: the text was HTML where it came from Disqus, and is Markdown
otherwise; a reply names the id of what it answers in `replyToId`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from sitegen.errors import Location
from sitegen.importers.comments.exports import Exports
from sitegen.importers.comments.found import Found, private_in
from sitegen.importers.comments.records import ENDINGS, first, read_record, text_kind


def found_in(exports: Exports) -> Iterator[Found]:
    """Yield the comment of each file."""
    for export in exports.files():
        path = PurePosixPath(export.path)
        if path.suffix not in ENDINGS:
            continue
        values = read_record(export)
        if isinstance(values, Found):
            yield values
            continue
        body = first(values, "message", "comment", "body", "content", "text")
        pages = (path.parent.name, first(values, "post_id", "_parent", "page"))
        yield Found(
            Location(export.path, 1, 1),
            first(values, "id", "_id") or path.stem,
            tuple(page for page in pages if page not in {"", "comments", "_comments"}),
            first(values, "date", "timestamp"),
            first(values, "name", "author"),
            body,
            text_kind(body, exports.text),
            parent=first(values, "replytoid", "reply_to", "replying_to_uid", "parent_id"),
            subject=first(values, "subject", "title"),
            url=first(values, "url", "link", "website"),
            left="it is marked as not published" if values.get("published") == "false" else "",
            private=private_in(values),
            file_id=path.stem,
        )
