"""A stranger's text -> Markup: the one place in the program where that happens.

    normalise and limit → text, and tags that are allowed → nested → bleach must leave the tags
    alone → breaks, links, one escaper → nh3 must leave every byte alone → Markup

Whatever goes wrong on the way, the text is shown as it was written: a comment can neither
get past this function nor stop a build.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from markupsafe import Markup

from sitegen.markup.escaping import escape
from sitegen.markup.untrusted.attributes import AttributeReader
from sitegen.markup.untrusted.autolink import has_addresses, linked
from sitegen.markup.untrusted.breaks import ToHtml, paragraphs, written
from sitegen.markup.untrusted.characters import MAX_CHARACTERS, plain_characters
from sitegen.markup.untrusted.gates import accepts_address, tags_stand, unchanged
from sitegen.markup.untrusted.nesting import nested
from sitegen.markup.untrusted.policy import policy_of
from sitegen.markup.untrusted.tags import TagReader, Text, TooMuchMarkup

if TYPE_CHECKING:
    from sitegen.markup.untrusted.allowlist import Allowlist
    from sitegen.markup.untrusted.changes import Notes

MAX_OUTPUT = 200_000
"""Characters; and never more than 20 times the text and a little."""


_LINKED = partial(linked, accepts=accepts_address)


class Refused(Exception):  # noqa: N818 - not an error of anybody: the text is shown as written
    """A text that cannot be shown in its format; says why."""


def sanitized(
    fragment: str,
    source: str,
    allowlist: Allowlist,
    id_prefix: str,
    notes: Notes,
    *,
    reads_tags: bool = True,
) -> Markup:
    """Return a stranger's HTML as Markup that holds only what the allowlist lets through.

    Args:
        fragment: What is to be shown; the source itself, or HTML made from it.
        source: What was written; shown as text if the fragment cannot be.
        allowlist: What is let through.
        id_prefix: What the ids of this comment begin with, `comment-2018-02-20-ada-`; in a
            page no two comments have the same.
        notes: Where to note what is not shown as written.
        reads_tags: False for text in which a tag is text.
    """
    limit = MAX_CHARACTERS if fragment is source else MAX_OUTPUT
    try:
        text = _limited(plain_characters(fragment), limit)
        html = _html(text, allowlist, id_prefix, notes, reads_tags=reads_tags)
        _limited(html, min(MAX_OUTPUT, 20 * len(source) + 1_000))
        if not unchanged(html, allowlist, id_prefix):
            why = "the second gate would change it"
            html = _as_text(source, why, notes)
    except (Refused, TooMuchMarkup) as error:
        html = _as_text(source, str(error), notes)
    except Exception as error:  # noqa: BLE001 - no comment may stop a build
        html = _as_text(source, f"the text format failed: {type(error).__name__}", notes)
    # Either both gates have agreed, or every character of it is escaped.
    return Markup(html)  # noqa: S704 - the trust boundary


def _limited(text: str, limit: int) -> str:
    if len(text) > limit:
        raise Refused(f"it would be {len(text)} characters long, the limit is {limit}")
    return text


def _html(
    text: str, allowlist: Allowlist, id_prefix: str, notes: Notes, *, reads_tags: bool
) -> str:
    policy = policy_of(allowlist)
    to_html = _LINKED if policy.links else escape
    # The fast path: nothing in it can be a tag or a reference.
    if not reads_tags or ("<" not in text and "&" not in text):
        return paragraphs(text, to_html if has_addresses(text) else escape)
    attributes = AttributeReader(policy, id_prefix, accepts_address, notes)
    return _with_tags(text, allowlist, TagReader(policy, attributes, notes), to_html)


def _with_tags(text: str, allowlist: Allowlist, reader: TagReader, to_html: ToHtml) -> str:
    pieces = reader.pieces(text)
    if all(isinstance(piece, Text) for piece in pieces):
        return paragraphs("".join([piece[0] for piece in pieces]), to_html)
    tree = nested(pieces, reader.notes)
    if not tags_stand(tree, allowlist):
        raise Refused("the first gate would change its tags")
    return written(tree, to_html)


def _as_text(source: str, why: str, notes: Notes) -> str:
    """Return the text as it was written, without tags or links, and no longer than it may be."""
    text = plain_characters(source)
    notes.changes = []
    notes.refusal = why
    notes.add("shown-as-text", (0, len(text)), "", "text without tags and links", why)
    if len(text) > MAX_CHARACTERS:
        rest = (MAX_CHARACTERS, len(text))
        notes.add("cut", rest, text[MAX_CHARACTERS:], "…", f"longer than {MAX_CHARACTERS}")
        text = f"{text[:MAX_CHARACTERS]}…"
    html = paragraphs(text, escape)
    if len(html) > MAX_OUTPUT:
        html = f"<p>{escape(text)}</p>"
    return html
