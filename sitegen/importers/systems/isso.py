"""Isso: its database, which is only read, or the JSON that its own importer takes.

Texts are Markdown, except those that came to Isso from Disqus, which are HTML.
"""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.errors import Location
from sitegen.importers.comments.exports import Export, Exports
from sitegen.importers.comments.found import Found, TextKind, private_in
from sitegen.importers.comments.records import text_kind
from sitegen.importers.comments.tables import Row, Tables, is_sqlite, records_of, said

_DELETED = "4"
_STATES = {"2": "it waits for moderation"}


def found_in(exports: Exports) -> Iterator[Found]:
    """Yield the comments of every thread."""
    for export in exports.files():
        yield from (_database if is_sqlite(export) else _generic)(export, exports.text)


def _database(export: Export, text: TextKind | None) -> Iterator[Found]:
    with Tables(export) as tables:
        threads = {said(row, "id"): said(row, "uri") for row in tables.rows("threads")}
        if not tables.has("comments"):
            raise export.problem(0, "there is no table `comments`, so this is no database of Isso")
        for row in tables.rows("comments", "id"):
            page = threads.get(said(row, "tid"), "")
            yield _found(row, page, Location(export.path), text)


def _generic(export: Export, text: TextKind | None) -> Iterator[Found]:
    threads, lines = export.json()
    if not isinstance(threads, list):
        raise export.problem(1, "expected a list of threads, each with its `comments`")
    for thread in records_of(threads):
        page = said(thread, "id")
        for number, row in enumerate(records_of(thread.get("comments"))):
            place = lines.of("created", row.get("created"))
            # Ids of this form may be the same in every thread, and Isso's own example has 0 everywhere.
            name = f"{page.strip('/').replace('/', '-')}-{row.get('id', 0)}.{number}"
            yield _found({**row, "id": name}, page, place, text)


def _found(row: Row, page: str, place: Location, text: TextKind | None) -> Found:
    body = said(row, "text")
    mode = said(row, "mode")
    return Found(
        place,
        said(row, "id"),
        (page,),
        said(row, "created"),
        said(row, "author"),
        body,
        text_kind(body, text),
        parent=said(row, "parent"),
        url=said(row, "website"),
        removed=mode == _DELETED,
        left=_STATES.get(mode, ""),
        private=private_in(row),
    )
