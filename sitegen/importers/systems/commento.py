"""Commento: the JSON of Settings → Export data; who wrote a comment stands in a list of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sitegen.importers.comments.exports import Exports, Lines
from sitegen.importers.comments.found import Found, private_in
from sitegen.importers.comments.tables import records_of, said

_STATES = {"unapproved": "it waits for moderation", "flagged": "it is flagged as spam"}


def found_in(exports: Exports) -> Iterator[Found]:
    """Yield the comments of every file."""
    for export in exports.files():
        value, lines = export.json()
        if not isinstance(value, dict) or not isinstance(value.get("comments"), list):
            raise export.problem(1, "there are no `comments`, so this is no export of Commento")
        people = {said(one, "commenterHex"): one for one in records_of(value.get("commenters"))}
        for comment in records_of(value["comments"]):
            yield _found(comment, people.get(said(comment, "commenterHex"), {}), lines)


def _found(comment: dict[str, Any], person: dict[str, Any], lines: Lines) -> Found:
    parent = said(comment, "parentHex")
    body = said(comment, "markdown")
    site = said(comment, "domain")
    page = said(comment, "url")
    number = said(comment, "commentHex")
    return Found(
        lines.of("commentHex", comment.get("commentHex")),
        number,
        (page,),
        said(comment, "creationDate"),
        said(person, "name"),
        body or said(comment, "html"),
        "markdown" if body else "html",
        parent="" if parent == "root" else parent,
        url="" if person.get("link") == "undefined" else said(person, "link"),
        source=f"https://{site}{page}#commento-{number}" if site and page.startswith("/") else "",
        # Deleting leaves `deleted` false and replaces the text.
        removed=bool(comment.get("deleted")) or body == "[deleted]",
        left=_STATES.get(said(comment, "state"), ""),
        private=private_in(person),
    )
