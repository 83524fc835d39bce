"""webmention.io: the feed that its API answers (jf2), or a file in which a site keeps it.

Replies are comments. Mentions by other sites are, if they are asked for and have a text;
likes, reposts and bookmarks say nothing and are only counted.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from sitegen.errors import Location
from sitegen.importers.comments.exports import Exports
from sitegen.importers.comments.fetching import Ask
from sitegen.importers.comments.found import Found, private_in
from sitegen.importers.comments.tables import record_of, records_of, said

_SILENT = {
    "like-of": "it is a like", "repost-of": "it is a repost", "bookmark-of": "it is a bookmark",
    "rsvp": "it is an answer to an invitation",
}  # fmt: skip


def found_in(exports: Exports) -> Iterator[Found]:
    """Yield the mentions of every feed."""
    for export in exports.files():
        value, lines = export.json()
        feed = value if isinstance(value, dict) else {"children": value}
        entries = feed.get("children") or feed.get("webmentions") or ()
        if not isinstance(entries, list):
            raise export.problem(1, "there are no `children`, so this is no feed of webmention.io")
        for entry in records_of(entries):
            place = lines.of("wm-id", entry.get("wm-id"))
            yield _found(entry, place, pingbacks=exports.pingbacks)


def fetched_from(address: str, ask: Ask) -> Iterator[tuple[str, Any]]:
    """Yield the pages of a feed: `https://webmention.io/api/mentions.jf2?domain=…&token=…`."""
    sign = "&" if "?" in address else "?"
    for page in itertools.count():
        value = ask(f"{address}{sign}per-page=100&page={page}").value
        entries = value.get("children") if isinstance(value, dict) else None
        if not entries:
            return
        yield f"{page:06}.json", value


def _found(entry: dict[str, Any], place: Location, *, pingbacks: bool) -> Found:
    author = record_of(entry.get("author"))
    content = entry.get("content") or {}
    content = content if isinstance(content, dict) else {"text": content}
    kind = said(entry, "wm-property")
    left = "it is private" if entry.get("wm-private") else _SILENT.get(kind, "")
    if not left and kind == "mention-of" and not pingbacks:
        left = "it is a mention"
    is_html = bool(said(content, "html"))
    return Found(
        place,
        said(entry, "wm-id"),
        (said(entry, "wm-target"),),
        said(entry, "published") or said(entry, "wm-received"),
        said(author, "name"),
        said(content, "html", "text", "value"),
        "html" if is_html else "plain_text",
        url=said(author, "url"),
        source=said(entry, "url", "wm-source"),
        left=left,
        private=private_in(author),
    )
