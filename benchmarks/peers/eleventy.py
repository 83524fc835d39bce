"""Eleventy, from npm, with Nunjucks templates and sanitize-html for the comments."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from benchmarks import theme
from benchmarks.articles import Article
from benchmarks.peer import Peer, find, front_matter, write
from benchmarks.workload import Workload

_CONFIG = """\
module.exports = function (config) {
  config.addPassthroughCopy({ static: "/" });
  config.ignores.add("comments/**");
  config.addPreprocessor("drafts", "md", (data) => (data.draft ? false : undefined));
  const day = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  const format = new Intl.DateTimeFormat("en-GB", day);
  config.addFilter("iso", (date) => new Date(date).toISOString().slice(0, 19) + "Z");
  config.addFilter("human", (date) => format.format(new Date(date)));
  config.addFilter("rfc", (date) => new Date(date).toUTCString());
  const sorted = (api) => api.getFilteredByGlob("content/*.md").sort((a, b) => b.date - a.date);
  // Neighbours in one pass: Eleventy's own filter looks through the whole list on every page.
  const link = (post) => (post ? { url: post.url, title: post.data.title } : null);
  config.addCollection("posts", (api) => {
    const posts = sorted(api);
    posts.forEach((post, at) => {
      post.data.newer = link(posts[at - 1]);
      post.data.older = link(posts[at + 1]);
    });
    return posts;
  });
  config.addCollection("terms", (api) => {
    const found = new Map();
    for (const post of sorted(api))
      for (const tag of post.data.terms || []) {
        if (!found.has(tag)) found.set(tag, []);
        found.get(tag).push(post);
      }
    return [...found].sort((a, b) => (a[0] < b[0] ? -1 : 1)).map(([tag, posts]) => ({ tag, posts }));
  });
  return { markdownTemplateEngine: false, dir: { input: ".", output: "public" } };
};
"""
_COMMENTS = """\
const fs = require("fs"), path = require("path");
const yaml = require("js-yaml"), sanitize = require("sanitize-html");
const folder = path.join(__dirname, "..", "comments");
const options = {
  allowedTags: ["a", "blockquote", "br", "cite", "code", "dd", "dl", "dt", "em", "h2", "h3", "h4", "h5",
    "h6", "li", "ol", "p", "strong", "ul"],
  allowedAttributes: { a: ["href", "hreflang", "rel"], blockquote: ["cite"] },
  allowedSchemes: ["http", "https", "mailto"],
  textFilter: (text) => text.replace(/\\bhttps?:\\/\\/[^\\s<>"']*[^\\s<>"'.,;:!?)]/g, '<a href="$&">$&</a>'),
  transformTags: { a: sanitize.simpleTransform("a", { rel: "nofollow ugc" }) },
};
const paragraph = (text) =>
  /^\\s*<(blockquote|ul|ol|p)\\b/i.test(text) ? text : `<p>${text.trim().replace(/\\n/g, "<br>")}</p>`;
module.exports = function () {
  const threads = {};
  if (!fs.existsSync(folder)) return threads;
  for (const slug of fs.readdirSync(folder))
    threads[slug] = fs.readdirSync(path.join(folder, slug)).sort().map((name) => {
      const comment = yaml.load(fs.readFileSync(path.join(folder, slug, name), "utf8"));
      comment.html = sanitize(comment.body.split(/\\n\\s*\\n/).map(paragraph).join("\\n"), options);
      return comment;
    });
  return threads;
};
"""
_FRAME = {
    "title": "{{ title }}",
    "description": "{{ description }}",
    "canonical": "https://example.org{{ page.url }}",
    "feed_type": "application/rss+xml",
    "feed": "/index.xml",
    "style": "/style.css",
    "end": "{% endfor %}",
    "fi": "{% endif %}",
    "else": "{% else %}",
}
_ARTICLE = {
    "iso": "{{ date | iso }}",
    "human": "{{ date | human }}",
    "each_tag": "{% for tag in terms %}",
    "tag_url": "/tags/{{ tag }}/",
    "tag": "{{ tag }}",
    "content": "{{ content | safe }}",
    "if_newer": "{% if newer %}",
    "newer_url": "{{ newer.url }}",
    "newer_title": "{{ newer.title }}",
    "if_older": "{% if older %}",
    "older_url": "{{ older.url }}",
    "older_title": "{{ older.title }}",
    "thread": "{% set thread = comments[slug] or [] %}",
    "count": "{{ thread | length }}",
    "each_comment": "{% for comment in thread %}",
    "comment_id": "{{ comment.id }}",
    "if_url": "{% if comment.url %}",
    "comment_url": "{{ comment.url }}",
    "comment_author": "{{ comment.author }}",
    "comment_iso": "{{ comment.date | iso }}",
    "comment_human": "{{ comment.date | human }}",
    "if_reply": "{% if comment.reply_to %}",
    "reply_id": "{{ comment.reply_to }}",
    "comment_html": "{{ comment.html | safe }}",
}
_ITEM = {
    "item_url": "{{ item.url }}",
    "item_canonical": "https://example.org{{ item.url }}",
    "item_title": "{{ item.data.title }}",
    "item_iso": "{{ item.date | iso }}",
    "item_human": "{{ item.date | human }}",
    "item_rfc": "{{ item.date | rfc }}",
    "item_description": "{{ item.data.description }}",
    "each_item_tag": "{% for tag in item.data.terms %}",
    "item_tag_url": "/tags/{{ tag }}/",
    "item_tag": "{{ tag }}",
    "if_previous": "{% if pagination.href.previous %}",
    "previous_url": "{{ pagination.href.previous }}",
    "if_next": "{% if pagination.href.next %}",
    "next_url": "{{ pagination.href.next }}",
}
_TERMS = {
    "each_term": "{% for term in collections.terms %}",
    "term_url": "/tags/{{ term.tag }}/",
    "term": "{{ term.tag }}",
    "term_count": "({{ term.posts | length }})",
}
_PAGES = {
    "home": (
        "title: Workshop\npagination: {data: collections.posts, size: 10, alias: posts}\n"
        'permalink: "{% if pagination.pageNumber > 0 %}/page/{{ pagination.pageNumber + 1 }}{% endif %}/"\n'
    ),
    "tag": (
        "pagination: {data: collections.terms, size: 1, alias: term}\n"
        'permalink: "/tags/{{ term.tag }}/"\neleventyComputed: {title: "{{ term.tag }}"}\n'
    ),
    "tags": 'title: Tags\npermalink: "/tags/"\n',
    "feed": 'permalink: "/index.xml"\n',
    "sitemap": 'permalink: "/sitemap.xml"\neleventyExcludeFromCollections: true\n',
}


class Eleventy(Peer):
    """JavaScript, one thread, no memory between builds."""

    name = "Eleventy"
    does = (
        "The full job, one process, every build is a whole one. A data file reads the comments with "
        "js-yaml and cleans them with sanitize-html against the same allowlist; tags that are not "
        "allowed are dropped; the text of articles does not go through a template language."
    )
    most = 4000
    is_slow = True

    def argv(self) -> list[str] | None:
        program = _program()
        return ["node", str(program), "--quiet"] if program else None

    def version(self) -> str:
        program = _program()
        assert program
        package = program.with_name("package.json").read_text(encoding="utf-8")
        return f"{json.loads(package)['version']}"

    def environment(self) -> Mapping[str, str]:
        program = _program()
        return {"NODE_PATH": str(program.parents[2])} if program else {}

    def write_theme(self, root: Path, workload: Workload) -> None:
        del workload
        each = {"each_item": "{% for item in posts %}"}
        both = {**_FRAME, **_ITEM, **_TERMS, **each}
        terms = {"each_item": "{% for item in term.posts %}"}
        newest = {
            "xml": '<?xml version="1.0" encoding="utf-8"?>',
            "each_entry": "{% for item in collections.posts.slice(0, 20) %}",
        }
        everything = {"each_entry": "{% for item in collections.all %}"}
        write(root, "package.json", '{"name": "workshop", "private": true}\n')
        write(root, "eleventy.config.js", _CONFIG)
        write(root, "static/style.css", theme.STYLE)
        write(root, "_data/comments.js", _COMMENTS)
        write(
            root,
            "content/content.11tydata.js",
            'module.exports = { layout: "article.njk", permalink: (data) => `/${data.slug}/` };\n',
        )
        write(root, "_includes/article.njk", theme.page("article.html", _FRAME, _ARTICLE))
        for name, text in (
            ("home", theme.page("home.html", both)),
            ("tag", theme.page("tag.html", both, terms)),
            ("tags", theme.page("tags.html", both)),
            ("feed", theme.fill("feed.xml", both, newest)),
            ("sitemap", theme.fill("sitemap.xml", both, everything)),
        ):
            write(root, f"{name}.njk", f"---\n{_PAGES[name]}---\n{text}")

    def article_path(self, article: Article) -> str:
        return f"content/{article.slug}.md"

    def article_text(self, article: Article) -> str:
        # Its own key `tags` makes collections; the pages of tags are made by hand here.
        return f"---\n{front_matter(article, 'terms')}---\n\n{article.body}"


class PublishedEleventy(Eleventy):
    """The published workload."""

    does = (
        "As published: no configuration and no layout; articles go through Liquid too, by default."
    )
    most = 10_000

    def write_theme(self, root: Path, workload: Workload) -> None:
        del workload
        write(root, "package.json", '{"name": "workshop", "private": true}\n')
        write(root, "eleventy.config.js", 'module.exports = { dir: { output: "public" } };\n')

    def article_path(self, article: Article) -> str:
        return f"posts/{article.slug}.md"

    def page(self, article: Article) -> str:
        return f"{self.output}/posts/{article.slug}/index.html"


def _program() -> Path | None:
    return find("@11ty/eleventy/cmd.cjs")
