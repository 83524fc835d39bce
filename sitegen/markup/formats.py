"""The text formats a comment can be written in, and the tips that tell people how."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import msgspec
from markupsafe import Markup

from sitegen.markup.allowlist import RESTRICTED, Allowlist, allowlist_notation, parse_allowlist
from sitegen.markup.changes import Change
from sitegen.markup.characters import MAX_CHARACTERS, Places, plain_characters
from sitegen.markup.markdown import markdown_html
from sitegen.markup.sanitize import sanitized


class TextFormat(msgspec.Struct, frozen=True, cache_hash=True):
    """How a comment's text is read, and what it may hold.

    Links are made from addresses exactly if the allowlist lets `<a href>` through.
    """

    name: str
    kind: Literal["html", "markdown", "plain"]
    allowlist: Allowlist

    @property
    def links(self) -> bool:
        """Whether web and e-mail addresses in the text turn into links."""
        return any(
            element.name == "a"
            and any(attribute.name == "href" for attribute in element.attributes)
            for element in self.allowlist.elements
        )


MARKDOWN = parse_allowlist(
    f"{allowlist_notation(RESTRICTED)} <pre> <del> <hr> <table> <thead> <tbody> <tr> <th> <td>"
)
"""What CommonMark and GitHub's extensions can make of a text, but for raw HTML and pictures."""

BUILTIN_FORMATS: Mapping[str, TextFormat] = MappingProxyType(
    {
        "restricted_html": TextFormat("restricted_html", "html", RESTRICTED),
        "markdown": TextFormat("markdown", "markdown", MARKDOWN),
        "plain_text": TextFormat("plain_text", "plain", parse_allowlist("<a href>")),
    }
)
DEFAULT_FORMAT = "restricted_html"


def tips(text_format: TextFormat) -> tuple[str, ...]:
    """Return the lines shown under the form, generated from the policy so that they cannot lie.

    >>> tips(BUILTIN_FORMATS["plain_text"])[0]
    'No HTML tags allowed.'
    """
    lines = ["Lines and paragraphs break automatically."]
    notation = allowlist_notation(text_format.allowlist)
    if text_format.kind == "markdown":
        lines.insert(
            0, "Markdown is understood: *emphasis*, **strong**, `code`, > quotes, - lists."
        )
        lines.insert(1, "HTML tags are shown as they are written.")
    elif text_format.kind == "plain" or not notation:
        lines.insert(0, "No HTML tags allowed.")
    else:
        lines.insert(0, f"Allowed HTML tags: {notation}")
    if text_format.links:
        lines.append("Web page addresses and email addresses turn into links automatically.")
    return tuple(lines)


class RenderedComment(msgspec.Struct, frozen=True):
    """A comment's text as HTML, and what in it is not shown as it was written."""

    html: Markup
    changes: tuple[Change, ...] = ()
    """In the order of their places."""


def comment_html(text: str, text_format: TextFormat, id_prefix: str) -> Markup:
    """Return a stranger's text as safe HTML.

    Args:
        text: As it stands in the comment's file.
        text_format: How to read it.
        id_prefix: What the ids in it begin with, `comment-2018-02-20-ada-`; a page gives
            no two comments the same.

    >>> comment_html("List<T> & <b>more</b>", BUILTIN_FORMATS[DEFAULT_FORMAT], "comment-ada-")
    Markup('<p>List&lt;T&gt; &amp; <strong>more</strong></p>')
    """
    return _sanitized(text, text_format, id_prefix, None)


def render_comment(text: str, text_format: TextFormat, id_prefix: str) -> RenderedComment:
    """Return the same HTML as `comment_html`, and what was changed on the way, with places in the text."""
    changes: list[Change] = []
    html = _sanitized(text, text_format, id_prefix, changes)
    places = Places(text)
    if text_format.kind == "html":
        changes = [
            msgspec.structs.replace(one, start=places.source(one.start), end=places.source(one.end))
            for one in changes
        ]
    changes += [
        Change(
            "characters-removed",
            start,
            end,
            text[start:end],
            "",
            "they hide or turn around what stands there",
        )
        for start, end in places.removed
    ]
    return RenderedComment(
        html, tuple(sorted(changes, key=lambda change: (change.start, change.end)))
    )


def _sanitized(
    text: str, text_format: TextFormat, id_prefix: str, changes: list[Change] | None
) -> Markup:
    fragment = text
    if text_format.kind == "markdown" and len(text) <= MAX_CHARACTERS:
        fragment = markdown_html(plain_characters(text), text_format.allowlist)
    return sanitized(
        fragment,
        text,
        text_format.allowlist,
        id_prefix,
        changes,
        reads_tags=text_format.kind != "plain",
        makes_links=text_format.links,
    )
