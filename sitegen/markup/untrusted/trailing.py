"""Where an address in running text ends: before the punctuation and brackets of the sentence."""

from __future__ import annotations

import re

from sitegen.markup.untrusted.addresses import MAX_ADDRESS

_OPENING = {
    ")": "(",
    "]": "[",
    "}": "{",
    "）": "（",
    "］": "［",
    "」": "「",
    "』": "『",
    "】": "【",
    "》": "《",
    "〉": "〈",
    "〕": "〔",
}
_WIDE_BRACKET = re.compile("[（）［］「」『』【】《》〈〉〔〕]")
_TRAILING = frozenset(".,;:!?*…")
_QUOTES = frozenset("'’")
_REFERENCE_AT_END = re.compile(r"&[A-Za-z0-9]{1,32};$")


def trimmed(text: str, start: int, host_end: int, end: int) -> int:
    """Return where an address ends without the punctuation and brackets around it."""
    if end - start > MAX_ADDRESS:
        return end
    if _WIDE_BRACKET.search(text, host_end, end):
        end = _before_unopened(text, host_end, end)
    if text[end - 1].isalnum() or text[end - 1] == "/":
        return end
    address = text[start:end]
    surplus = {
        closing: address.count(closing) - address.count(opening)
        for closing, opening in _OPENING.items()
    }
    while end > host_end:
        last = text[end - 1]
        if last == ";" and (
            reference := _REFERENCE_AT_END.search(text[max(host_end, end - 34) : end])
        ):
            end -= len(reference[0])
        elif last in _TRAILING or (last in _QUOTES and text.count(last, start, end) % 2):
            end -= 1
        elif surplus.get(last, 0) > 0:
            surplus[last] -= 1
            end -= 1
        else:
            break
    return end


def _before_unopened(text: str, start: int, end: int) -> int:
    """Return where the first full-width bracket closes that was not opened: no blank follows it."""
    opened: list[str] = []
    for position in range(start, end):
        character = text[position]
        if not _WIDE_BRACKET.match(character):
            continue
        if character not in _OPENING:
            opened.append(character)
        elif opened and opened[-1] == _OPENING[character]:
            opened.pop()
        else:
            return position
    return end
