"""Code -> HTML whose words have classes, and the style sheet of the classes that are used.

Only what looks other than its surroundings gets a class, so pages and style sheet stay small.
Pygments does the work; its styles `default` and `github-dark` have contrast enough.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sitegen.markup.escaping import escape

if TYPE_CHECKING:
    from pygments.lexer import Lexer
_LIGHT, _DARK = "default", "github-dark"
_OUTPUT = "go"  # what a program has printed is read like any text: in the colour of text
_PLAIN = frozenset({"", "w"})


def highlight(code: str, language: str, used: set[str]) -> str | None:
    """Return code as HTML, adding the classes in it to `used`.

    None if nobody knows the language, or if its lexer would not give back all of the code.
    """
    lexer = _lexer(language)
    if lexer is None:
        return None
    pieces: list[tuple[str, list[str]]] = []
    for kind, text in lexer.get_tokens(code):
        name = _class_of(kind)
        if pieces and (pieces[-1][0] == name or not text.strip()):
            pieces[-1][1].append(text)
        else:
            pieces.append((name, [text]))
    if "".join(text for _, texts in pieces for text in texts) != code:
        return None
    used.update(name for name, _ in pieces if name)
    return "".join(_lines(name, escape("".join(texts))) for name, texts in pieces)


def _lines(name: str, text: str) -> str:
    """Return text in spans of a class, one a line.

    Of a span over several lines nobody can tell what is behind it, and so not its contrast.
    """
    if not name:
        return text
    return "\n".join(
        f'<span class="{name}">{line}</span>' if line.strip() else line for line in text.split("\n")
    )


@functools.cache
def _lexer(language: str) -> Lexer | None:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


@functools.cache
def _class_of(kind: Any) -> str:
    """Return the class of a kind of token: that of the nearest kind above it with a look of its own."""
    from pygments.token import STANDARD_TYPES

    while kind not in STANDARD_TYPES:
        kind = kind.parent
    looks = tuple(_look(style, kind) for style in (_LIGHT, _DARK))
    if not any(looks) or STANDARD_TYPES[kind] in _PLAIN:
        return ""
    parent = kind.parent
    if parent and looks == tuple(_look(style, parent) for style in (_LIGHT, _DARK)):
        return _class_of(parent) or STANDARD_TYPES[kind]
    return STANDARD_TYPES[kind]


@functools.cache
def _look(style: str, kind: Any) -> str:
    """Return the declarations of a kind of token in a style."""
    from pygments.styles import get_style_by_name

    found = get_style_by_name(style).style_for_token(kind)
    color = re.sub(r"(.)\1(.)\2(.)\3", r"\1\2\3", found["color"] or "")
    parts = [f"color:#{color.lower()}"] if color else []
    parts += ["font-weight:600"] if found["bold"] else []
    parts += ["font-style:italic"] if found["italic"] else []
    return ";".join(parts)


def style_sheet(classes: Iterable[str]) -> str:
    """Return the rules for classes of code, in light and in dark."""
    from pygments.token import STANDARD_TYPES

    kinds = {name: kind for kind, name in STANDARD_TYPES.items()}
    wanted = sorted(classes)

    def rules(style: str) -> str:
        by_look: dict[str, list[str]] = {}
        for name in wanted:
            look = "" if name == _OUTPUT else _look(style, kinds[name])
            by_look.setdefault(look or "color:inherit", []).append(name)
        return "".join(
            f"{','.join(f'code .{name}' for name in names)}{{{look}}}\n"
            for look, names in by_look.items()
        )

    dark = "code span{font-weight:inherit;font-style:inherit}\n" + rules(_DARK)
    return f"{rules(_LIGHT)}@media screen and (prefers-color-scheme:dark){{\n{dark}}}\n"
