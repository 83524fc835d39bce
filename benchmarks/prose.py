"""Running text as people write it: sentences with links, emphasis and code."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

from benchmarks.dice import Dice
from benchmarks.words import WORDS

_HOSTS = (
    "https://example.org",
    "https://example.com/notes",
    "https://maps.example.net",
    "http://archive.example.org",
    "https://library.example.com",
)


def words(dice: Dice, count: int) -> list[str]:
    """Return so many words."""
    return [dice.one(WORDS) for _ in range(count)]


def phrase(dice: Dice, low: int, high: int) -> str:
    """Return a few words that begin with a capital: a title or a heading."""
    return " ".join(words(dice, dice.between(low, high))).capitalize()


def address(dice: Dice) -> str:
    """Return a web address; a few of them hold a query."""
    path = "/".join(words(dice, dice.between(1, 3)))
    query = f"?from={dice.one(WORDS)}&n={dice.between(1, 99)}" if dice.chance(0.15) else ""
    return f"{dice.one(_HOSTS)}/{path}{query}"


def plain(dice: Dice, count: int) -> str:
    """Return sentences without any markup, of so many words."""
    return _sentences(dice, words(dice, count))


def rich(dice: Dice, count: int) -> str:
    """Return sentences with Markdown in them, about one piece every fourteen words."""
    found = words(dice, count)
    at = dice.between(3, 14)
    while at < count - 5:
        _mark(dice, found, at)
        at += dice.between(6, 22)
    return _sentences(dice, found)


def _mark(dice: Dice, found: list[str], at: int) -> None:
    """Put one piece of Markdown at a word."""
    kinds: list[Callable[[], None]] = [
        lambda: _surround(found, at, at, "*", "*"),
        lambda: _surround(found, at, at, "*", "*"),
        lambda: _surround(found, at, at + 1, "**", "**"),
        lambda: _surround(found, at, at + 2, "[", f"]({address(dice)})"),
        lambda: _surround(found, at, at + 2, "[", f"]({address(dice)})"),
        lambda: _surround(found, at, at, "`", f"({dice.one(WORDS)})`"),
        lambda: _surround(found, at, at, "`", "`"),
        lambda: found.__setitem__(at, f"<{address(dice)}>"),
        lambda: found.__setitem__(at, "salt &amp; pepper —"),
        lambda: found.__setitem__(at, "it’s “so”"),
    ]
    dice.one(kinds)()


def _surround(found: list[str], first: int, last: int, before: str, after: str) -> None:
    found[first] = before + found[first]
    found[last] += after


def _sentences(dice: Dice, found: list[str]) -> str:
    """Set capitals, commas and full stops."""
    found[0] = found[0][:1].upper() + found[0][1:]
    left = dice.between(6, 18)
    for at in range(len(found) - 1):
        left -= 1
        if left > 0 or not found[at][-1].isalnum():
            continue
        left = dice.between(6, 18)
        if dice.chance(0.35):
            found[at] += ","
        else:
            found[at] += "."
            found[at + 1] = found[at + 1][:1].upper() + found[at + 1][1:]
    return " ".join(found) + "."


def wrapped(text: str) -> str:
    """Return a text with its lines broken at 88 characters."""
    return textwrap.fill(text, 88, break_long_words=False, break_on_hyphens=False)
