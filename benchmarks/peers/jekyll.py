"""Jekyll, as Debian packs it, with a small generator plugin for lists."""

from __future__ import annotations

from pathlib import Path

from benchmarks import theme
from benchmarks.articles import Article
from benchmarks.peer import Peer, find, said, write
from benchmarks.remarks import Remark
from benchmarks.workload import Workload

_CONFIG = """\
title: Workshop
url: https://example.org
permalink: /:slug/
destination: public
future: true
markdown: kramdown
kramdown:
  input: GFM
  syntax_highlighter: null
defaults:
  - scope: {path: "", type: posts}
    values: {layout: article}
"""
_PLUGIN = """\
# Pages of the home list, one page a tag, a page of all tags.
module Workshop
  class Made < Jekyll::Page
    def initialize(site, folder, layout, data)
      @site, @base, @dir, @name = site, site.source, folder, "index.html"
      process(@name)
      @data = { "layout" => layout }.merge(data)
      @content = ""
    end
  end

  class Lists < Jekyll::Generator
    def generate(site)
      posts = site.posts.docs.sort { |a, b| b <=> a }
      count = [(posts.size + 9) / 10, 1].max
      place = ->(at) { at == 1 ? "/" : "/page/#{at}/" }
      posts.each_slice(10).with_index(1) do |some, at|
        site.pages << Made.new(site, place.(at).delete_prefix("/"), "home",
          "title" => "Workshop", "posts" => some,
          "newer" => at > 1 ? place.(at - 1) : nil, "older" => at < count ? place.(at + 1) : nil)
      end
      tags = site.tags.sort
      tags.each do |tag, some|
        data = { "title" => tag, "posts" => some.sort { |a, b| b <=> a } }
        site.pages << Made.new(site, "tags/#{tag}", "tag", data)
      end
      terms = tags.map { |tag, some| [tag, some.size] }
      site.pages << Made.new(site, "tags", "tags", "title" => "Tags", "terms" => terms)
    end
  end
end
"""
_ISO, _HUMAN = 'date: "%Y-%m-%dT%H:%M:%SZ"', 'date: "%-d %B %Y"'
_FRAME = {
    "title": "{{ page.title | escape }}",
    "description": "{{ page.description | escape }}",
    "canonical": "{{ site.url }}{{ page.url }}",
    "feed_type": "application/rss+xml",
    "feed": "/index.xml",
    "style": "/style.css",
    "end": "{% endfor %}",
    "fi": "{% endif %}",
    "else": "{% else %}",
}
_ARTICLE = {
    "iso": f"{{{{ page.date | {_ISO} }}}}",
    "human": f"{{{{ page.date | {_HUMAN} }}}}",
    "each_tag": "{% for tag in page.tags %}",
    "tag_url": "/tags/{{ tag }}/",
    "tag": "{{ tag }}",
    "content": "{{ content }}",
    "if_newer": "{% if page.next %}",
    "newer_url": "{{ page.next.url }}",
    "newer_title": "{{ page.next.title | escape }}",
    "if_older": "{% if page.previous %}",
    "older_url": "{{ page.previous.url }}",
    "older_title": "{{ page.previous.title | escape }}",
    "thread": "{% assign thread = site.data.comments[page.slug] %}",
    "count": "{{ thread | size }}",
    "each_comment": "{% for pair in thread %}{% assign comment = pair[1] %}",
    "comment_id": "{{ comment.id }}",
    "if_url": "{% if comment.url %}",
    "comment_url": "{{ comment.url | escape }}",
    "comment_author": "{{ comment.author | escape }}",
    "comment_iso": f"{{{{ comment.date | {_ISO} }}}}",
    "comment_human": f"{{{{ comment.date | {_HUMAN} }}}}",
    "if_reply": "{% if comment.reply_to %}",
    "reply_id": "{{ comment.reply_to }}",
    "comment_html": "{{ comment.body | strip_html | markdownify }}",
}
_ITEM = {
    "each_item": "{% for item in page.posts %}",
    "item_url": "{{ item.url }}",
    "item_canonical": "{{ site.url }}{{ item.url }}",
    "item_title": "{{ item.title | escape }}",
    "item_iso": f"{{{{ item.date | {_ISO} }}}}",
    "item_human": f"{{{{ item.date | {_HUMAN} }}}}",
    "item_rfc": "{{ item.date | date_to_rfc822 }}",
    "item_description": "{{ item.description | escape }}",
    "each_item_tag": "{% for tag in item.tags %}",
    "item_tag_url": "/tags/{{ tag }}/",
    "item_tag": "{{ tag }}",
    "if_previous": "{% if page.newer %}",
    "previous_url": "{{ page.newer }}",
    "if_next": "{% if page.older %}",
    "next_url": "{{ page.older }}",
}
_TERMS = {
    "each_term": "{% for term in page.terms %}",
    "term_url": "/tags/{{ term[0] }}/",
    "term": "{{ term[0] }}",
    "term_count": "({{ term[1] }})",
}
_XML = '<?xml version="1.0" encoding="utf-8"?>'


