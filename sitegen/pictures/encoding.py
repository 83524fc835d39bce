"""A picture's bytes -> the same picture in another format and width, by Pillow.

Equal bytes come of equal bytes: one thread, one codec, and nothing of the original but its
pixels and their colour profile. What a camera wrote about place and time stays behind.
"""

from __future__ import annotations

import io
import warnings
from typing import Any

TYPES = {"avif": "image/avif", "webp": "image/webp"}
"""Formats that pictures can be made in, with their media types."""
_QUALITY = {
    ("avif", "jpeg"): 60,
    ("webp", "jpeg"): 78,
    ("avif", "webp"): 60,
    ("webp", "webp"): 78,
    ("avif", "png"): 75,  # a drawing or a screen with words, which show what is lost
    ("webp", "png"): 90,
}
_HOW: dict[str, dict[str, Any]] = {
    "avif": {"speed": 8, "codec": "aom", "max_threads": 1, "autotiling": False},
    "webp": {"method": 4},
}


class PictureError(ValueError):
    """A picture cannot be decoded; says why, in words that may come from the file."""


def encode(data: bytes, kind: str, wanted: str, width: int) -> bytes:
    """Return a picture in another format.

    Args:
        data: The original.
        kind: Its kind: `jpeg`, `png` or `webp`.
        wanted: The format to be made, one of `TYPES`.
        width: In pixels, at most that of the original; the height follows.

    Raises:
        PictureError: It is damaged, or larger than anybody could mean.
    """
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of large pictures; too large is an error
            original = Image.open(io.BytesIO(data), formats=[kind])
            if original.getexif().get(0x0112, 1) == 1:  # it is not turned, so width is width
                original.draft(
                    None, (width, 1)
                )  # a JPEG is decoded at about the size that is needed
            profile = original.info.get("icc_profile")
            picture = ImageOps.exif_transpose(original)
            mode = "RGBA" if picture.has_transparency_data else "RGB"
            if picture.mode != mode:
                profile = profile if picture.mode in {"P", "RGB", "RGBA"} else None
                picture = picture.convert(mode)
            height = max(1, round(picture.height * width / picture.width))
            if picture.size != (width, height):
                picture = picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3)
            made = io.BytesIO()
            how = {"quality": _QUALITY[wanted, kind], **_HOW[wanted]}
            picture.info.clear()
            picture.save(made, wanted, icc_profile=profile or b"", exif=b"", **how)
    except Exception as error:  # whatever a damaged file does to a decoder
        raise PictureError(str(error)) from error
    return made.getvalue()
