"""The text formats a comment can be written in, and the tips that tell people how."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import msgspec
from markupsafe import Markup

from sitegen.markup.untrusted.allowlist import (
    RESTRICTED,
    Allowlist,
    allowlist_notation,
    parse_allowlist,
)
from sitegen.markup.untrusted.changes import Change, Notes
from sitegen.markup.untrusted.characters import MAX_CHARACTERS, Places, plain_characters
from sitegen.markup.untrusted.policy import policy_of

if TYPE_CHECKING:
    from collections.abc import Mapping


class TextFormat(msgspec.Struct, frozen=True, cache_hash=True):
    """How a comment's text is read, and what it may hold.

    Addresses in the text turn into links exactly if the allowlist lets `<a href>` through.
    """

    name: str
    kind: Literal["html", "markdown", "plain"]
    allowlist: Allowlist


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
    if policy_of(text_format.allowlist).links:
        lines.append("Web page addresses and email addresses turn into links automatically.")
    return tuple(lines)


class RenderedComment(msgspec.Struct, frozen=True):
    """A comment's text as HTML, and what in it is not shown as it was written."""

    html: Markup
    """To encode it, give msgspec `enc_hook=str`; it takes no subclasses of str."""
    changes: tuple[Change, ...] = ()
    """In the order of their places."""


def comment_html(
    text: str, text_format: TextFormat, id_prefix: str, notes: Notes | None = None
) -> Markup:
    """Return a stranger's text as safe HTML.

    Args:
        text: As it stands in the comment's file.
        text_format: How to read it.
        id_prefix: What the ids in it begin with, `comment-2018-02-20-ada-`; a page gives
            no two comments the same.
        notes: Told why, if the text had to be shown as it was written.

    >>> comment_html("List<T> & <b>more</b>", BUILTIN_FORMATS[DEFAULT_FORMAT], "comment-ada-")
    Markup('<p>List&lt;T&gt; &amp; <strong>more</strong></p>')
    """
    return _sanitized(text, text_format, id_prefix, notes or Notes(wanted=False))


def render_comment(text: str, text_format: TextFormat, id_prefix: str) -> RenderedComment:
    """Return the HTML of `comment_html`, and what was changed on the way, with places."""
    notes = Notes(wanted=True)
    html = _sanitized(text, text_format, id_prefix, notes)
    places = Places(text)
    changes = [
        msgspec.structs.replace(
            change, start=places.source(change.start), end=places.source(change.end)
        )
        for change in notes.changes
    ]
    changes += [
        Change("characters-removed", start, end, text[start:end], "", "they hide or turn text")
        for start, end in places.removed
    ]
    return RenderedComment(html, tuple(sorted(changes, key=lambda one: (one.start, one.end))))


def _sanitized(text: str, text_format: TextFormat, id_prefix: str, notes: Notes) -> Markup:
    # A build that reads no new comment gets by without these and their patterns.
    from sitegen.markup.untrusted.markdown import MAX_BRACKETS, markdown_html
    from sitegen.markup.untrusted.sanitize import sanitized

    allowlist = text_format.allowlist
    if text_format.kind != "markdown":
        reads_tags = text_format.kind == "html"
        return sanitized(text, text, allowlist, id_prefix, notes, reads_tags=reads_tags)
    plain = plain_characters(text)
    if len(plain) > MAX_CHARACTERS or plain.count("[") > MAX_BRACKETS:
        why = f"it is too long or has more than {MAX_BRACKETS} brackets"
        notes.refusal = why
        notes.add("shown-as-text", (0, len(plain)), "", "text without Markdown", why)
        return sanitized(text, text, allowlist, id_prefix, notes, reads_tags=False)
    fragment = markdown_html(plain, allowlist, notes)
    # What is noted of the HTML has no place in the Markdown; only a refusal counts.
    inner = Notes(wanted=notes.wanted)
    html = sanitized(fragment, text, allowlist, id_prefix, inner)
    if inner.refusal:
        notes.changes, notes.refusal = inner.changes, inner.refusal
    return html
