"""`pictures:` of config.yaml -> PictureSettings: what a site wants made of its pictures."""

from __future__ import annotations

import msgspec

from sitegen.pictures.encoding import TYPES
from sitegen.pictures.sharing import Design
from sitegen.sources import kinds, schema
from sitegen.sources.schema import Key

_SIZES = (
    "(min-width: 42rem) 38rem, 90vw"  # the column of text in the theme that comes with the tool
)


class PictureSettings(msgspec.Struct, frozen=True):
    """In which formats and widths pictures are published beside the originals."""

    formats: tuple[str, ...] = ()
    widths: tuple[int, ...] = (480, 960, 1600)
    sizes: str = _SIZES
    sharing: bool = False


PICTURE_KEYS = (
    Key(
        "formats",
        kinds.list_of(kinds.choice(*TYPES), max_items=len(TYPES)),
        "The formats in which pictures are made, the preferred one first; none if absent.",
        default=(),
    ),
    Key(
        "widths",
        kinds.list_of(kinds.whole_number(16, 8192), max_items=12),
        "The widths in pixels in which they are made, as far as the original is as wide.",
        default=PictureSettings().widths,
    ),
    Key(
        "sizes",
        kinds.matching(
            r"[A-Za-z0-9 ().,:<>=*/+-]+",
            "the sizes of a picture",
            "write it as for the attribute `sizes` in HTML, as in 90vw",
            max_length=200,
        ),
        "How wide the theme shows pictures, for browsers to choose by.",
        default=_SIZES,
    ),
    Key(
        "sharing",
        kinds.flag,
        "Whether every article has a picture with its title, to be shown where it is shared.",
        default=False,
    ),
)
_COLOR = kinds.matching(r"#[0-9a-fA-F]{6}", "a colour", "write it as in #1b1a17")
DESIGN_KEYS = (
    Key("background", _COLOR, "The colour of the picture.", default=Design().background),
    Key("color", _COLOR, "The colour of the title.", default=Design().color),
    Key("accent", _COLOR, "The colour of the bar and of the last line.", default=Design().accent),
    Key(
        "font",
        kinds.matching(r"[A-Za-z0-9][A-Za-z0-9._-]*", "the name of a file", "a file in fonts/"),
        "A font in the theme's `fonts/`; that of the theme below if absent.",
        default="",
    ),
)
design = schema.record(DESIGN_KEYS, Design, "sharing_picture.")
"""The key `sharing_picture` of theme.yaml."""
