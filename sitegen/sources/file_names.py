"""Names of files, by the measure of every system that may have to hold them."""

from __future__ import annotations

import re
import unicodedata

DEVICE = r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])"
"""A name that Windows gives to no file, whatever follows its first dot: a checkout there fails."""
# Besides devices: dots and blanks at an end; and some characters, of which `a:b` would even be
# written, as a hidden part of `a`.
_UNFIT = re.compile(rf"(?:^|/){DEVICE} *(?:[./]|$)|[. ](?:/|$)|[<>:\"|?*\\\x00-\x1f]")


def same_place(path: str) -> str:
    """Return what two paths share when some file system takes them for one."""
    if path.isascii():
        return path.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def fits_windows(place: str) -> bool:
    """Return whether Windows takes the result of `same_place` for a file."""
    return not _UNFIT.search(place)
