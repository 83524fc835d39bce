"""Articles -> their sharing pictures, and a problem for each title that the font cannot show."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from sitegen import disk
from sitegen.build.memory import Memory, content_digest, decoded
from sitegen.disk import SourceFile
from sitegen.errors import Location, Problem, SiteError, quoted
from sitegen.model.site import Site
from sitegen.pictures import sharing
from sitegen.sources.theme import Theme
from sitegen.views.sharing import Card, card

_NOTE = "letters"
_CURE = (
    "name a `font` that has them in the theme's `sharing_picture`;"
    " scripts whose letters join or run from right to left cannot be shown"
)


class _Letters(msgspec.Struct, frozen=True):
    """What is known of a font: Pillow is asked for letters that are new only."""

    font: bytes
    seen: str
    lacking: str


def cards_of(
    site: Site, theme: Theme, memory: Memory, *, wanted: bool
) -> tuple[dict[str, Card], list[Problem]]:
    """Return the sharing picture of each article, by its file, and what they cannot show.

    An article of whose title no word can be shown has none.

    Args:
        site: Tells the articles and who publishes.
        theme: Tells how they look.
        memory: Keeps what is known of the font.
        wanted: Whether the site asks for them.
    """
    design, font = theme.design, theme.font
    if design is None or font is None or not wanted:
        return {}, []
    texts = [(Location(disk.CONFIG), site.config.title)]
    texts += [(article.at("title"), article.title) for article in site.articles]
    lacking = _lacking(font, (text for _, text in texts), memory)
    problems = []
    for place, text in texts:
        unseen = "".join(dict.fromkeys(one for one in text if one in lacking and one.isalnum()))
        if unseen:
            message = f"the picture for sharing cannot show {quoted(unseen, 40)}"
            problems.append(Problem("unshown_letters", message, place, _CURE))
    cards = {
        article.path: card(site.config.title, article.title, design)
        for article in site.articles
        if sharing.without(article.title, lacking)
    }
    return cards, problems


def _lacking(font: SourceFile, texts: Iterable[str], memory: Memory) -> frozenset[str]:
    """Return the characters of some texts that a font cannot show; none if it is no font."""
    try:
        data = disk.read(font)
    except SiteError:
        return frozenset()  # drawing will say so
    name = content_digest(data + sharing.JOINED.pattern.encode())
    known = decoded(memory.note(_NOTE), _Letters)
    if known is None or known.font != name:
        known = _Letters(name, "", "")
    new = sorted({*"".join(texts)} - {*known.seen})
    if new:
        try:
            lacking = sharing.lacking(data, new)
        except ValueError:
            return frozenset()
        known = _Letters(name, known.seen + "".join(new), known.lacking + "".join(sorted(lacking)))
        memory.write_down(_NOTE, msgspec.msgpack.encode(known))
    return frozenset(known.lacking)
