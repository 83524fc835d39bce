"""Pelican, from PyPI, with a plugin that reads comments and cleans them with bleach."""

from __future__ import annotations

from pathlib import Path

from benchmarks import theme
from benchmarks.articles import Article
from benchmarks.peer import Peer, find, said, write
from benchmarks.workload import Workload

BLEACHED = Path(__file__).with_name("bleached.py")

_CONFIG = """\
SITENAME = AUTHOR = "Workshop"
SITEURL = "https://example.org"
PATH, OUTPUT_PATH, THEME = "content", "public", "theme"
TIMEZONE, DEFAULT_LANG = "UTC", "en"
THEME_STATIC_DIR = ""
ARTICLE_PATHS = [""]
STATIC_PATHS = PAGE_PATHS = []
ARTICLE_URL, ARTICLE_SAVE_AS = "{slug}/", "{slug}/index.html"
TAG_URL, TAG_SAVE_AS, TAGS_SAVE_AS = "tags/{slug}/", "tags/{slug}/index.html", "tags/index.html"
CATEGORY_SAVE_AS = AUTHOR_SAVE_AS = DRAFT_SAVE_AS = ""
AUTHORS_SAVE_AS = CATEGORIES_SAVE_AS = ARCHIVES_SAVE_AS = ""
DIRECT_TEMPLATES = ["index", "tags", "sitemap"]
SITEMAP_SAVE_AS = "sitemap.xml"
PAGINATED_TEMPLATES = {"index": 10}
PAGINATION_PATTERNS = ((1, "/", "{save_as}"), (2, "page/{number}/", "page/{number}/index.html"))
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
FEED_RSS, FEED_MAX_ITEMS, RSS_FEED_SUMMARY_ONLY = "index.xml", 20, True
MARKDOWN = {
    "extension_configs": {
        "markdown.extensions.tables": {},
        "markdown.extensions.fenced_code": {},
        "markdown.extensions.meta": {},
    },
    "output_format": "html5",
}
SUMMARY_MAX_LENGTH = None
CACHE_CONTENT = LOAD_CONTENT_CACHE = True
CONTENT_CACHING_LAYER, CHECK_MODIFIED_METHOD = "reader", "mtime"
PLUGIN_PATHS, PLUGINS = ["plugins"], ["workshop"]
"""
_PLUGIN = """\
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bleached
from pelican import signals


def finalized(generator):
    articles = generator.articles
    for at, article in enumerate(articles):
        article.newer = articles[at - 1] if at else None
        article.older = articles[at + 1] if at + 1 < len(articles) else None
        article.thread = bleached.thread(article.slug)
        article.iso = article.date.strftime("%Y-%m-%dT%H:%M:%SZ")
        article.human = f"{article.date.day} {article.date:%B %Y}"


def register():
    signals.article_generator_finalized.connect(finalized)
"""
_FRAME = {
    "feed_type": "application/rss+xml",
    "feed": "/index.xml",
    "style": "/style.css",
    "end": "{% endfor %}",
    "fi": "{% endif %}",
    "else": "{% else %}",
}
_ARTICLE = {
    "title": "{{ article.title|e }}",
    "description": "{{ article.summary|striptags|e }}",
    "canonical": "{{ SITEURL }}/{{ article.url }}",
    "iso": "{{ article.iso }}",
    "human": "{{ article.human }}",
    "each_tag": "{% for tag in article.tags %}",
    "tag_url": "/{{ tag.url }}",
    "tag": "{{ tag.name|e }}",
    "content": "{{ article.content }}",
    "if_newer": "{% if article.newer %}",
    "newer_url": "/{{ article.newer.url }}",
    "newer_title": "{{ article.newer.title|e }}",
    "if_older": "{% if article.older %}",
    "older_url": "/{{ article.older.url }}",
    "older_title": "{{ article.older.title|e }}",
}
COMMENTS = {
    "each_comment": "{% for comment in thread %}",
    "comment_id": "{{ comment.id|e }}",
    "if_url": "{% if comment.url %}",
    "comment_url": "{{ comment.url|e }}",
    "comment_author": "{{ comment.author|e }}",
    "comment_iso": "{{ comment.iso }}",
    "comment_human": "{{ comment.human }}",
    "if_reply": "{% if comment.reply_to %}",
    "reply_id": "{{ comment.reply_to|e }}",
    "comment_html": "{{ comment.html }}",
    "count": "{{ thread|length }}",
    "thread": "{% set thread = article.thread %}",
}
_ITEM = {
    "item_url": "/{{ item.url }}",
    "item_canonical": "{{ SITEURL }}/{{ item.url }}",
    "item_title": "{{ item.title|e }}",
    "item_iso": "{{ item.iso }}",
    "item_human": "{{ item.human }}",
    "item_description": "{{ item.summary }}",
    "each_item_tag": "{% for tag in item.tags %}",
    "item_tag_url": "/{{ tag.url }}",
    "item_tag": "{{ tag.name|e }}",
}
_HOME = {
    "title": "Workshop",
    "description": "Workshop",
    "canonical": "{{ SITEURL }}/",
    "each_item": "{% for item in articles_page.object_list %}",
    "if_previous": "{% if articles_page.has_previous() %}",
    "previous_url": "/{{ articles_previous_page.url }}",
    "if_next": "{% if articles_page.has_next() %}",
    "next_url": "/{{ articles_next_page.url }}",
}
_TAG = {
    "title": "{{ tag.name|e }}",
    "description": "{{ tag.name|e }}",
    "canonical": "{{ SITEURL }}/{{ tag.url }}",
    "each_item": "{% for item in articles %}",
}
_TERMS = {
    "title": "Tags",
    "description": "Tags",
    "canonical": "{{ SITEURL }}/tags/",
    "each_term": "{% for term, inside in tags|sort %}",
    "term_url": "/{{ term.url }}",
    "term": "{{ term.name|e }}",
    "term_count": "({{ inside|count }})",
}


