"""A text -> a YAML scalar that readers of every kind take for the same text."""

from __future__ import annotations

import re

_PLAIN_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _./+-]*(?<! )", re.ASCII)


def scalar(value: str) -> str:
    """Return a scalar that YAML readers of every kind take for the same text."""
    if _PLAIN_SAFE.fullmatch(value) and not _looks_typed(value):
        return value
    return _in_quotes(value)


def _looks_typed(value: str) -> bool:
    words = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}
    return (
        value.lower() in words
        or re.fullmatch(r"[0-9.+_eExobB:/-][0-9a-fA-F.+_eExoOB:/T Z-]*", value) is not None
    )


def _escape(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character in "\t\n":
        return {"\t": "\\t", "\n": "\\n"}[character]
    if character.isprintable() or character in "\u200c\u200d":
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


_NOT_IN_BLOCK = re.compile(
    "[^\n\t -~\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u2028\u2029\ufeff\u0085]"
)


def block_scalar(body: str) -> str:
    """Return a body as a literal block, which a reviewer reads as it was typed; else quoted."""
    if _NOT_IN_BLOCK.search(body) or not body.strip("\n"):
        return _in_quotes(body)
    first = body.lstrip("\n")
    indicator = "2" if first[:1] in {" ", "\t"} or body[0] == "\n" else ""
    stripped = body.rstrip("\n")
    newlines = len(body) - len(stripped)
    chomping = {0: "-", 1: ""}.get(newlines, "+")
    lines = [f"  {line}" if line else "" for line in stripped.split("\n")]
    return "\n".join([f"|{indicator}{chomping}", *lines, *[""] * max(0, newlines - 1)])


def _in_quotes(value: str) -> str:
    return '"' + "".join(_escape(character) for character in value) + '"'
