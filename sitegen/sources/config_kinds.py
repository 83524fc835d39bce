"""The kinds of values that only config.yaml has: addresses, patterns, links of the menu."""

from __future__ import annotations

import re
import zoneinfo
from urllib.parse import urlsplit

import msgspec

from sitegen.errors import quoted
from sitegen.sources import kinds, schema, text_formats
from sitegen.sources.nodes import Node, Scalar, place_of
from sitegen.sources.schema import Key


class MenuItem(msgspec.Struct, frozen=True):
    """One link of the site's menu; `url` is a path of the site or an address."""

    title: str
    url: str
    place: tuple[int, int] = (0, 0)
    """Line and column of its address in config.yaml."""


class Permalinks(msgspec.Struct, frozen=True):
    """The pattern of the path at which each kind of page is published."""

    article: str = "/{section}/{slug}/"
    page: str = "/{section}/{slug}/"


def _read_zone(node: Node, reader: kinds.Reader) -> str | None:
    name = node.text.strip() if isinstance(node, Scalar) else ""
    # available_timezones is not asked: on Windows and in small containers it may be empty.
    if re.fullmatch(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+){0,2}", name):
        try:
            zoneinfo.ZoneInfo(name)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            pass
        else:
            return name
    hint = "write a name of the IANA database, such as Europe/Vienna or UTC"
    reader.report("value", f"{quoted(name)} is not a time zone", node.location, hint)
    return None


def _read_base_url(node: Node, reader: kinds.Reader) -> str | None:
    value = node.text.strip() if isinstance(node, Scalar) else ""
    cleaned = base_url(value)
    if cleaned is None:
        hint = "write the address of the home page, such as https://example.org/"
        reader.report("value", f"{quoted(value)} is not the address of a site", node.location, hint)
    return cleaned


def base_url(text: str) -> str | None:
    """Return an address of a site, ending with a slash; None if it is none."""
    # No empty part: `//notes/` at the beginning of a link is a host. No `..`: browsers drop it.
    part = r"(?!\.{1,2}(?:/|$))[A-Za-z0-9._~%-]+"
    if not re.fullmatch(rf"https?://[A-Za-z0-9.:\[\]-]+(?:/{part})*/?", text):
        return None
    try:
        parts = urlsplit(text)
        if not parts.hostname or (parts.port is not None and parts.port == 0):
            return None
    except ValueError:
        return None
    return text if text.endswith("/") else text + "/"


DATE_DIRECTIVES = "aAbBdemyYHIMSpjzZ"


_PERMALINK = kinds.matching(
    r"/(?:(?:[^{}/?#%\s]|\{(?:section|slug|year|month|day)\})+/)+",
    "a pattern of a permalink",
    "begin and end with a slash; use {section}, {slug}, {year}, {month}, {day}",
)
DATE_FORMAT = kinds.matching(
    rf"(?:[^%]|%%|%[{DATE_DIRECTIVES}])+",
    "a date format",
    f"use %% and % with one of {' '.join(DATE_DIRECTIVES)}, as in %a, %d/%m/%Y - %H:%M",
    max_length=100,
)
TAXONOMIES = kinds.list_of(text_formats.WORD, max_items=20)

MENU_KEYS = (
    Key("title", kinds.text(max_length=80), "The words of the link.", required=True),
    Key(
        "url",
        kinds.link,
        "A path of the site, such as /about/, or a web address.",
        required=True,
    ),
)


def _read_menu_item(node: Node, reader: kinds.Reader) -> MenuItem | None:
    values = schema.record(MENU_KEYS, inside="menu.").read(node, reader)
    if values is None:
        return None
    place = place_of(node, "url")
    return MenuItem(**values, place=(place.line, place.column))


MENU_ITEM = kinds.Kind(_read_menu_item, schema.keys_schema(MENU_KEYS))
PERMALINK_KEYS = (
    Key("article", _PERMALINK, "Where articles are published.", default=Permalinks().article),
    Key("page", _PERMALINK, "Where pages are published.", default=Permalinks().page),
)
TIME_ZONE = kinds.Kind(_read_zone, {"type": "string"})
ADDRESS = kinds.Kind(_read_base_url, {"type": "string", "format": "uri"})
BYLINE = kinds.matching(
    r"(?:[^{}]|\{(?:author|date)\})+",
    "a byline",
    "use {author} and {date}, as in Submitted by {author} on {date}",
    max_length=200,
)
