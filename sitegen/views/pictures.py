"""The pictures of texts -> what is to be made of each, and what browsers are told of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

import msgspec

from sitegen.pictures.encoding import TYPES
from sitegen.pictures.looking import Look
from sitegen.sources.picture_settings import PictureSettings

FOLDER = "/assets/"


class Picture(msgspec.Struct, frozen=True):
    """A picture of the site."""

    file: str
    """Its path in the site's folder."""
    digest: bytes
    """Of its bytes; empty if they cannot be read."""
    look: Look


class Variant(msgspec.Struct, frozen=True):
    """A picture to be made of another."""

    path: str
    """Where it is published, from the site's home."""
    original: Picture
    format: str
    width: int


class Choice(msgspec.Struct, frozen=True):
    """The same picture in one format: its media type, and path and width of each file."""

    type: str
    files: tuple[tuple[str, int], ...]


def variants(settings: PictureSettings, picture: Picture) -> tuple[Variant, ...]:
    """Return what is made of a picture: each format in each width, the preferred format first.

    Nothing is made of what moves, of drawings, and of what is smaller than the smallest width.
    """
    look = picture.look
    if not look.kind or not settings.widths or look.width <= min(settings.widths):
        return ()
    widths = {min(width, look.width) for width in settings.widths}
    name = PurePosixPath(picture.file).stem
    return tuple(
        Variant(
            f"{FOLDER}{name}.{picture.digest.hex()[:10]}.{width}.{wanted}", picture, wanted, width
        )
        for wanted in dict.fromkeys(settings.formats)
        for width in sorted(widths)
    )


def choices(made: tuple[Variant, ...]) -> Iterator[Choice]:
    """Yield what browsers can choose from, by format."""
    for wanted in dict.fromkeys(one.format for one in made):
        files = tuple((one.path, one.width) for one in made if one.format == wanted)
        yield Choice(TYPES[wanted], files)
