"""Nikola, from PyPI, with a Jinja theme and a plugin that cleans comments with bleach."""

from __future__ import annotations

from pathlib import Path

from benchmarks import theme
from benchmarks.articles import Article
from benchmarks.peer import Peer, find, said, write
from benchmarks.peers.pelican import BLEACHED, COMMENTS
from benchmarks.workload import Workload

_CONFIG = """\
BLOG_AUTHOR = BLOG_TITLE = BLOG_DESCRIPTION = "Workshop"
SITE_URL, BLOG_EMAIL = "https://example.org/", "jo@example.org"
DEFAULT_LANG, TIMEZONE, OUTPUT_FOLDER = "en", "UTC", "public"
TRANSLATIONS = {DEFAULT_LANG: ""}
NAVIGATION_LINKS = {DEFAULT_LANG: ()}
THEME = "equal"
POSTS, PAGES = (("posts/*.md", "", "post.tmpl"),), ()
COMPILERS = {"markdown": [".md"]}
MARKDOWN_EXTENSIONS = ["markdown.extensions.fenced_code", "markdown.extensions.tables"]
STRIP_INDEXES = PRETTY_URLS = True
INDEX_DISPLAY_POST_COUNT, INDEX_TEASERS = 10, False
INDEX_PATH, INDEXES_STATIC = "", True
FEED_LENGTH, FEED_TEASERS, GENERATE_ATOM = 20, True, False
TAG_PATH, TAG_PAGES_ARE_INDEXES, WRITE_TAG_CLOUD = "tags", False, False
DATE_FORMAT = "d MMMM yyyy"
COMMENT_SYSTEM = SOCIAL_BUTTONS_CODE = BODY_END = ""
COPY_SOURCES = SHOW_SOURCELINK = USE_BUNDLES = USE_CDN = WARN_ABOUT_TAG_METADATA = False
DISABLED_PLUGINS = [
    "classify_archive", "classify_authors", "classify_categories", "classify_page_index",
    "classify_sections", "render_galleries", "render_listings", "render_sources", "robots",
    "redirect", "gzip", "scale_images", "create_bundles",
]
"""
_PLUGIN = """\
import hashlib
import os
import sys

import blinker
from nikola import utils
from nikola.plugin_categories import SignalHandler

sys.path.insert(0, os.path.dirname(__file__))
import bleached


class Workshop(SignalHandler):
    name = "workshop"

    def scanned(self, site):
        if site is not self.site:
            return
        for taxonomy in site.taxonomy_plugins.values():
            if taxonomy.classification_name == "tag":
                taxonomy.always_disable_rss = True
        for post in site.timeline:
            slug = os.path.splitext(os.path.basename(post.source_path))[0]
            post.thread = bleached.thread(slug)
            told = repr([(comment["id"], comment["html"]) for comment in post.thread])
            changed = utils.config_changed(
                {1: hashlib.md5(told.encode()).hexdigest()}, "workshop:" + post.base_path
            )
            post.add_dependency_uptodate(changed, is_callable=False, add="page")

    def set_site(self, site):
        super().set_site(site)
        blinker.signal("scanned").connect(self.scanned)
"""
_MANIFEST = """\
[Core]
name = workshop
module = workshop

[Nikola]
MinVersion = 8.0.0
PluginCategory = SignalHandler

[Documentation]
author = Jo
version = 0.1
description = Comments from files
"""
_THEME = """\
[Theme]
engine = jinja
parent = base-jinja
author = Jo
license = MIT
"""
_FRAME = {
    "title": "{{ title|e }}",
    "description": "{{ description|e }}",
    "canonical": "{{ abs_link(permalink) }}",
    "feed_type": "application/rss+xml",
    "feed": "/rss.xml",
    "style": "/style.css",
    "end": "{% endfor %}",
    "fi": "{% endif %}",
    "else": "{% else %}",
}
_ARTICLE = {
    **COMMENTS,
    "title": "{{ post.title()|e }}",
    "iso": "{{ post.formatted_date('webiso') }}",
    "human": "{{ post.formatted_date(date_format) }}",
    "each_tag": "{% for tag in post.tags %}",
    "tag_url": "/tags/{{ tag }}/",
    "tag": "{{ tag|e }}",
    "content": "{{ post.text() }}",
    "if_newer": "{% if post.next_post %}",
    "newer_url": "{{ post.next_post.permalink() }}",
    "newer_title": "{{ post.next_post.title()|e }}",
    "if_older": "{% if post.prev_post %}",
    "older_url": "{{ post.prev_post.permalink() }}",
    "older_title": "{{ post.prev_post.title()|e }}",
    "thread": "{% set thread = post.thread %}",
}
_LIST = {
    "each_item": "{% for item in posts %}",
    "item_url": "{{ item.permalink() }}",
    "item_title": "{{ item.title()|e }}",
    "item_iso": "{{ item.formatted_date('webiso') }}",
    "item_human": "{{ item.formatted_date(date_format) }}",
    "item_description": "{{ item.description()|e }}",
    "each_item_tag": "{% for tag in item.tags %}",
    "item_tag_url": "/tags/{{ tag }}/",
    "item_tag": "{{ tag|e }}",
    "if_previous": "{% if prevlink %}",
    "previous_url": "{{ prevlink }}",
    "if_next": "{% if nextlink %}",
    "next_url": "{{ nextlink }}",
}
_TERMS = {
    "each_term": "{% for term, link in items %}",
    "term_url": "{{ link }}",
    "term": "{{ term|e }}",
    "term_count": "",
}


