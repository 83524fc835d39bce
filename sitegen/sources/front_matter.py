"""The keys of the front matter, and what a section can say of them for all below it."""

from __future__ import annotations

import functools
from typing import Any

import msgspec

from sitegen.sources import kinds, schema
from sitegen.sources.comment_settings import COMMENTS_STATES, CommentsState
from sitegen.sources.schema import Key


class Defaults(msgspec.Struct, frozen=True):
    """What a section says for all that lies below it; None where it says nothing."""

    authors: tuple[str, ...] | None = None
    comments: CommentsState | None = None
    lang: str | None = None
    tags: tuple[str, ...] | None = None
    template: str | None = None
    unlisted: bool | None = None


_NAME = kinds.text(max_length=200)
_SLUG = kinds.matching(
    r"[^\s/\\?#%<>\"{}|^`\x00-\x1f]+",
    "a slug",
    "use letters, digits and `-`, as in a-day-out",
    max_length=200,
)
_ALIAS = kinds.matching(
    r"/(?!/)(?:(?!\.\.?(?:/|$))[^/\s?#\\<>\"]+(?:/|$))*",
    "a path of the site",
    "begin with a slash, as in /old/address/",
)
_TEMPLATE = kinds.matching(
    r"[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*\.html",
    "the name of a template",
    "write it as in landing.html",
)
_TERMS = kinds.list_of(kinds.text(max_length=100), or_one=True)
_STATE = kinds.choice(*COMMENTS_STATES)

DEFAULT_KEYS: tuple[Key, ...] = (
    Key("author", _NAME, "Who writes what is below."),
    Key("authors", kinds.list_of(_NAME), "The same for several."),
    Key("comments", _STATE, "Open, closed or hidden."),
    Key("lang", kinds.language, "The language of what is below."),
    Key("tags", _TERMS, "What the articles below are about."),
    Key("template", _TEMPLATE, "The template of the articles and pages below."),
    Key("unlisted", kinds.flag, "Whether they are in no list, feed or sitemap."),
)


def _defaults(author: str | None, authors: tuple[str, ...] | None, **values: Any) -> Defaults:
    return Defaults(authors=authors or ((author,) if author else None), **values)


KEYS: tuple[Key, ...] = (
    Key("title", kinds.text(max_length=300), "The heading of the page.", required=True),
    Key("date", kinds.moment, "When it was published; makes the file an article.", default=None),
    Key(
        "updated",
        kinds.moment,
        "When it was last changed in a way that readers care about.",
        default=None,
    ),
    Key("author", _NAME, "Who wrote it; the site's author if nobody is named.", default=""),
    Key("authors", kinds.list_of(_NAME), "The same for several.", default=()),
    Key("slug", _SLUG, "Its name in the address; made from the file's name if absent.", default=""),
    Key(
        "description",
        kinds.text(max_length=1000),
        "One sentence for search engines and previews.",
        default="",
    ),
    Key(
        "summary",
        kinds.text(max_length=2000),
        "What lists and feeds show; the first paragraph if absent.",
        default="",
    ),
    Key("tags", _TERMS, "What it is about.", default=()),
    Key(
        "series",
        kinds.text(max_length=100),
        "The series that an article belongs to, in order of date.",
        default="",
    ),
    Key("draft", kinds.flag, "Published only with `--drafts`.", default=False),
    Key("unlisted", kinds.flag, "Published, but in no list, feed or sitemap.", default=False),
    Key("expires", kinds.moment, "From when on it is not published any more.", default=None),
    Key("aliases", kinds.list_of(_ALIAS, or_one=True), "Old paths that lead here.", default=()),
    Key("comments", _STATE, "Open, closed (shown, none taken) or hidden.", default=None),
    Key("lang", kinds.language, "The language of the text, if not the site's.", default=""),
    Key("template", _TEMPLATE, "A template of the theme to use instead of its kind's.", default=""),
    Key(
        "order",
        kinds.whole_number(0, 1_000_000),
        "The place of a page among those of its section; those without come last, by title.",
        default=None,
    ),
    Key(
        "defaults",
        schema.record(DEFAULT_KEYS, _defaults, "defaults."),
        "In `_index.md`: what holds for all below where it does not say otherwise.",
        default=None,
    ),
    Key("extra", kinds.anything, "The author's own values, for templates.", default={}),
)


@functools.cache
def keys_for(taxonomies: tuple[str, ...]) -> tuple[Key, ...]:
    """Return the keys of the front matter of a site with some taxonomies of its own."""
    own = (Key(name, _TERMS, f"Its {name.replace('_', ' ')}.", default=()) for name in taxonomies)
    return (*KEYS, *own)
