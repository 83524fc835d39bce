"""What a text format lets through, in the notation of its tips: `<a href> <ul type="disc circle">`.

A policy that names something dangerous, or that contradicts itself, is refused when it is
read, with the place of each fault: a hole that is never opened needs no test on the site.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from sitegen.errors import quoted
from sitegen.markup.untrusted.elements import ATTRIBUTES, CHILD, PARENTS, REFUSED, URLS, accepts


class AllowedAttribute(msgspec.Struct, frozen=True):
    """An attribute, and the values it may have; a value ending in `*` stands for a beginning."""

    name: str
    values: tuple[str, ...] = ()
    """Empty: any value that the attribute's own pattern accepts."""


class AllowedElement(msgspec.Struct, frozen=True):
    """An element and the attributes it may have, in the order of the notation."""

    name: str
    attributes: tuple[AllowedAttribute, ...] = ()


class Allowlist(msgspec.Struct, frozen=True, cache_hash=True):
    """The elements a text format lets through, in the order of the notation."""

    elements: tuple[AllowedElement, ...] = ()


class Fault(NamedTuple):
    """One thing wrong with a notation; `start` and `width` count characters in it."""

    message: str
    hint: str
    start: int
    width: int


class AllowlistError(ValueError):
    """A notation that cannot or must not be followed; `faults` holds all, in order of place."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(faults[0].message)
        self.faults = faults


_PIECE = re.compile(r"<([^<>]*)>|\s+|[^<\s]+|<")
_ATTRIBUTE = re.compile(r"""([^\s=]+)(?:\s*=\s*("[^"]*"|'[^']*'|\S*))?""")


def parse_allowlist(notation: str) -> Allowlist:
    """Return the allowlist that a notation describes.

    Raises:
        AllowlistError: With every fault of the notation, each with its place and cure.

    >>> parse_allowlist("<em>").elements
    (AllowedElement(name='em', attributes=()),)
    """
    faults: list[Fault] = []
    elements: dict[str, AllowedElement] = {}
    places: dict[str, tuple[int, int]] = {}
    for piece in _PIECE.finditer(notation):
        start, width = piece.start(), len(piece[0])
        if piece[0].isspace():
            continue
        if piece[1] is None:
            faults.append(
                Fault(
                    f"{quoted(piece[0])} stands outside a tag", "write <em> <strong>", start, width
                )
            )
            continue
        element = _element(piece[1], start + 1, faults)
        if element is None:
            continue
        if element.name in elements:
            faults.append(
                Fault(
                    f"<{element.name}> is listed twice",
                    "put its attributes into one tag",
                    start,
                    width,
                )
            )
            continue
        elements[element.name] = element
        places[element.name] = (start, width)
    faults += _contradictions(places)
    if faults:
        raise AllowlistError(tuple(sorted(faults, key=lambda fault: fault.start)))
    return Allowlist(tuple(elements.values()))


def _element(inside: str, offset: int, faults: list[Fault]) -> AllowedElement | None:
    """Return the element between `<` and `>`, whose first character stands at `offset`."""
    words = list(_ATTRIBUTE.finditer(inside))
    if not words:
        faults.append(Fault("a tag has no name", "write <em>", offset - 1, len(inside) + 2))
        return None
    name = words[0][1].lower()
    place = (offset + words[0].start(), len(words[0][0]))
    if name in REFUSED:
        faults.append(
            Fault(f"<{name}> may not be allowed: {REFUSED[name]}", f"leave <{name}> out", *place)
        )
        return None
    if name not in ATTRIBUTES or words[0][2] is not None:
        faults.append(
            Fault(
                f"{quoted(words[0][0])} is not an element that can be allowed",
                _near(name, ATTRIBUTES),
                *place,
            )
        )
        return None
    attributes: dict[str, AllowedAttribute] = {}
    for word in words[1:]:
        attribute = _attribute(name, word, offset, faults)
        if attribute is None:
            continue
        if attribute.name in attributes:
            place = (offset + word.start(), len(word[0]))
            faults.append(
                Fault(f"`{attribute.name}` is listed twice for <{name}>", "list it once", *place)
            )
        attributes[attribute.name] = attribute
    return AllowedElement(name, tuple(attributes.values()))


