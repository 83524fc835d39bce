"""A template -> the digest of all that rendering it may read: itself and what it includes."""

from __future__ import annotations

import functools

from sitegen.sources.theme import Theme
from sitegen.views.jobs import digest_of


def theme_digest(engine: bytes, theme: Theme) -> bytes:
    """Return the digest of all that closures are found from: the tool, templates and strings."""
    return digest_of(engine, theme.templates, theme.words, theme.others)


def closure_digests(theme: Theme) -> dict[str, bytes]:
    """Return the digest of every template's closure.

    A template named by an expression may be any, so whoever includes one depends on all.
    A name that no file answers counts too: adding the file changes the digest.
    """
    references = {name: _references(text) for name, (_, text) in theme.templates.items()}
    words = digest_of(theme.words, theme.others)
    return {name: _closure_digest(name, references, theme, words) for name in theme.templates}


@functools.lru_cache(maxsize=500)  # a template has two names, and whoever serves builds often
def _references(text: str) -> frozenset[str | None]:
    from jinja2 import Environment, TemplateSyntaxError, meta

    try:
        return frozenset(meta.find_referenced_templates(Environment(autoescape=True).parse(text)))
    except TemplateSyntaxError:
        return frozenset()  # rendering will say so


def _closure_digest(
    name: str, references: dict[str, frozenset[str | None]], theme: Theme, words: bytes
) -> bytes:
    reached: set[str] = set()
    pending: list[str | None] = [name]
    while pending:
        template = pending.pop()
        if template is None:
            reached.update(theme.templates)
            break
        if template not in reached:
            reached.add(template)
            pending += references.get(template, ())
    sources = [(template, theme.templates.get(template)) for template in sorted(reached)]
    return digest_of(name, sources, words)
