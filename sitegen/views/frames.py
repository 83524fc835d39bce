"""What every page is made with, and how a document's text becomes HTML in it."""

from __future__ import annotations

import msgspec
from markupsafe import Markup

from sitegen.markup.articles.marks import Body, Place, Source, fill
from sitegen.sources.config import Config
from sitegen.sources.theme_parameters import Value
from sitegen.views.addresses import absolute, address, link_address
from sitegen.views.links import Links
from sitegen.views.part_records import LinkView, SiteView
from sitegen.views.pictures import Choice
from sitegen.views.sharing import Card

SITE_FEEDS = (
    ("Atom", "/feed.xml"),
    ("JSON Feed", "/feed.json"),
    ("Comments", "/comments/feed.xml"),
)


REPLACEABLE = frozenset(("_headers", "_redirects", "llms.txt", "robots.txt"))
"""Outputs for machines that a file of the same name in static/ takes the place of."""


class Furniture(msgspec.Struct, frozen=True):
    """What the theme and the tool bring to every page."""

    assets: dict[str, str]
    """Name of a file of the theme -> its path from the site's home."""
    words: dict[str, dict[str, str]]
    """Language -> what the theme says for the words that texts hold; `""` is for all others."""
    code_style: str
    """Path of the style sheet for code; empty if there is no code."""
    code_rules: str
    parameters: dict[str, Value]
    """Of the theme, by name."""
    own: frozenset[str]
    """Of `REPLACEABLE`, those that the site has in static/."""
    cards: dict[str, Card] = {}
    """File of an article -> its sharing picture, if there is one."""


class Frame(msgspec.Struct, frozen=True):
    """What every page is made with."""

    config: Config
    site: SiteView
    words: dict[str, dict[str, str]]


def frame(config: Config, furniture: Furniture) -> Frame:
    """Return what every page is made with."""
    menu = tuple(LinkView(item.title, link_address(config, item.url)) for item in config.menu)
    site = SiteView(
        title=config.title,
        description=config.description,
        language=config.language,
        author=config.author,
        home=address(config, "/"),
        base_url=config.base_url,
        menu=menu,
        feeds=tuple(LinkView(title, address(config, path)) for title, path in SITE_FEEDS),
        archive_url=address(config, "/archive/"),
        search_url=address(config, "/search/") if config.search else "",
        tags_url=address(config, "/tags/"),
        assets={name: address(config, path) for name, path in sorted(furniture.assets.items())},
        parameters=furniture.parameters,
        receiver=config.comments.receiver,
    )
    return Frame(config, site, furniture.words)


def body_html(
    frame: Frame, body: Body, here: str, links: Links, lang: str, *, whole: bool = False
) -> Markup:
    """Return a document's text with its links filled in.

    Args:
        frame: Tells the site's address.
        body: The rendered text.
        here: The permalink of the page, so that links within it stay within it.
        links: Where its references lead.
        lang: The language of the text.
        whole: Make every address absolute and show every picture as it is, for feeds.
    """
    config = frame.config
    spell = absolute if whole else address
    places = (
        Place(
            found.suffix
            if found.path == here and found.suffix.startswith("#") and not whole
            else spell(config, found.path) + found.suffix,
            found.width,
            found.height,
            () if whole else tuple(_source(config, choice) for choice in found.choices),
        )
        for found in links
    )
    return fill(
        body,
        places,
        frame.words.get(lang, frame.words[""]),
        absolute(config, here) if whole else "",
    )


def _source(config: Config, choice: Choice) -> Source:
    files = (f"{address(config, path)} {width}w" for path, width in choice.files)
    return Source(choice.type, ", ".join(files), config.pictures.sizes)