class Pelican(Peer):
    """Python, one process; keeps parsed articles between builds."""

    name = "Pelican"
    does = (
        "The full job with a short plugin: YAML by libyaml, bleach with its own links. Its cache of parsed "
        "articles is kept between builds; every comment is cleaned and every page written anew."
    )
    leavings = ("cache",)
    is_slow = True

    def argv(self) -> list[str] | None:
        program = find("pelican")
        return [str(program), "-q"] if program else None

    def version(self) -> str:
        return said(find("pelican") or "pelican", "--version")

    def write_theme(self, root: Path, workload: Workload) -> None:
        del workload
        write(root, "pelicanconf.py", _CONFIG)
        write(root, "plugins/workshop.py", _PLUGIN)
        write(root, "plugins/bleached.py", BLEACHED.read_text(encoding="utf-8"))
        write(root, "theme/static/style.css", theme.STYLE)
        everything = {"each_entry": "{% for item in articles %}"}
        for name, text in (
            ("article", theme.page("article.html", _FRAME, _ARTICLE, COMMENTS)),
            ("index", theme.page("home.html", _FRAME, _ITEM, _HOME)),
            ("tag", theme.page("tag.html", _FRAME, _ITEM, _TAG)),
            ("tags", theme.page("tags.html", _FRAME, _TERMS)),
            ("sitemap", theme.fill("sitemap.xml", _FRAME, _ITEM, everything)),
        ):
            write(root, f"theme/templates/{name}.html", text)

    def article_path(self, article: Article) -> str:
        return f"content/{article.slug}.md"

    def article_text(self, article: Article) -> str:
        head = [
            f"Title: {article.title}",
            f"Date: {article.date:%Y-%m-%d %H:%M}",
            f"Slug: {article.slug}",
            f"Summary: {article.description}",
            f"Tags: {', '.join(article.tags)}",
            "Category: misc",
            *(["Status: draft"] if article.draft else []),
        ]
        return "\n".join(head) + f"\n\n{article.body}"
