"""Mastodon: the context of a status (`/api/v1/statuses/ID/context`): the answers to it, public ones only.

A context does not say what it answers. The name of its file does: `trip.json` belongs to the
article `trip`; or the map says it of the status.
"""

from __future__ import annotations

import html
import urllib.parse
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from sitegen.importers.comments.exports import Exports, Lines
from sitegen.importers.comments.fetching import Ask
from sitegen.importers.comments.found import Found, private_in
from sitegen.importers.comments.tables import record_of, records_of, said

_OPEN = frozenset({"public", "unlisted"})


def found_in(exports: Exports) -> Iterator[Found]:
    """Yield the answers in every context."""
    for export in exports.files():
        value, lines = export.json()
        if not isinstance(value, dict) or not isinstance(value.get("descendants"), list):
            raise export.problem(1, "there are no `descendants`, so this is no context of a status")
        statuses = records_of(value["descendants"])
        keys = {said(status, "id"): _key(status) for status in statuses}
        # They stand depth first, so the first one answers the status itself.
        root = said(statuses[0], "in_reply_to_id") if statuses else ""
        pages = (said(value, "page"), PurePosixPath(export.path).stem, f"status {root}")
        for status in statuses:
            above = said(status, "in_reply_to_id")
            parent = "" if above == root else keys.get(above, above)
            yield _found(status, parent, tuple(filter(None, pages)), lines)


def fetched_from(address: str, ask: Ask) -> Iterator[tuple[str, Any]]:
    """Yield the context of the status at an address such as `https://social.example/@jo/1234`."""
    parts = urllib.parse.urlsplit(address)
    number = parts.path.rstrip("/").rpartition("/")[2]
    value = ask(f"{parts.scheme}://{parts.netloc}/api/v1/statuses/{number}/context").value
    yield f"{number}.json", {**value, "page": address} if isinstance(value, dict) else value


def _key(status: dict[str, Any]) -> str:
    """Return what names a status on all servers: that of its author, and its number there."""
    parts = urllib.parse.urlsplit(said(status, "uri"))
    number = parts.path.rstrip("/").rpartition("/")[2]
    return f"{parts.hostname}-{number}" if number.isdigit() else said(status, "uri", "id")


def _found(status: dict[str, Any], parent: str, pages: tuple[str, ...], lines: Lines) -> Found:
    account = record_of(status.get("account"))
    is_open = said(status, "visibility") in _OPEN
    media = "".join(
        f'<p><img src="{html.escape(said(one, "url"))}" alt="{html.escape(said(one, "description"))}"></p>'
        for one in records_of(status.get("media_attachments"))
    )
    return Found(
        lines.of("id", status.get("id")),
        _key(status),
        pages,
        said(status, "created_at"),
        said(account, "display_name", "username"),
        said(status, "content") + media,
        "html",
        parent=parent,
        subject=said(status, "spoiler_text"),
        url=said(account, "url"),
        source=said(status, "url", "uri"),
        left="" if is_open else "it is not public",
        private=private_in(account),
    )
