"""A picture's bytes -> its size and its kind, from the head of the file."""

from __future__ import annotations

import io

import msgspec

_LARGEST = 1 << 15  # no display shows more, and a header may lie


class Look(msgspec.Struct, frozen=True, array_like=True):
    """What is known of a picture without decoding it."""

    width: int = 0
    """In pixels, as it is shown; 0 where nobody knows."""
    height: int = 0
    kind: str = ""
    """`jpeg`, `png` or `webp`; empty for what moves, for drawings, and for the rest."""


UNKNOWN = Look()


def look_at(data: bytes) -> Look:
    """Return the size that a picture is shown with, and its kind, from its head."""
    import imagesize

    try:
        width, height = imagesize.get(io.BytesIO(data))
    except Exception:  # noqa: BLE001 - a library that reads what anybody made up
        return UNKNOWN
    is_size = 0 < width <= _LARGEST and 0 < height <= _LARGEST
    return Look(int(width), int(height), _kind(data)) if is_size else UNKNOWN


def _kind(data: bytes) -> str:
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        # APNG: its control chunk stands before the first data.
        moves = b"acTL" in data[: max(data.find(b"IDAT"), 0)]
        is_deep_grey = data[24:26] == b"\x10\0"  # no library makes eight bits of its sixteen well
        return "" if moves or is_deep_grey else "png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        moves = data[12:16] == b"VP8X" and len(data) > 20 and data[20] & 2 != 0  # the animation bit
        return "" if moves else "webp"
    return ""
