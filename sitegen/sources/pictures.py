"""What a site wants made of its pictures: the key `pictures` of config.yaml."""

from __future__ import annotations

import msgspec

from sitegen.pictures.encoding import TYPES
from sitegen.sources import schema
from sitegen.sources.schema import Key

_SIZES = (
    "(min-width: 42rem) 38rem, 90vw"  # the column of text in the theme that comes with the tool
)


class PictureSettings(msgspec.Struct, frozen=True):
    """In which formats and widths pictures are published beside the originals."""

    formats: tuple[str, ...] = ()
    widths: tuple[int, ...] = (480, 960, 1600)
    sizes: str = _SIZES


PICTURE_KEYS = (
    Key(
        "formats",
        schema.list_of(schema.choice(*TYPES), max_items=len(TYPES)),
        "The formats in which pictures are made, the preferred one first; none if absent.",
        default=(),
    ),
    Key(
        "widths",
        schema.list_of(schema.whole_number(16, 8192), max_items=12),
        "The widths in pixels in which they are made, as far as the original is as wide.",
        default=PictureSettings().widths,
    ),
    Key(
        "sizes",
        schema.matching(
            r"[A-Za-z0-9 ().,:<>=*/+-]+",
            "the sizes of a picture",
            "write it as for the attribute `sizes` in HTML, as in 90vw",
            max_length=200,
        ),
        "How wide the theme shows pictures, for browsers to choose by.",
        default=_SIZES,
    ),
)
KEYS = (
    Key(
        "pictures",
        schema.record(PICTURE_KEYS, PictureSettings, "pictures."),
        "What is made of pictures.",
        default=PictureSettings(),
    ),
)
