"""The references of all documents -> where they lead, and which documents each is linked from."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from urllib.parse import unquote, urlsplit

import msgspec

from sitegen.errors import Location, Problem, quoted
from sitegen.sources.config import PATH, Config
from sitegen.sources.content import Document
from sitegen.views.addresses import address
from sitegen.views.part_records import LinkView
from sitegen.views.pictures import Picture, Variant, choices, variants
from sitegen.views.references import Found, Territory, resolve

Links = tuple[Found, ...]


class Network(msgspec.Struct, frozen=True):
    """How the documents of a site are linked."""

    links: Mapping[str, Links]
    """Path of a source -> where the references of its text lead, in order."""
    backlinks: Mapping[str, tuple[LinkView, ...]]
    """Path of a source -> the pages that link to it, newest first."""
    problems: tuple[Problem, ...]
    broken: frozenset[str] = frozenset()
    """Where references lead that are told to be broken, as paths with fragments."""
    variants: tuple[Variant, ...] = ()
    """The pictures that are to be made of those in texts, each once."""


NOTHING = Network({}, {}, ())


def find_links(
    config: Config,
    documents: Iterable[Document],
    territory: Territory,
    picture_at: Callable[[str], Picture],
) -> Network:
    """Find out where all references of the published documents lead.

    Args:
        config: Tells the site's address.
        documents: The published documents.
        territory: What there is to link to.
        picture_at: Path of a file -> what is known of the picture in it.
    """
    links: dict[str, Links] = {}
    backlinks: dict[str, dict[str, Document]] = {}
    problems: list[Problem] = []
    broken: set[str] = set()
    wanted: dict[str, Variant] = {}
    for document in documents:
        found = []
        problems += document.remarks
        for link in document.links:
            place, problem = resolve(document, link, territory)
            if problem:
                problems.append(problem)
                broken.add(place.path + place.suffix)
            if place.file and link.is_image:
                place, made = _shown(place, picture_at(place.file), config)
                wanted |= {one.path: one for one in made}
            if place.document and place.document != document.path and not document.unlisted:
                backlinks.setdefault(place.document, {})[document.path] = document
            found.append(place)
        links[document.path] = tuple(found)
    sources = {path: _in_order(found.values()) for path, found in backlinks.items()}
    return Network(
        links,
        {
            path: tuple(
                LinkView(one.title, address(config, territory.permalinks[one.path]))
                for one in linking
            )
            for path, linking in sources.items()
        },
        tuple(problems),
        frozenset(broken),
        tuple(wanted.values()),
    )


def _shown(place: Found, picture: Picture, config: Config) -> tuple[Found, tuple[Variant, ...]]:
    """Return what a reference leads to with what is known of the picture, and what is made of it."""
    made = variants(config.pictures, picture)
    look = picture.look
    place = msgspec.structs.replace(
        place, width=look.width, height=look.height, choices=tuple(choices(made))
    )
    return place, made


def _in_order(documents: Iterable[Document]) -> list[Document]:
    """Return articles by date, newest first, then pages."""
    return sorted(
        documents, key=lambda one: (-one.date.timestamp() if one.date else math.inf, one.path)
    )


def find_menu_problems(config: Config, territory: Territory) -> Iterator[Problem]:
    """Yield a problem for each link of the menu to a path of the site that is not there."""
    for item in config.menu:
        path = unquote(urlsplit(item.url).path)
        if "://" not in item.url and not territory.has(path, is_file=False):
            place = Location(PATH, *item.place, width=len(item.url))
            message = f"the link {quoted(item.url)} of the menu leads nowhere"
            yield Problem("broken_link", message, place, "correct the path, or delete the link")
