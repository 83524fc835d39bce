"""A stranger's text -> the same text without the characters that lie about it.

Nothing is composed or decomposed: under NFC the `>` of a tag and a following U+0338 would
become one other character, and the tag would be gone.
"""

from __future__ import annotations

import re
from bisect import bisect_right

MAX_CHARACTERS = 20_000
MAX_MARKS = 8

# Removed: controls, surrogates and non-characters (they break files, terminals and parsers),
# direction overrides and isolates (Trojan Source: the reviewer reads another text than the
# file holds), zero-width and tag characters (they hide addresses and words from a search).
# Kept: U+200C and U+200D after anything but ASCII, which Persian, Malayalam and emoji need;
# the marks U+200E and U+200F, which cannot turn other people's words around.
_REMOVED = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff"
    "\u061c\u200b\u202a-\u202e\u2060-\u206f\ufeff\u180e\U000e0000-\U000e0fff"
    + "".join(chr(plane << 16 | last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
)
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
)
_JOINERS = "\u200c\u200d"
_ODD = re.compile(
    rf"\r\n?|[\x0b\x0c\x85\u2028\u2029]|[\x1c-\x1f]|[{_REMOVED}{_JOINERS}]+"
    rf"|[{_MARKS}][{_MARKS}{_REMOVED}{_JOINERS}]*"
)
_MARK = re.compile(f"[{_MARKS}]")
_TOO_MANY_MARKS = re.compile(f"[{_MARKS}]{{{MAX_MARKS + 1}}}")


def plain_characters(text: str) -> str:
    r"""Return a text with line ends as `\n` and without the characters that are removed.

    >>> plain_characters("one\r\ntw\u202eo")
    'one\ntwo'
    """
    if text.isprintable() and text.isascii():
        return text
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    # All that is odd is unprintable to Python too, but for marks: no search for most texts.
    rest = text.replace("\n", "").replace("\t", "").replace("\u00a0", "")
    if rest.isprintable() and (text.isascii() or not _TOO_MANY_MARKS.search(text)):
        return text
    return _ODD.sub(_replacement, text)


def _replacement(found: re.Match[str]) -> str:
    first = found[0][0]
    if first in "\r\x0b\x0c\x85\u2028\u2029":
        return "\n"
    if first in "\x1c\x1d\x1e\x1f":
        return " "
    before = found.string[found.start() - 1 : found.start()]
    joiners = 1 if _MARK.match(first) or (before and not before.isascii()) else 0
    marks = MAX_MARKS
    kept = []
    for character in found[0]:
        if character in _JOINERS:
            joiners, keeps = joiners - 1, joiners
        else:
            is_mark = _MARK.match(character) is not None
            marks, keeps = marks - is_mark, marks if is_mark else 0
        if keeps > 0:
            kept.append(character)
    return "".join(kept)


class Places:
    """Where the characters of a normalised text stood in the source, and what was removed."""

    def __init__(self, source: str) -> None:
        self._starts, self._shifts = [0], [0]
        self.removed: list[tuple[int, int]] = []
        shift = 0
        for found in _ODD.finditer(source):
            kept = len(_replacement(found))
            if kept < len(found[0]) and found[0][0] != "\r":
                self.removed.append(found.span())
            if len(found[0]) != kept:
                shift += len(found[0]) - kept
                self._starts.append(found.end() - shift)
                self._shifts.append(shift)

    def source(self, position: int) -> int:
        """Return where a character of the normalised text stands in the source."""
        return position + self._shifts[bisect_right(self._starts, position) - 1]
