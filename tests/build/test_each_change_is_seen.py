"""One change after another to a site whose stamps are settled: each is seen where it shows.

Short and plain beside the random stories; `benchmarks/faults_in_memory.py` plants faults
that these tests and the stories have to notice.
"""

from __future__ import annotations

import datetime as dt
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

CONFIG = "title: T\nbase_url: https://example.org/\ntheme: bare\n"
NAMES = "page home section tag year tags archive 404 redirect"
SITE = {
    "config.yaml": CONFIG,
    "themes/bare/theme.yaml": "name: Bare\n",
    "themes/bare/templates/base.html": "{{ words.foot }}{% block main %}{% endblock %}",
    "themes/bare/templates/article.html": "{% extends 'base.html' %}{% block main %}{{ page }}{% include 'more.html' ignore missing %}{% endblock %}",
    **{f"themes/bare/templates/{name}.html": "{{ page }}" for name in NAMES.split()},
    **{f"themes/bare/templates/{name}": "{{ page }}" for name in ("atom.xml", "sitemap.xml")},
    "themes/bare/templates/page.html": "{% import 'tools.html' as tools %}{{ tools.loud(page.title) }}{% include 'of-' ~ page.lang ~ '.html' ignore missing %}",
    "themes/bare/templates/tools.html": "{% macro loud(text) %}{{ text }}!{% endmacro %}",
    "content/about.md": "---\ntitle: About\n---\nText.\n",
    "themes/bare/i18n/en.yaml": "foot: End\n",
    "themes/bare/static/style.css": "a {}",
    "content/a.md": "---\ntitle: A\ndate: 2024-05-01\ntags: [x]\n---\nText of A.\n",
    "content/b.md": "---\ntitle: B\ndate: 2024-05-02\nsummary: S\n---\nText of B, see [a](a.md).\n",
    "content/c.md": "---\ntitle: C\ndate: 2024-05-03\nexpires: 2024-07-01\n---\nText.\n",
    "content/late.md": "---\ntitle: Late\ndate: 2024-08-01\n---\nText.\n",
    "content/draft.md": "---\ntitle: Draft\ndraft: true\n---\nText.\n",
    "content/sub/_index.md": "---\ntitle: Sub\ndefaults: {author: Ada}\n---\n",
    "content/sub/e.md": "---\ntitle: E\ndate: 2024-04-01\n---\nText.\n",
    "content/sub/french.md": "---\ntitle: F\ndate: 2024-04-02\nlang: fr\n---\nText.\n",
    "themes/bare/i18n/fr.yaml": "foot: Fin\nlanguage: fr\n",
    "comments/a/c1.yaml": "author: Ada\ndate: 2024-05-02\nbody: First <em>word</em>.\n",
    "comments/a/c2.yaml": "author: Jo\ndate: 2024-05-03\nreply_to: c1\nbody: Second.\n",
    "static/hand.txt": "by hand",
}
ARTICLE = "---\ntitle: {0}\ndate: 2024-05-0{1}\n{2}---\nText of {0}.\n"
COMMENT = "author: {0}\ndate: 2024-05-02\nbody: {1}\n"
Files = Mapping[str, str | None]

