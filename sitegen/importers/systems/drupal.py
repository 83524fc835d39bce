"""Drupal 6, 7, and 8 and later: its tables, as a database of SQLite or as JSON, `{"table": [row, …]}`.

In Drupal 6, status 0 is published; from 7 on it is 1. A text is stored as it was typed, with
the name of its text format.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sitegen.errors import Location
from sitegen.importers.comments.exports import Exports
from sitegen.importers.comments.found import Found, TextKind, private_in
from sitegen.importers.comments.tables import Row, Tables, said


class _Shape(NamedTuple):
    """Where one generation of Drupal keeps comments."""

    comments: str
    bodies: str
    published: str
    node: str


_SHAPES = (
    _Shape("comment_field_data", "comment__comment_body", "1", "entity_id"),
    _Shape("comment", "field_data_comment_body", "1", "nid"),
    _Shape("comments", "", "0", "nid"),
)
_KINDS: dict[str, TextKind] = {"plain_text": "plain_text", "markdown": "markdown"}


def found_in(exports: Exports) -> Iterator[Found]:
    """Yield the comments of every file."""
    for export in exports.files():
        with Tables(export) as tables:
            shape = next((shape for shape in _SHAPES if tables.has(shape.comments)), None)
            if shape is None:
                names = ", ".join(f"`{shape.comments}`" for shape in _SHAPES)
                raise export.problem(0, f"there is none of the tables {names}")
            pages = _pages(tables)
            people = _people(tables)
            bodies = {said(row, "entity_id"): row for row in tables.rows(shape.bodies)}
            for row in tables.rows(shape.comments, "cid"):
                body = bodies.get(said(row, "cid"), {})
                place = Location(export.path)
                yield _found(row, body, shape, pages, people, place)


def _pages(tables: Tables) -> dict[str, list[str]]:
    """Return number of a node -> its addresses, then its own."""
    pages: dict[str, list[str]] = {}
    for name in ("path_alias", "url_alias"):
        for row in tables.rows(name):
            path = said(row, "path", "source", "src").strip("/")
            if path.startswith("node/"):
                number = path.removeprefix("node/")
                pages.setdefault(number, []).append(said(row, "alias", "dst"))
    return pages


def _people(tables: Tables) -> dict[str, str]:
    rows = [*tables.rows("users"), *tables.rows("users_field_data")]
    return {said(row, "uid"): said(row, "name") for row in rows if said(row, "name")}


def _found(
    row: Row,
    body: Row,
    shape: _Shape,
    pages: dict[str, list[str]],
    people: dict[str, str],
    place: Location,
) -> Found:
    node = said(row, shape.node)
    text_format = said(body, "comment_body_format") or said(row, "format")
    parent = said(row, "pid")
    return Found(
        place,
        said(row, "cid"),
        (*pages.get(node, ()), f"node/{node}"),
        said(row, "created", "timestamp"),
        said(row, "name") or people.get(said(row, "uid"), ""),
        said(body, "comment_body_value") or said(row, "comment"),
        _KINDS.get(text_format, "html_lines"),
        parent="" if parent == "0" else parent,
        subject=said(row, "subject"),
        url=said(row, "homepage"),
        left="" if said(row, "status") == shape.published else "it is not published",
        private=private_in(row),
    )
