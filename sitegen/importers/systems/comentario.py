"""Comentario: the JSON of its export, version 3; pages and people stand in lists of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sitegen.importers.comments.exports import Exports, Lines
from sitegen.importers.comments.found import Found, private_in
from sitegen.importers.comments.tables import records_of, said

_NOBODY = "00000000-0000-0000-0000-000000000000"


def found_in(exports: Exports) -> Iterator[Found]:
    """Yield the comments of every file."""
    for export in exports.files():
        value, lines = export.json()
        if not isinstance(value, dict) or not isinstance(value.get("pages"), list):
            raise export.problem(1, "there are no `pages`, so this is no export of Comentario")
        pages = {said(one, "id"): said(one, "path") for one in records_of(value["pages"])}
        people = {said(one, "id", "userId"): one for one in records_of(value.get("commenters"))}
        for comment in records_of(value.get("comments")):
            page = pages.get(said(comment, "pageId"), "")
            person = people.get(said(comment, "userCreated"), {})
            yield _found(comment, page, person, lines)


def _found(comment: dict[str, Any], page: str, person: dict[str, Any], lines: Lines) -> Found:
    parent = said(comment, "parentId")
    written = said(comment, "markdown")
    waits = comment.get("isPending") or comment.get("isApproved") is False
    return Found(
        lines.of("id", comment.get("id")),
        said(comment, "id"),
        (page,),
        said(comment, "createdTime"),
        said(comment, "authorName") or said(person, "name"),
        written or said(comment, "html"),
        "markdown" if written else "html",
        parent="" if parent == _NOBODY else parent,
        url=said(person, "websiteUrl", "link"),
        removed=bool(comment.get("isDeleted")),
        left="it waits for moderation" if waits and not comment.get("isDeleted") else "",
        private=tuple({**dict.fromkeys(private_in(comment)), **dict.fromkeys(private_in(person))}),
    )
