"""Staticman: a folder of YAML, JSON or Markdown files, one comment each, sorted into a folder an article.

What the keys are called is each site's own choice; these are the names that its themes use.
Replies name an id or, in the Made Mistakes family of themes, the position of a top-level
comment, counted from 1 in the order of the files' names or of their dates.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

import msgspec

from sitegen.errors import Location
from sitegen.importers.comments.dates import moment_of
from sitegen.importers.comments.exports import Export, Exports
from sitegen.importers.comments.found import Found, TextKind, private_in
from sitegen.importers.comments.records import ENDINGS, first, read_record, text_kind
from sitegen.sources.dates import NotAMomentError

_REPLY = (
    "replying_to_uid",
    "replytoid",
    "replying_to",
    "reply_to",
    "replythread",
    "replyid",
    "parent_id",
)
_IN_NAME = re.compile(r"\d{13}|\d{10}|\d{4}-\d{2}-\d{2}")
_TOPS = frozenset({"", ".", "comments", "_comments", "_data", "data", "results"})


def found_in(exports: Exports) -> Iterator[Found]:
    """Yield the comments of every article's folder, replies by position resolved."""
    files = (file for file in exports.files() if PurePosixPath(file.path).suffix in ENDINGS)
    for _, folder in itertools.groupby(files, key=lambda file: PurePosixPath(file.path).parent):
        thread = [_found(export, exports.text) for export in folder]
        yield from _resolved(thread, exports.order)


def _found(export: Export, text: TextKind | None) -> Found:
    values = read_record(export)
    if isinstance(values, Found):
        return values
    path = PurePosixPath(export.path)
    body = first(values, "message", "comment", "body", "text", "content")
    in_name = _IN_NAME.search(path.stem)
    reply = first(values, *_REPLY)
    return Found(
        Location(export.path, 1, 1),
        first(values, "_id", "id") or path.stem,
        _pages(path, values),
        first(values, "date", "timestamp", "created_at") or (in_name[0] if in_name else ""),
        first(values, "name", "author", "author_name"),
        body,
        text_kind(body, text),
        parent="" if reply in {"0", "false"} else reply,
        subject=first(values, "subject", "title"),
        url=first(values, "url", "website", "link", "author_url"),
        left="it is marked as not published" if values.get("published") == "false" else "",
        private=private_in(values),
        file_id=path.stem,
    )


def _pages(path: PurePosixPath, values: dict[str, str]) -> tuple[str, ...]:
    """Return what may name the article: the folder, from the outermost that is no store's own, and keys."""
    parts = list(itertools.dropwhile(lambda part: part in _TOPS, path.parent.parts))
    for top in ("comments", "_comments", "results"):
        if top in parts:
            parts = parts[parts.index(top) + 1 :]
    named = ("/".join(parts), *parts[-1:])
    told = (first(values, "_parent", "post_id", "page", "slug", "post_slug"),)
    return tuple(dict.fromkeys(page for page in (*named, *told) if page))


def _resolved(thread: list[Found], order: str) -> Iterator[Found]:
    """Yield the comments of one article with the ids of their parents."""
    ids: set[str] = set()
    unique = []
    for found in thread:
        own = found.file_id if found.id in ids else found.id
        ids.add(own)
        unique.append(msgspec.structs.replace(found, id=own))
    tops = [found for found in unique if not found.parent and not found.left]
    if order == "date":
        tops.sort(key=lambda found: (_seconds(found.date), found.file_id))
    stems = {found.file_id: found.id for found in unique if found.file_id}
    for found in unique:
        parent = stems.get(found.parent, found.parent)
        if parent not in ids and parent.isdigit() and 0 < int(parent[:9]) <= len(tops):
            parent = tops[int(parent) - 1].id
        yield msgspec.structs.replace(found, parent=parent)


def _seconds(date: str) -> float:
    try:
        return moment_of(date, ZoneInfo("UTC")).timestamp()
    except NotAMomentError:
        return 0.0
