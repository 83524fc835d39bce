"""sitegen itself: with a theme of equal work, and with the one that comes with it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks import theme
from benchmarks.articles import Article
from benchmarks.peer import Peer, comment_yaml, said, write
from benchmarks.remarks import Remark
from benchmarks.workload import Workload

ROOT = Path(__file__).parents[2]

_CONFIG = """\
title: Workshop
base_url: https://example.org/
author: Jo
date_format: "%e %B %Y"
comments: {per_page: 1000}
menu:
  - {title: Home, url: /}
  - {title: Tags, url: /tags/}
"""
_FRAME = {
    "title": "{{ page.title }}",
    "description": "{{ page.description }}",
    "canonical": "{{ page.canonical }}",
    "feed_type": "application/atom+xml",
    "feed": "/feed.xml",
    "style": "{{ site.assets['style.css'] }}",
    "end": "{% endfor %}",
    "fi": "{% endif %}",
    "else": "{% else %}",
}
_ARTICLE = {
    "iso": "{{ page.date.iso }}",
    "human": "{{ page.date.text }}",
    "each_tag": "{% for tag in page.tags %}",
    "tag_url": "{{ tag.url }}",
    "tag": "{{ tag.title }}",
    "content": "{{ page.html }}",
    "if_newer": "{% if page.newer %}",
    "newer_url": "{{ page.newer.url }}",
    "newer_title": "{{ page.newer.title }}",
    "if_older": "{% if page.older %}",
    "older_url": "{{ page.older.url }}",
    "older_title": "{{ page.older.title }}",
    "thread": "",
    "count": "{{ page.comments.count }}",
    "each_comment": "{% for comment in page.comments.thread %}",
    "comment_id": "{{ comment.url[9:] }}",
    "if_url": "{% if comment.author_url %}",
    "comment_url": "{{ comment.author_url }}",
    "comment_author": "{{ comment.author }}",
    "comment_iso": "{{ comment.date.iso }}",
    "comment_human": "{{ comment.date.text }}",
    "if_reply": "{% if comment.parent %}",
    "reply_id": "{{ comment.parent.url[9:] }}",
    "comment_html": "{{ comment.html }}",
}
_LIST = {
    "each_item": "{% for item in page.cards %}",
    "item_url": "{{ item.url }}",
    "item_title": "{{ item.title }}",
    "item_iso": "{{ item.date.iso }}",
    "item_human": "{{ item.date.text }}",
    "item_description": "{{ item.summary }}",
    "each_item_tag": "{% for tag in item.tags %}",
    "item_tag_url": "{{ tag.url }}",
    "item_tag": "{{ tag.title }}",
    "if_previous": "{% if page.pager.newer %}",
    "previous_url": "{{ page.pager.newer }}",
    "if_next": "{% if page.pager.older %}",
    "next_url": "{{ page.pager.older }}",
}
_TERMS = {
    "description": "{{ page.title }}",
    "each_term": "{% for term in page.terms %}",
    "term_url": "{{ term.url }}",
    "term": "{{ term.title }}",
    "term_count": "({{ term.count }})",
}
_FEED = {
    "xml": '<?xml version="1.0" encoding="utf-8"?>',
    "each_entry": "{% for item in page.entries %}",
    "item_title": "{{ item.title }}",
    "item_canonical": "{{ item.url }}",
    "item_rfc": "{{ item.published }}",
    "item_description": "{{ item.summary }}",
}


class Sitegen(Peer):
    """The full job, with the theme that all peers have."""

    name = "sitegen"
    does = (
        "The full job: comments sanitized, threaded, linked and broken into paragraphs, and every link "
        "of an article checked. Besides what the others make: a feed for each thread, two for each tag, "
        "one of them with whole texts; the archive by year; tags and years in pages of ten."
    )
    output = "output"
    leavings = (".sitegen",)

    def argv(self) -> list[str]:
        return [sys.executable, "-m", "sitegen", "build"]

    def version(self) -> str:
        return said(sys.executable, "-m", "sitegen", "--version").removeprefix("sitegen ")

    def environment(self) -> Mapping[str, str]:
        return {"PYTHONPATH": str(ROOT)}

    def write_theme(self, root: Path, workload: Workload) -> None:
        del workload
        write(root, "config.yaml", f"{_CONFIG}theme: equal\n")
        write(root, "themes/equal/theme.yaml", "name: Equal work\n")
        write(root, "themes/equal/static/style.css", theme.STYLE)
        for name, source, some in (
            ("article.html", "article.html", _ARTICLE),
            ("home.html", "home.html", _LIST),
            ("section.html", "tag.html", _LIST),
            ("tag.html", "tag.html", _LIST),
            ("year.html", "tag.html", _LIST),
            ("tags.html", "tags.html", _TERMS),
            ("archive.html", "tags.html", _TERMS),
        ):
            write(root, f"themes/equal/templates/{name}", theme.page(source, _FRAME, some))
        write(root, "themes/equal/templates/atom.xml", theme.fill("feed.xml", _FRAME, _FEED))

    def article_path(self, article: Article) -> str:
        return f"content/{article.slug}.md"

    def comment_text(self, comment: Remark) -> str:
        return comment_yaml(comment)


class SitegenDefault(Sitegen):
    """The full job, with what a new site has."""

    name = "sitegen (default theme)"
    does = (
        "The same with the theme of a new site: whole texts in all feeds, tables of contents, microdata, "
        "Open Graph, a picture for each speaker, the tips of the text format and a comment to copy below "
        "every article."
    )

    def write_theme(self, root: Path, workload: Workload) -> None:
        del workload
        write(root, "config.yaml", _CONFIG)


class PublishedSitegen(Sitegen):
    """The published workload with one plain layout."""

    does = "Pages without a date in one plain layout; home page, sitemap, empty feeds and lists besides."

    def write_theme(self, root: Path, workload: Workload) -> None:
        del workload
        write(root, "config.yaml", f"{_CONFIG}theme: plain\n")
        write(root, "themes/plain/theme.yaml", "name: Plain\n")
        for name in ("page.html", "home.html", "tags.html", "archive.html", "404.html"):
            content = {"content": "{{ page.html if page.html is defined else '' }}"}
            text = theme.fill("published.html", _FRAME, content)
            write(root, f"themes/plain/templates/{name}", text)
