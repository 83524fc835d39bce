"""WordPress: WXR, the XML of Tools → Export, in each of its versions; several parts are one export.

A comment's text is what was typed, after WordPress removed the tags that it forbids and
before it makes paragraphs: a line end breaks the line, an empty line ends a paragraph.
"""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.errors import Location
from sitegen.importers.comments.exports import Exports
from sitegen.importers.comments.found import Found, private_in
from sitegen.importers.comments.xml_stream import Element, elements

_LONG = frozenset({"encoded", "meta_value", "comment_agent"})
_STATES = {
    "0": "it waits for moderation", "spam": "it is spam", "trash": "it is in the trash",
    "post-trashed": "its article is in the trash",
}  # fmt: skip


def found_in(exports: Exports) -> Iterator[Found]:
    """Yield the comments of every item."""
    for export in exports.files():
        for item in elements(export, {"item"}, skipped=_LONG):
            pages = _pages(item)
            for comment in item.children:
                if comment.name == "comment":
                    yield _comment(comment, pages, export.path, pingbacks=exports.pingbacks)


def _pages(item: Element) -> tuple[str, ...]:
    number = item.text("post_id")
    named = (item.text("link"), item.text("post_name"), f"?p={number}" if number else "")
    return tuple(name for name in named if name) or (item.text("title"),)


def _comment(comment: Element, pages: tuple[str, ...], path: str, *, pingbacks: bool) -> Found:
    kind = comment.text("comment_type") or "comment"
    state = comment.text("comment_approved")
    left = _STATES.get(state, "")
    is_ping = kind in {"pingback", "trackback"}
    if not left and is_ping and not pingbacks:
        left = f"it is a {kind}"
    if not left and kind not in {"comment", "pingback", "trackback"}:
        left = "it is of a kind of its own, such as a note or a review"
    utc = comment.text("comment_date_gmt")
    known = utc if utc and not utc.startswith("0000") else ""
    parent = comment.text("comment_parent")
    number = comment.text("comment_id")
    link = pages[0] if pages[0].startswith("http") else ""
    values = {one.name: "".join(one.pieces).strip() for one in comment.children}
    return Found(
        Location(path, comment.line, 1),
        number,
        pages,
        f"{known}Z" if known else comment.text("comment_date"),
        comment.text("comment_author"),
        comment.text("comment_content"),
        "html_lines",
        parent="" if parent == "0" else parent,
        url=comment.text("comment_author_url"),
        source=f"{link.partition('#')[0]}#comment-{number}" if link else "",
        left=left,
        private=private_in(values),
    )
