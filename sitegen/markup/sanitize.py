"""A stranger's text -> Markup: the one place in the program where that happens.

    normalise → tags that are allowed, and text → nested → bleach → breaks, links, one escaper
    → nh3 must agree byte for byte → Markup

Whatever goes wrong on the way, the text is shown as it was written: a comment can neither
get past this function nor stop a build.
"""

from __future__ import annotations

from functools import partial

from markupsafe import Markup

from sitegen.markup.allowlist import Allowlist
from sitegen.markup.autolink import has_addresses, linked
from sitegen.markup.breaks import ToHtml, paragraphs, written
from sitegen.markup.changes import Change
from sitegen.markup.characters import MAX_CHARACTERS, plain_characters
from sitegen.markup.elements import URLS
from sitegen.markup.escaping import escape
from sitegen.markup.gates import GatesDisagree, accepts_address, all_text, cleaned, unchanged
from sitegen.markup.nesting import TooMuchMarkup, nested
from sitegen.markup.policy import policy_of
from sitegen.markup.tags import Reader, Start, Text, own_id

MAX_OUTPUT = 200_000
"""Characters; and never more than 20 times the text and a little."""


def sanitized(
    fragment: str,
    source: str,
    allowlist: Allowlist,
    id_prefix: str,
    changes: list[Change] | None = None,
    *,
    reads_tags: bool = True,
    makes_links: bool = True,
) -> Markup:
    """Return a stranger's HTML as Markup that holds only what the allowlist lets through.

    Args:
        fragment: What is to be shown; the source itself, or HTML made from it.
        source: What was written; shown as text if the fragment cannot be.
        allowlist: What is let through.
        id_prefix: What the ids of this comment begin with, `comment-2018-02-20-ada-`; in a
            page no two comments have the same.
        changes: Where to note what is not shown as written; None: nowhere.
        reads_tags: False for text in which a tag is text.
        makes_links: Whether addresses turn into links.
    """
    to_html = partial(linked, accepts=accepts_address) if makes_links else escape
    text = plain_characters(fragment)
    why = ""
    if len(text) > MAX_CHARACTERS:
        why = f"longer than {MAX_CHARACTERS} characters"
    else:
        try:
            if reads_tags and ("<" in text or "&" in text):
                html = _with_tags(text, allowlist, id_prefix, changes, to_html)
            else:
                html = paragraphs(text, to_html if has_addresses(text) else escape)
            if len(html) > min(MAX_OUTPUT, 20 * len(source) + 1_000):
                why = "too much markup"
            elif unchanged(html, allowlist, id_prefix):
                return Markup(html)  # noqa: S704 - both gates have agreed
            else:
                why = "the two gates disagree about it"
        except TooMuchMarkup:
            why = "too many or too deeply nested tags"
        except GatesDisagree:
            why = "the two gates disagree about it"
        except Exception as error:  # noqa: BLE001 - a comment must not stop a build
            why = f"the text format failed with {type(error).__name__}"
    return _as_text(source, why, changes)


def _with_tags(
    text: str, allowlist: Allowlist, id_prefix: str, changes: list[Change] | None, to_html: ToHtml
) -> str:
    reader = Reader(policy_of(allowlist), id_prefix, accepts_address, changes)
    pieces = list(reader.pieces(text))
    if all_text(pieces):
        return paragraphs(
            "".join(piece.text for piece in pieces if isinstance(piece, Text)), to_html
        )
    tokens = cleaned(nested(pieces, reader.note), allowlist)
    if id_prefix:
        tokens = [
            _with_own_ids(one, id_prefix) if isinstance(one, Start) and one.attributes else one
            for one in tokens
        ]
    return written(tokens, to_html)


def _with_own_ids(start: Start, id_prefix: str) -> Start:
    """Return a tag whose id, and whose link to an id, are this comment's and never the page's."""
    attributes = tuple(
        (name, own_id(id_prefix, value))
        if name == "id"
        else (name, f"#{own_id(id_prefix, value[1:])}")
        if name in URLS and value.startswith("#")
        else (name, value)
        for name, value in start.attributes
    )
    return start._replace(attributes=attributes)


def _as_text(source: str, why: str, changes: list[Change] | None) -> Markup:
    """Return the text as it was written, without tags and links, and no longer than it may be."""
    text = plain_characters(source)
    if changes is not None:
        changes[:] = [
            Change("shown-as-text", 0, len(source), "", "text without tags and links", why)
        ]
    if len(text) > MAX_CHARACTERS:
        if changes is not None:
            changes.append(
                Change("cut", MAX_CHARACTERS, len(text), text[MAX_CHARACTERS:], "…", why)
            )
        text = f"{text[:MAX_CHARACTERS]}…"
    return Markup(paragraphs(text, escape))  # noqa: S704 - escaped, every character of it
