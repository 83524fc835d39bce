"""Lektor, from PyPI, with lektor-tags; comments are hidden records below their article."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from benchmarks import theme
from benchmarks.articles import Article
from benchmarks.peer import Peer, find, said, write
from benchmarks.remarks import Remark
from benchmarks.workload import Workload

_ISO = "datetimeformat(\"yyyy-MM-dd'T'HH:mm:ss'Z'\")"
_HUMAN = 'dateformat("d MMMM yyyy")'
_POSTS = 'site.root.children.filter(F._model == "post")'
_FILES = {
    "Workshop.lektorproject": "[project]\nname = Workshop\nurl = https://example.org\n",
    "content/contents.lr": "_model: home\n---\ntitle: Workshop\n",
    "content/sitemap/contents.lr": (
        "_model: none\n---\n_template: sitemap.xml\n---\n_slug: sitemap.xml\n"
    ),
    "content/tagindex/contents.lr": "_model: none\n---\n_template: tags.html\n---\n_slug: tags\n",
    "content/feed/contents.lr": "_model: none\n---\n_template: feed.xml\n---\n_slug: index.xml\n",
    "models/none.ini": "[model]\nname = None\n",
    "models/home.ini": (
        "[model]\nname = Home\n[children]\nmodel = post\norder_by = -date\n"
        "[pagination]\nenabled = yes\nper_page = 10\n"
        "items = this.children.filter(F._model == 'post')\n[fields.title]\ntype = string\n"
    ),
    "models/post.ini": (
        "[model]\nname = Post\n[children]\nmodel = comment\norder_by = _id\nhidden = yes\n"
        "[fields.title]\ntype = string\n[fields.date]\ntype = datetime\n"
        "[fields.description]\ntype = string\n[fields.tags]\ntype = strings\n"
        "[fields.body]\ntype = markdown\n"
    ),
    "models/comment.ini": (
        "[model]\nname = Comment\nhidden = yes\n[fields.author]\ntype = string\n"
        "[fields.date]\ntype = datetime\n[fields.url]\ntype = string\n"
        "[fields.reply_to]\ntype = string\n[fields.body]\ntype = markdown\n"
    ),
    "configs/tags.ini": (
        "parent = /\n"
        "items = site.query('/').filter(F._model == 'post')"
        ".filter(F.tags.contains(tag)).order_by('-date')\n"
        'tags = parent.children.filter(F._model == "post").distinct("tags")\n'
        "url_path = /tags/{{ tag }}\ntemplate = tag.html\n"
    ),
}
_FRAME = {
    "title": "{{ this.title }}",
    "description": "{{ this.description }}",
    "canonical": "https://example.org{{ this.url_path }}",
    "feed_type": "application/rss+xml",
    "feed": "/index.xml",
    "style": "/style.css",
    "end": "{% endfor %}",
    "fi": "{% endif %}",
    "else": "{% else %}",
}
_ARTICLE = {
    "iso": f"{{{{ this.date|{_ISO} }}}}",
    "human": f"{{{{ this.date|{_HUMAN} }}}}",
    "each_tag": "{% for tag in this.tags %}",
    "tag_url": "/tags/{{ tag }}/",
    "tag": "{{ tag }}",
    "content": "{{ this.body }}",
    "if_newer": "{% set near = this.get_siblings() %}{% if near.prev_page %}",
    "newer_url": "{{ near.prev_page.url_path }}",
    "newer_title": "{{ near.prev_page.title }}",
    "if_older": "{% if near.next_page %}",
    "older_url": "{{ near.next_page.url_path }}",
    "older_title": "{{ near.next_page.title }}",
    "thread": (
        "{% set thread = this.children.include_undiscoverable(true).include_hidden(true).all() %}"
    ),
    "count": "{{ thread|length }}",
    "each_comment": "{% for comment in thread %}",
    "comment_id": "{{ comment._id }}",
    "if_url": "{% if comment.url %}",
    "comment_url": "{{ comment.url }}",
    "comment_author": "{{ comment.author }}",
    "comment_iso": f"{{{{ comment.date|{_ISO} }}}}",
    "comment_human": f"{{{{ comment.date|{_HUMAN} }}}}",
    "if_reply": "{% if comment.reply_to %}",
    "reply_id": "{{ comment.reply_to }}",
    "comment_html": "{{ comment.body }}",
}
_ITEM = {
    "item_url": "{{ item.url_path }}",
    "item_canonical": "https://example.org{{ item.url_path }}",
    "item_title": "{{ item.title|e }}",
    "item_iso": f"{{{{ item.date|{_ISO} }}}}",
    "item_human": f"{{{{ item.date|{_HUMAN} }}}}",
    "item_rfc": '{{ item.date|datetimeformat("EEE, dd MMM yyyy HH:mm:ss Z") }}',
    "item_description": "{{ item.description|e }}",
    "each_item_tag": "{% for tag in item.tags %}",
    "item_tag_url": "/tags/{{ tag }}/",
    "item_tag": "{{ tag }}",
    "if_previous": "{% if this.pagination.has_prev %}",
    "previous_url": "{{ this.pagination.prev.url_path }}",
    "if_next": "{% if this.pagination.has_next %}",
    "next_url": "{{ this.pagination.next.url_path }}",
}
_TERMS = {
    "title": "Tags",
    "each_term": f'{{% for term in {_POSTS}.distinct("tags")|sort %}}',
    "term_url": "/tags/{{ term }}/",
    "term": "{{ term }}",
    "term_count": "",
}


class Lektor(Peer):
    """Python, one process; keeps a database of what depends on what."""

    name = "Lektor"
    does = (
        "All pages, with lektor-tags. Comments are hidden records whose text is Markdown: nothing is cleaned, "
        "so a stranger's script reaches the page. Its database of dependencies is kept between builds. "
        "No numbers in the list of tags."
    )
    most = 1000
    is_slow = True

    def argv(self) -> list[str] | None:
        program = find("lektor")
        return [str(program), "build", "-O", self.output, "--no-prune"] if program else None

    def version(self) -> str:
        return said(find("lektor") or "lektor", "--version").rpartition(" ")[2]

    def environment(self) -> Mapping[str, str]:
        return {"PYTHONWARNINGS": "ignore"}

    def write_theme(self, root: Path, workload: Workload) -> None:
        del workload
        for path, text in _FILES.items():
            write(root, path, text)
        write(root, "assets/style.css", theme.STYLE)
        home = {"each_item": "{% for item in this.pagination.items %}"}
        tag = {"each_item": "{% for item in this.items %}", "title": "{{ this.tag }}"}
        newest = {
            "xml": '<?xml version="1.0" encoding="utf-8"?>',
            "each_entry": f'{{% for item in {_POSTS}.order_by("-date").limit(20) %}}',
        }
        everything = {"each_entry": f"{{% for item in {_POSTS} %}}"}
        for name, text in (
            ("post.html", theme.page("article.html", _FRAME, _ARTICLE)),
            ("home.html", theme.page("home.html", _FRAME, _ITEM, home)),
            ("tag.html", theme.page("tag.html", _FRAME, _ITEM, tag)),
            ("tags.html", theme.page("tags.html", _FRAME, _TERMS)),
            ("feed.xml", theme.fill("feed.xml", _FRAME, _ITEM, newest)),
            ("sitemap.xml", theme.fill("sitemap.xml", _FRAME, _ITEM, everything)),
        ):
            write(root, f"templates/{name}", text)

    def article_path(self, article: Article) -> str:
        return f"content/{article.slug}/contents.lr"

    def article_text(self, article: Article) -> str:
        return _record(
            "_model: post",
            *(["_hidden: yes"] if article.draft else []),
            f"title: {article.title}",
            f"date: {article.date:%Y-%m-%d %H:%M:%S}",
            f"description: {article.description}",
            "tags:\n\n" + "\n".join(article.tags),
            f"body:\n\n{article.body}",
        )

    def comment_path(self, article: Article, comment: Remark) -> str:
        return f"content/{article.slug}/{comment.id}/contents.lr"

    def comment_text(self, comment: Remark) -> str:
        return _record(
            "_model: comment",
            f"author: {comment.author}",
            f"date: {comment.date:%Y-%m-%d %H:%M:%S}",
            *([f"url: {comment.url}"] if comment.url else []),
            *([f"reply_to: {comment.reply_to}"] if comment.reply_to else []),
            f"body:\n\n{comment.body}\n",
        )


def _record(*fields: str) -> str:
    return "\n---\n".join(fields)
