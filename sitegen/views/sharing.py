"""An article -> the picture with its title that is shown where its address is shared."""

from __future__ import annotations

import msgspec

from sitegen.pictures.sharing import Design
from sitegen.sources.config import Config
from sitegen.views.addresses import absolute
from sitegen.views.jobs import digest_of
from sitegen.views.pictures import FOLDER


class Card(msgspec.Struct, frozen=True):
    """A picture with an article's title, to be shown where its address is shared."""

    path: str
    """Where it is published, from the site's home."""
    design: Design
    title: str
    foot: str


def card(site: str, title: str, design: Design) -> Card:
    """Return the sharing picture of an article: with another title, at another address."""
    name = digest_of(site, title, design).hex()[:16]
    return Card(f"{FOLDER}sharing.{name}.png", design, title, site)


def picture_address(config: Config, found: Card | None) -> str:
    """Return the whole address of a sharing picture; empty if there is none."""
    return absolute(config, found.path) if found else ""