def _attribute(
    element: str, word: re.Match[str], offset: int, faults: list[Fault]
) -> AllowedAttribute | None:
    name = word[1].lower()
    place = (offset + word.start(), len(word[0]))
    if name not in ATTRIBUTES[element]:
        faults.append(Fault(_why_not(element, name), _near(name, ATTRIBUTES[element]), *place))
        return None
    values = tuple(
        dict.fromkeys(value for value in (word[2] or "").strip("\"'").split() if value != "*")
    )
    if name == "class" and not values:
        # Any class would let a stranger dress a comment as the site's own notice or button.
        faults.append(
            Fault(f"`class` on <{element}> needs values", 'write class="language-*"', *place)
        )
        return None
    faults += [
        Fault(
            f"{quoted(value)} can never be a value of `{name}` on <{element}>",
            "leave it out",
            *place,
        )
        for value in values
        if name in URLS or not _possible(element, name, value)
    ]
    return AllowedAttribute(name, values)


def _possible(element: str, attribute: str, value: str) -> bool:
    if not value.endswith("*"):
        return accepts(element, attribute, value)
    stem = value[:-1]
    return any(accepts(element, attribute, stem + more) for more in ("", "a", "1", "-a"))


def _why_not(element: str, attribute: str) -> str:
    if attribute.startswith("on"):
        return f"{quoted(attribute)} runs code and may not be allowed"
    if attribute == "style":
        return "`style` can cover, move or read any part of the page and may not be allowed"
    if "*" in attribute:
        return (
            f"{quoted(attribute)} stands for attributes nobody has looked at and may not be allowed"
        )
    return f"{quoted(attribute)} is not an attribute of <{element}> that can be allowed"


def _near(word: str, known: Iterable[str]) -> str:
    names = sorted(known)
    near = difflib.get_close_matches(word, names, n=1)
    return f"did you mean `{near[0]}`?" if near else f"known are: {', '.join(names)}"


def _contradictions(places: dict[str, tuple[int, int]]) -> list[Fault]:
    """Return what a policy allows in vain: list items without lists, lists without items."""
    faults = []
    for name, (start, width) in places.items():
        parents = PARENTS.get(name)
        if parents and not parents & places.keys():
            wanted = " or ".join(f"<{parent}>" for parent in sorted(parents))
            faults.append(
                Fault(f"<{name}> can only stand in {wanted}", f"allow {wanted} too", start, width)
            )
        child = CHILD.get(name)
        if child and child not in places:
            faults.append(
                Fault(
                    f"<{name}> holds nothing without <{child}>",
                    f"allow <{child}> too",
                    start,
                    width,
                )
            )
    return faults


def allowlist_notation(allowlist: Allowlist) -> str:
    """Return the notation of an allowlist, in its canonical form: the inverse of `parse_allowlist`.

    >>> allowlist_notation(parse_allowlist("<UL type='disc circle'><li>"))
    '<ul type="disc circle"> <li>'
    """
    return " ".join(
        f"<{' '.join((element.name, *map(_attribute_notation, element.attributes)))}>"
        for element in allowlist.elements
    )


def _attribute_notation(attribute: AllowedAttribute) -> str:
    return (
        f'{attribute.name}="{" ".join(attribute.values)}"' if attribute.values else attribute.name
    )


RESTRICTED = parse_allowlist(
    "<a href hreflang> <em> <strong> <cite> <blockquote cite> <code> <ul type> <ol start type> <li>"
    " <dl> <dt> <dd> <h2 id> <h3 id> <h4 id> <h5 id> <h6 id>"
)