class Nikola(Peer):
    """Python, one process; keeps a database of what depends on what."""

    name = "Nikola"
    does = (
        "The full job with a short plugin (YAML by libyaml, bleach with its own links) and a theme in Jinja. "
        "Its database of dependencies is kept between builds; every comment is cleaned anew to see "
        "what has changed. No numbers in the list of tags."
    )
    leavings = (
        *("cache", "__pycache__", ".doit.db", ".doit.db.dat", ".doit.db.dir"),
        *(".doit.db.bak", ".doit.db.db"),
    )
    most = 4000
    is_slow = True

    def argv(self) -> list[str] | None:
        program = find("nikola")
        return [str(program), "build", "-v", "0"] if program else None

    def version(self) -> str:
        return said(find("nikola") or "nikola", "version").removeprefix("Nikola v")

    def write_theme(self, root: Path, workload: Workload) -> None:
        del workload
        write(root, "conf.py", _CONFIG)
        write(root, "files/style.css", theme.STYLE)
        write(root, "plugins/workshop/workshop.py", _PLUGIN)
        write(root, "plugins/workshop/workshop.plugin", _MANIFEST)
        write(root, "plugins/workshop/bleached.py", BLEACHED.read_text(encoding="utf-8"))
        write(root, "themes/equal/equal.theme", _THEME)
        write(root, "themes/equal/engine", "jinja")
        write(root, "themes/equal/parent", "base-jinja")
        for name, text in (
            ("post", theme.page("article.html", _FRAME, _ARTICLE)),
            ("index", theme.page("home.html", _FRAME, _LIST)),
            ("tag", theme.page("tag.html", _FRAME, _LIST)),
            ("tags", theme.page("tags.html", _FRAME, _TERMS)),
        ):
            write(root, f"themes/equal/templates/{name}.tmpl", "{{ set_locale(lang) }}" + text)

    def article_path(self, article: Article) -> str:
        return f"posts/{article.slug}.md"

    def article_text(self, article: Article) -> str:
        head = [
            f".. title: {article.title}",
            f".. slug: {article.slug}",
            f".. date: {article.date:%Y-%m-%d %H:%M:%S} UTC",
            f".. tags: {', '.join(article.tags)}",
            f".. description: {article.description}",
            *([".. status: draft"] if article.draft else []),
        ]
        return "<!--\n" + "\n".join(head) + f"\n-->\n\n{article.body}"