# What is changed -> how, and the outputs that must be rendered anew (None: not counted here).
# about/ includes a template named by an expression, so it depends on all of them.
CHANGES: dict[str, tuple[Files, set[str] | None]] = {
    "the text of an article": (
        {"content/b.md": "---\ntitle: B\ndate: 2024-05-02\nsummary: S\n---\nText of B, see [A](a.md).\n"},
        {"b/index.html", "feed.xml", "feed.json"},
    ),
    "the title of an article": ({"content/a.md": ARTICLE.format("New", 1, "tags: [x]\n")}, None),
    "the slug of an article": ({"content/a.md": ARTICLE.format("A", 1, "slug: other\n")}, None),
    "a new article": ({"content/d.md": ARTICLE.format("D", 4, "")}, None),
    "an article less": ({"content/b.md": None}, None),
    "what a section's documents inherit": ({"content/sub/_index.md": "---\ntitle: Sub\ndefaults: {author: Jo}\n---\n"}, None),
    "a new taxonomy": ({"config.yaml": CONFIG + "taxonomies: [places]\n"}, None),
    "relatives": ({"config.yaml": CONFIG + "related: 2\n"}, None),
    "the text of a section's page": ({"content/sub/_index.md": "---\ntitle: Sub\ndefaults: {author: Ada}\n---\nMore.\n"}, {"sub/index.html"}),
    "a new tag": ({"content/b.md": ARTICLE.format("B", 2, "tags: [y]\n")}, None),
    "an alias": ({"content/b.md": ARTICLE.format("B", 2, "aliases: [/old/]\n")}, None),
    "a new comment": ({"comments/a/c3.yaml": COMMENT.format("Eve", "Third")}, None),
    "a comment's text": (
        {"comments/a/c2.yaml": "author: Jo\ndate: 2024-05-03\nreply_to: c1\nbody: Sekond.\n"},
        {"a/index.html", "a/comments.xml", "comments/feed.xml"},
    ),
    "a comment renamed": (
        {"comments/a/c2.yaml": None, "comments/a/c9.yaml": COMMENT.format("Jo", "Second")},
        None,
    ),
    "a comment on another article": ({"comments/b/c1.yaml": COMMENT.format("Ada", "B")}, None),
    "a tombstone": ({"comments/a/c1.yaml": "date: 2024-05-02\nremoved: true\n"}, None),
    "the last comments less": ({"comments/a/c1.yaml": None, "comments/a/c2.yaml": None}, None),
    "a template": ({"themes/bare/templates/page.html": "{{ page }}!"}, {"about/index.html"}),
    "a template named by an expression": ({"themes/bare/templates/of-en.html": "en"}, {"about/index.html"}),
    "a template of macros": ({"themes/bare/templates/tools.html": "{% macro loud(text) %}{{ text }}?{% endmacro %}"}, {"about/index.html"}),
    "a template that others extend": ({"themes/bare/templates/base.html": "{{ page.title }}"}, {"about/index.html", "a/index.html", "b/index.html", "c/index.html", "sub/e/index.html", "sub/french/index.html"}),
    "a template that was only asked for": ({"themes/bare/templates/more.html": "+"}, {"about/index.html", "a/index.html", "b/index.html", "c/index.html", "sub/e/index.html", "sub/french/index.html"}),
    "a string of the theme": ({"themes/bare/i18n/en.yaml": "foot: Fin\n"}, None),
    "a string in the language of one article": ({"themes/bare/i18n/fr.yaml": "foot: Bout\nlanguage: fr\n"}, None),
    "an asset of the theme": ({"themes/bare/static/style.css": "b {}"}, None),
    "a static file": ({"static/hand.txt": "by foot"}, set()),
    "a static file less": ({"static/hand.txt": None}, set()),
    "another time zone": ({"config.yaml": CONFIG + "timezone: Asia/Tokyo\n"}, None),
    "another address": ({"config.yaml": CONFIG.replace("example.org", "example.net")}, None),
    "another theme": ({"config.yaml": CONFIG.replace("bare", "default")}, None),
    "another text format": ({"config.yaml": CONFIG + "comments:\n  format: plain_text\n"}, None),
    "fewer articles on a page": ({"config.yaml": CONFIG + "articles_per_page: 1\n"}, None),
    "fewer items in a feed": ({"config.yaml": CONFIG + "feed_items: 1\n"}, None),
    "another byline": ({"config.yaml": CONFIG + "byline: By {author}\n"}, None),
    "comments closed by age": ({"config.yaml": CONFIG + "comments:\n  close_after_days: 1\n"}, None),
}  # fmt: skip


def everything(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def clean(site: Any, **options: Any) -> dict[str, bytes]:
    output, site.output = site.output, site.root.parent / "clean"
    shutil.rmtree(site.output, ignore_errors=True)
    site.build(remember=False, **options)
    made = everything(site.output)
    site.output = output
    return made


@pytest.fixture
def settled(site: Callable[[Files], Any]) -> Any:
    """A site that was built when all its files were old enough for their stamps to be trusted."""
    made = site(SITE)
    time.sleep(0.08)
    made.build()
    time.sleep(0.08)
    made.build()
    return made


@pytest.mark.parametrize(("files", "rendered"), CHANGES.values(), ids=CHANGES)
def test_a_change_shows_everywhere_and_renders_nothing_else(
    settled: Any, files: Files, rendered: set[str] | None
) -> None:
    site = settled
    before = everything(site.output)
    for path in (path for path, content in files.items() if content is None):
        (site.root / path).unlink()
    site.write({path: content for path, content in files.items() if content is not None})
    report = site.build()
    made = everything(site.output)

    assert made == clean(site)
    assert set(report.written.changed) == {
        path for path in made if made[path] != before.get(path) and path != ".sitegen-manifest"
    }
    assert set(report.written.removed) == before.keys() - made.keys()
    assert rendered is None or report.rendered == len(rendered)
    assert site.build().rendered == 0


WHEN = {
    "an article comes due": {"now": 61},
    "an article expires": {"now": 30},
    "the clock is turned back": {"now": -40},
    "nothing falls into the time between": {"now": 1},
    "drafts": {"drafts": True},
    "what is to come": {"future": True},
    "another address": {"base_url": "https://preview.example/x/"},
}


@pytest.mark.parametrize("options", WHEN.values(), ids=WHEN)
def test_options_and_the_clock_show_without_any_change_of_a_file(
    settled: Any, options: dict[str, Any]
) -> None:
    site = settled
    before = everything(site.output)
    if "now" in options:
        now = dt.datetime(2024, 6, 1, 12, tzinfo=dt.UTC) + dt.timedelta(days=options["now"])
        options = {"now": now}
    site.build(**options)
    assert everything(site.output) == clean(site, **options)

    site.build()
    assert everything(site.output) == before
