"""A theme's templates against those that they replace: copies that are outdated, names that nobody asks for."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator

from sitegen.build.memory import content_digest
from sitegen.errors import Location, Problem, Severity, quoted
from sitegen.sources.theme import Theme

_STAMP = re.compile(r"\{# ejected from (?P<theme>[\w.-]+): (?P<digest>[0-9a-f]{16}) #\}")
_FREE = re.compile(r"\{%[+-]?\s*(?:include|extends|import|from)\s+(?!\s*(?:\"[^\"]*\"|'[^']*'|\[))")
_JOINED = re.compile(r"\{%[+-]?\s*(?:include|extends|import|from)\s+[^%]*~")


def stamp(theme: str, text: str) -> str:
    """Return the first line of a copy of a template, from which its age can be told later."""
    return f"{{# ejected from {theme}: {content_digest(text.encode()).hex()[:16]} #}}"


def override_problems(theme: Theme, used: Iterable[str]) -> Iterator[Problem]:
    """Yield a warning for each template of the site's own that is outdated or serves nothing.

    Args:
        theme: With all that it inherits.
        used: The templates that outputs are made with.
    """
    if len(theme.names) == 1:
        return
    layers = [_layer(theme, name) for name in theme.names]
    asked_for = _asked_for(theme, used)
    for number, name in enumerate(theme.names[:-1]):
        below = layers[number + 1 :]
        for template, (path, text) in layers[number].items():
            original = next((one[template] for one in below if template in one), None)
            if original is not None:
                yield from _outdated(path, text, original[1])
            elif asked_for is not None and not {template, f"{name}/{template}"} & asked_for:
                yield _dead(path, template, {one for layer in below for one in layer})


def _layer(theme: Theme, name: str) -> dict[str, tuple[str, str]]:
    """Return the templates of one theme alone, by the name that they have in it."""
    return {
        template.removeprefix(f"{name}/"): source
        for template, source in theme.templates.items()
        if template.startswith(f"{name}/")
    }


def _asked_for(theme: Theme, used: Iterable[str]) -> set[str] | None:
    """Return the names of all templates that are used or named; None if that cannot be told."""
    texts = {text for _, text in theme.templates.values()}
    if any(_FREE.search(text) or _JOINED.search(text) for text in texts):
        return None
    named = {
        name
        for text in texts
        for pair in re.findall(r"\"([^\"\n]+)\"|'([^'\n]+)'", text)
        for name in pair
    }
    return {*used, *named}


def _outdated(path: str, text: str, original: str) -> Iterator[Problem]:
    first = text.split("\n", 1)[0]
    found = _STAMP.match(first)
    wanted = stamp(found["theme"], original) if found else ""
    if found and found[0] != wanted:
        message = f"the template of {quoted(found['theme'])} has changed since this copy was made"
        hint = f"take over what is new there, then write {wanted} here"
        place = Location(path, 1, 1, first, len(first))
        yield Problem("outdated", message, place, hint, Severity.WARNING)


def _dead(path: str, template: str, known: Collection[str]) -> Problem:
    near = difflib.get_close_matches(template, sorted(known), 1)
    hint = f"did you mean {quoted(near[0])}?" if near else "delete it, or name it in a template"
    message = "this template replaces none, and nothing uses it"
    return Problem("unused", message, Location(path), hint, Severity.WARNING)