class Jekyll(Peer):
    """Ruby, one thread; keeps converted Markdown between builds."""

    name = "Jekyll"
    does = (
        "All pages; its cache of converted Markdown is kept between builds, and everything is written anew. "
        "Comments are data files: their tags are removed and the rest is Markdown, so there is no list of "
        "allowed tags, and addresses become no links."
    )
    leavings = (".jekyll-cache", ".jekyll-metadata")
    most = 4000
    is_slow = True

    def argv(self) -> list[str] | None:
        program = find("jekyll")
        return [str(program), "build", "--quiet"] if program else None

    def version(self) -> str:
        return said(find("jekyll") or "jekyll", "--version").removeprefix("jekyll ")

    def write_theme(self, root: Path, workload: Workload) -> None:
        del workload
        both = {**_FRAME, **_ITEM, **_TERMS}
        newest = {"xml": _XML, "each_entry": "{% for item in site.posts limit:20 %}"}
        everything = {"each_entry": "{% for item in site.posts %}"}
        write(root, "_config.yml", _CONFIG)
        write(root, "_plugins/workshop.rb", _PLUGIN)
        write(root, "style.css", theme.STYLE)
        write(root, "_layouts/article.html", theme.page("article.html", _FRAME, _ARTICLE))
        for name in ("home", "tag", "tags"):
            write(root, f"_layouts/{name}.html", theme.page(f"{name}.html", both))
        head = "---\nlayout: null\n---\n"
        write(root, "index.xml", head + theme.fill("feed.xml", both, newest))
        write(root, "sitemap.xml", head + theme.fill("sitemap.xml", both, everything))

    def article_path(self, article: Article) -> str:
        return f"_posts/{article.date:%Y-%m-%d}-{article.slug}.md"

    def article_text(self, article: Article) -> str:
        return super().article_text(article).replace("\ndraft: true\n", "\npublished: false\n", 1)

    def comment_path(self, article: Article, comment: Remark) -> str:
        return f"_data/comments/{article.slug}/{comment.id}.yml"


class PublishedJekyll(Jekyll):
    """The published workload."""

    does = "As published: a collection with one plain layout."

    def write_theme(self, root: Path, workload: Workload) -> None:
        del workload
        write(
            root,
            "_config.yml",
            "destination: public\ncollections:\n  notes:\n    output: true\n"
            'defaults:\n  - scope: {path: "", type: notes}\n    values: {layout: layout}\n',
        )
        write(root, "_layouts/layout.html", theme.fill("published.html", _FRAME, _ARTICLE))

    def article_path(self, article: Article) -> str:
        return f"_notes/{article.slug}.md"

    def article_text(self, article: Article) -> str:
        return Peer.article_text(self, article)

    def page(self, article: Article) -> str:
        return f"{self.output}/notes/{article.slug}.html"
