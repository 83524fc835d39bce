"""An article's text with another generator's commands in it -> Markdown, and what was left in it."""

from __future__ import annotations

import functools
import posixpath
import re
from collections.abc import Callable, Mapping

from sitegen.errors import quoted
from sitegen.importers.load import Load

Repair = Callable[[re.Match[str]], str | None]
"""Return the Markdown for a command, or None to leave it."""

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})", re.MULTILINE)


def repaired(
    body: str,
    rules: Mapping[re.Pattern[str], Repair],
    left: re.Pattern[str],
    load: Load,
    place: tuple[str, int],
) -> str:
    """Return a body with its commands turned into Markdown; those that stay are told.

    Args:
        body: With LF line ends.
        rules: Pattern of a command -> its repair.
        left: Any command of that generator.
        load: Is told what stays.
        place: Path of the file, and the line at which the body begins.
    """
    path, first_line = place
    done: list[str] = []
    body = body.replace("\0", "\ufffd")
    for pattern, repair in rules.items():
        body = pattern.sub(functools.partial(_marked, repair, done), body)
    for match in left.finditer(body):
        line = first_line + body.count("\n", 0, match.start())
        command = " ".join(match[0].split())
        load.leave(path, line, f"{quoted(command)} was left in the text: it means nothing here")
    while _MARK.search(body):
        body = _MARK.sub(lambda match: done[int(match[1])], body)
    return body


_MARK = re.compile("\0(\\d+)\0\\n*\0")


def _marked(repair: Repair, done: list[str], match: re.Match[str]) -> str:
    """Return a mark in place of a repaired command, as many lines long, so that no other rule sees it."""
    text = repair(match)
    if text is None:
        return match[0]
    done.append(text)
    return f"\0{len(done) - 1}\0" + "\n" * match[0].count("\n") + "\0"


def fenced(language: str, code: str) -> str:
    r"""Return code between fences that are longer than any in it.

    >>> fenced("c", "a;")
    '```c\na;\n```'
    """
    longest = max((len(found[1]) for found in _FENCE.finditer(code)), default=2)
    fence = "`" * max(3, longest + 1)
    text = code.strip("\n")
    return f"{fence}{language}\n{text}\n{fence}"


def relative(target: str, source: str) -> str:
    """Return the path from the folder of one file of the site to another file.

    >>> relative("content/a/b.md", "content/posts/x.md")
    '../a/b.md'
    """
    return posixpath.relpath(target, posixpath.dirname(source) or ".")
