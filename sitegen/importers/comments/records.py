"""A file that holds one comment as keys and values -> the values, as text."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

import msgspec

from sitegen.errors import Location
from sitegen.importers.comments.exports import Export
from sitegen.importers.comments.found import Found, TextKind
from sitegen.importers.front_matter import HeadError, read_head, read_settings

ENDINGS = frozenset({".yml", ".yaml", ".json", ".md", ".markdown", ".html"})
_HTML_STARTS = ("<p", "<div", "<blockquote", "<ul", "<ol", "<pre")
_HTML_SIGNS = ("</p>", "<br>", "<br/>", "<br />", "</a>", "</blockquote>")


def read_record(export: Export) -> dict[str, str] | Found:
    """Return key in lower case -> text; what follows front matter is `body`.

    A file that cannot be read is a `Found` that says why, so that it is counted and told.
    """
    try:
        values = _values(export)
    except HeadError as error:
        return unreadable(export, error.line, error.reason)
    if not isinstance(values, dict) or not values:
        return unreadable(export, 1, "it holds no `key: value` lines")
    texts = {str(key).lower(): value for key, value in values.items()}
    return {key: _text(value) for key, value in texts.items()}


def unreadable(export: Export, line: int, reason: str) -> Found:
    """Return what stands for a file that holds no comment."""
    path = PurePosixPath(export.path)
    return Found(Location(export.path, line, 1), path.stem, (path.parent.name,), left=reason)


def _values(export: Export) -> Any:
    text = export.text()
    if export.path.endswith(".json"):
        try:
            return msgspec.json.decode(text)
        except (msgspec.DecodeError, RecursionError) as error:
            raise HeadError(f"this is not JSON: {error}", 1) from None
    if export.path.endswith((".yml", ".yaml")):
        return read_settings(text, export.path)
    head = read_head(text)
    values = {entry.key: entry.value for entry in head.entries}
    return {**values, "body": head.body} if values else {}


def _text(value: Any) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")
    return text.encode("utf-8", "replace").decode()


def first(values: dict[str, str], *names: str) -> str:
    """Return the first of some keys that has a value."""
    return next((values[name] for name in names if values.get(name, "").strip()), "")


def text_kind(body: str, asked: TextKind | None) -> TextKind:
    """Return how a body is written that does not say it: HTML where it looks like it, else Markdown."""
    if asked:
        return asked
    start = body.lstrip()[:20].lower()
    looks = start.startswith(_HTML_STARTS) or any(sign in body.lower() for sign in _HTML_SIGNS)
    return "html" if looks else "markdown"
