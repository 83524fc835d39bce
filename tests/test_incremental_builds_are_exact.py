"""Whole sites, changed at random: after every step the output is that of a clean build.

The clean build is made in another folder and remembers nothing. Beside its bytes, its
problems and counts have to be the same, and only those outputs may have been rendered whose
view or template closure is new: both are taken from the clean build, not from the memory.

`SITEGEN_EXAMPLES=2000` looks further than CI does, with other seeds and longer stories.
"""

from __future__ import annotations

import contextlib
import copy
import datetime as dt
import json
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from sitegen import disk
from sitegen.build import edition, inputs, making, pipeline, render
from sitegen.build.closures import closure_digests
from sitegen.build.pipeline import Options, Report, build
from sitegen.model.schedule import Clock
from sitegen.views.jobs import make_view

MANIFEST = ".sitegen-manifest"
DAY = dt.timedelta(days=1)
START = dt.datetime(2024, 6, 1, 12, tzinfo=dt.UTC)

# A theme that shows everything its templates get: no change of a view goes unseen.
SHOWN = "{{ page }}"
TEMPLATES = {
    "base.html": "<title>{{ words.title }}</title>{% block main %}{% endblock %}{% include 'foot.html' %}",
    "foot.html": "<p>{{ words.foot }} {{ site.title }}",
    "article.html": "{% extends 'base.html' %}{% block main %}{{ page }}{% include 'comments.html' %}{% endblock %}",
    "comments.html": "{% for c in page.comments.thread %}{{ c.html }}{% endfor %}{% include 'extra.html' ignore missing %}",
    "page.html": "{% extends 'base.html' %}{% block main %}{{ page }}{% include 'of-' ~ page.lang ~ '.html' ignore missing %}{% endblock %}",
    "wide.html": "{% import 'tools.html' as tools %}{{ tools.loud(page.title) }}{{ page }}",
    "tools.html": "{% macro loud(text) %}<b>{{ text }}</b>{% endmacro %}",
    **dict.fromkeys(
        (
            "home.html",
            "section.html",
            "tag.html",
            "year.html",
            "tags.html",
            "archive.html",
            "404.html",
            "redirect.html",
            "all-series.html",
            "series.html",
            "authors.html",
            "author.html",
            "taxonomy.html",
            "term.html",
        ),
        "{% extends 'base.html' %}{% block main %}{{ page }}{% endblock %}",
    ),
    **dict.fromkeys(("atom.xml", "sitemap.xml", "robots.txt"), SHOWN),
}
THEME = {
    **{f"templates/{name}": text for name, text in TEMPLATES.items()},
    "theme.yaml": "name: Bare\n",
    "i18n/en.yaml": "title: Title\nfoot: End\n",
    "i18n/de.yaml": "foot: Ende\n",
    "static/style.css": "p { color: red }",
}
CALM = {"broken_link": "warning", "broken_anchor": "warning"}
KEYS: dict[str, tuple[Any, ...]] = {
    "title": ("One", "Two", "Übung"),
    "base_url": ("https://one.example/", "https://two.example/blog/"),
    "description": (None, "About it"),
    "author": (None, "Ada", "Jo"),
    "language": ("en", "de", "de-AT"),
    "timezone": ("UTC", "Pacific/Auckland", "America/New_York"),
    "theme": ("bare", "child", "default"),
    "byline": ("Submitted by {author} on {date}", "{date}"),
    "date_format": ("%Y-%m-%d %H:%M", "%A %d %B %Y"),
    "permalinks": ({}, {"article": "/{year}/{month}/{slug}/"}, {"page": "/p/{section}/{slug}/"}),
    "articles_per_page": (2, 3, 10),
    "feed_items": (1, 2, 20),
    "menu": ([], [{"title": "Home", "url": "/"}, {"title": "Far", "url": "https://far.example/"}]),
    "checks": (CALM, {**CALM, "broken_link": "ignore", "missing_picture": "ignore"}),
    "formats": ({}, {"own": {"allowed_html": "<em>"}}, {"own": {"allowed_html": "<strong> <em>"}}),
    "comments.default": ("open", "closed", "hidden"),
    "comments.close_after_days": (None, 5, 40),
    "comments.invalid": ("error", "skip"),
    "comments.format": ("restricted_html", "plain_text", "markdown"),
    "comments.repository": (None, "https://github.com/ada/site"),
    "comments.branch": ("main", "live"),
    "comments.by_author": ([], ["posts/b/c1"]),
    "taxonomies": ([], ["places"], ["places", "topics"]),
    "related": (0, 1, 3),
    "authors": (
        {},
        {"ada": {"name": "Ada Byron", "aliases": ["Ada"]}},
        {"ada": {"name": "Ada L."}, "jo": {"name": "Jo", "url": "https://jo.example/"}},
    ),
    "author_pages": (False, True),
    "edit_links": (False, True),
}
FIELDS: dict[str, tuple[Any, ...]] = {
    "title": ("A walk", "A day out", "Über"),
    "date": ("2024-05-28", "2024-05-30 22:30", "2024-06-03", "2023-12-31 23:30", "2021-01-01"),
    "updated": (None, "2024-05-31"),
    "authors": (None, ["Ada"], ["Jo", "Ada"]),
    "slug": (None, None, "renamed"),
    "description": (None, "Described"),
    "summary": (None, "In short"),
    "tags": ([], ["Rain"], ["rain", "Sun"], ["C#", "sun"]),
    "draft": (False, True),
    "unlisted": (False, True),
    "expires": (None, "2024-06-05", "2024-05-31 12:00"),
    "aliases": ([], ["/old/"], ["/old.html", "/older/place/"]),
    "comments": (None, "open", "closed", "hidden"),
    "lang": (None, "fr", "ar"),
    "template": (None, None, "wide.html"),
    "series": (None, "Trip", "Other trip"),
    "order": (None, 1, 2),
    "places": (None, ["Alps"], ["Alps", "Sea"]),
    "defaults": ({}, {"author": "Jo"}, {"comments": "open", "lang": "fr"}),
    "extra": ({}, {"mood": "good"}, {"mood": ["bad", "worse"]}),
}
TEXTS = (
    "Plain words.",
    "# A heading\n\n[away](https://far.example/) and [home](/)",
    "See [the other](b.md#a-heading), [a picture](pictures/one.png) and [none](nowhere.md).",
    "```python\nx = 1\n```\n\n![](one.png)",
)
BODIES = (
    "Words.",
    "<b>Loud</b> <script>alert(1)</script> https://far.example/a",
    "*star* [#it](#comment-c1) me@far.example",
)
number = st.integers(0, 10_000)
Tree = dict[str, bytes]


def tree(root: Path) -> Tree:
    """Return path -> bytes of every file below a folder."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }


def folders(paths: Iterator[str] | Tree) -> set[str]:
    return {parent.as_posix() for path in paths for parent in Path(path).parents}


class Site:
    """The files of a small site, with what they are written from."""

    def __init__(self) -> None:
        self.config: dict[str, Any] = {
            "title": "One",
            "base_url": "https://one.example/",
            "theme": "bare",
            "checks": CALM,
        }
        self.documents: dict[str, dict[str, Any]] = {}
        self.comments: dict[str, dict[str, Any]] = {}
        self.files: dict[str, bytes] = {}

    def __call__(self) -> Tree:
        """Return path -> bytes of everything."""
        made = {"config.yaml": _yaml(_nested(self.config)).encode()}
        for path, document in self.documents.items():
            head = {key: value for key, value in document.items() if key != "text"}
            made[path] = f"---\n{_yaml(head)}---\n{document['text']}\n".encode()
        made |= {path: _yaml(comment).encode() for path, comment in self.comments.items()}
        return {**made, **self.files}


def _nested(config: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in config.items():
        outer, _, inner = key.partition(".")
        if inner:
            found.setdefault(outer, {})[inner] = value
        else:
            found[key] = value
    return {
        key: _present(value) if isinstance(value, dict) else value for key, value in found.items()
    }


def _present(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _yaml(values: dict[str, Any]) -> str:
    lines = []
    for key, value in _present(values).items():
        if isinstance(value, dict) and value:
            lines.append(f"{key}:\n" + "".join(f"  {line}\n" for line in _yaml(value).splitlines()))
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            rows = ("    ".join(_yaml(item).splitlines(keepends=True)) for item in value)
            lines.append(f"{key}:\n" + "".join(f"  - {row}" for row in rows))
        elif value not in ({}, []):
            lines.append(f"{key}: {json.dumps(value, ensure_ascii=False)}\n")
    return "".join(lines)


def first_site() -> Site:
    site = Site()
    for name, date, tags in (("a", "2024-05-20", ["Rain"]), ("b", "2024-05-30", ["Rain", "Sun"])):
        site.documents[f"content/posts/{name}.md"] = {
            "title": f"Article {name}",
            "date": date,
            "tags": tags,
            "text": TEXTS[2],
        }
    site.documents["content/posts/c/index.md"] = {
        "title": "With pictures",
        "date": "2023-02-01",
        "text": TEXTS[3],
    }
    site.documents["content/posts/_index.md"] = {"title": "Posts", "text": "All posts."}
    site.documents["content/about.md"] = {"title": "About", "text": TEXTS[1]}
    site.comments["comments/posts/b/c1.yaml"] = comment(1, "")
    site.comments["comments/posts/b/c2.yaml"] = comment(2, "c1")
    site.files = {
        "static/hand.txt": b"by hand",
        "content/posts/c/one.png": b"png",
        "content/posts/pictures/one.png": b"another",
        **{f"themes/bare/{name}": text.encode() for name, text in THEME.items()},
        "themes/child/theme.yaml": b"name: Child\nextends: bare\n",
    }
    return site


def comment(day: int, reply_to: str) -> dict[str, Any]:
    return {
        "author": f"Reader {day}",
        "date": f"2024-05-{day % 28 + 1:02}T10:00:00Z",
        "reply_to": reply_to or None,
        "body": BODIES[day % len(BODIES)],
    }


class Known:
    """What the last good build that remembered left behind."""

    def __init__(self) -> None:
        self.views: dict[str, bytes] = {}
        self.tree: Tree = {}
        self.is_remembered = True
        """The memory may have a state of it."""
        self.owns = False
        """The memory certainly knows which files are the tool's."""


@contextlib.contextmanager
def views_of_builds() -> Iterator[dict[str, bytes]]:
    """Note the view and the template closure of every output that is planned meanwhile."""
    found: dict[str, bytes] = {}
    plan = making.make_plan

    def noting(read: Any, library: Any, *others: Any, **options: Any) -> Any:
        made = plan(read, library, *others, **options)
        closures = closure_digests(read.theme)
        for job in made.jobs:
            view = msgspec.msgpack.encode(make_view(job, library), enc_hook=str)
            found[job.path] = view + closures.get(job.template, b"") + job.template.encode()
        return made

    making.make_plan = noting
    try:
        yield found
    finally:
        making.make_plan = plan


@contextlib.contextmanager
def replaced(module: Any, **values: Any) -> Iterator[None]:
    """Set a module's values for a while."""
    before = {name: getattr(module, name) for name in values}
    for name, value in values.items():
        setattr(module, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(module, name, value)


class Story(RuleBasedStateMachine):
    """A site, its output folder, and what is done to both."""

    def __init__(self) -> None:
        super().__init__()
        self.scratch = Path(tempfile.mkdtemp(prefix="sitegen-story-"))
        self.root = self.scratch / "site"
        self.root.mkdir()
        self.moves = 0
        self.count = 0
        self.site = first_site()
        self.good = copy.deepcopy(self.site)
        self.written: Tree = {}
        self.foreign: Tree = {}
        self.now = START
        self.switches: dict[str, Any] = {}
        self.known = Known()
        self.other = Known()
        self.has_manifest = True
        self.coarse = False
        self.pending = 0
        self.before: Tree = {}

    def teardown(self) -> None:
        shutil.rmtree(self.scratch)

    @initialize(coarse=st.booleans())
    def first_build(self, coarse: bool) -> None:
        """Begin on a file system with a fine clock, or with one that ticks every second."""
        self.coarse = coarse
        self.publish()

    # How files get to the disk, and what is checked then.

    def put(self) -> None:
        """Write what differs from what lies on the disk, in place, as an editor may."""
        wanted = self.site()
        for path in self.written.keys() - wanted.keys():
            (self.root / path).unlink()
            with contextlib.suppress(OSError):
                for parent in list(Path(path).parents)[:-1]:
                    (self.root / parent).rmdir()
        for path, content in wanted.items():
            if self.written.get(path) != content:
                (self.root / path).parent.mkdir(parents=True, exist_ok=True)
                (self.root / path).write_bytes(content)
        self.written = wanted

    def run(self, output: Path, **options: Any) -> Report:
        asked = {"jobs": 1, **options}
        base_url = asked.pop("base_url", self.switches.get("base_url"))
        clock = Clock(
            self.now, self.switches.get("drafts", False), self.switches.get("future", False)
        )
        stamp = disk._stamp

        def coarse(info: os.stat_result) -> tuple[int, int, int, int]:
            size, changed, touched, inode = stamp(info)
            second = 10**9
            return size, changed // second * second, touched // second * second, inode

        with replaced(disk, _stamp=coarse if self.coarse else stamp):
            return build(Options(self.root, output, clock, base_url, **asked))

    def publish(self, **options: Any) -> None:
        """Build, unless more changes are to come first; then hold the result against a clean one."""
        self.put()
        if self.pending:
            self.pending -= 1
            return
        output = self.root / "output"
        self.before = tree(output) if output.is_dir() else {}
        if self.build_and_compare(output, self.known, **options):
            self.good = copy.deepcopy(self.site)
            return
        assert self.before == (tree(output) if output.is_dir() else {}), "a failed build wrote"
        self.site = copy.deepcopy(self.good)
        self.switches = {}
        self.now = START
        self.put()
        self.before = tree(output) if output.is_dir() else {}
        assert self.build_and_compare(output, self.known), "the site of before cannot be built"

    def build_and_compare(self, output: Path, known: Known, **options: Any) -> bool:
        """Return whether the site could be built."""
        remember = options.get("remember", True)
        before = tree(output) if output.is_dir() else {}
        report = self.run(output, **options)
        clean = self.scratch / "clean"
        shutil.rmtree(clean, ignore_errors=True)
        with views_of_builds() as views:
            expected = self.run(
                clean,
                remember=False,
                base_url=options.get("base_url") or self.switches.get("base_url"),
            )
        self.same_reports(report, expected)
        if expected.written is None:
            return False
        made = tree(output)
        foreign = self.foreign if known is self.known else {}
        assert {path: made.pop(path, None) for path in foreign} == foreign
        self.same_trees(made, tree(clean))
        empty = {p.relative_to(output).as_posix() for p in output.rglob("*") if p.is_dir()}
        assert empty <= folders({**made, **foreign}), "an empty folder was left"
        self.only_needed(report, before, views, known, remember)
        if remember:
            known.views, known.tree = views, made
            known.is_remembered = known.owns = True
            again = self.run(output, **options)
            self.same_reports(again, expected)
            assert (again.rendered, again.written.changed, again.written.removed) == (0, (), ())
            assert {**made, **foreign} == tree(output)
        else:
            known.owns = False
        self.has_manifest = True
        return True

    def same_reports(self, report: Report, expected: Report) -> None:
        assert report.problems == expected.problems
        assert (report.written is None) == (expected.written is None)
        for name in ("articles", "pages", "comments", "held_back", "next_change"):
            assert getattr(report, name) == getattr(expected, name), name

    def same_trees(self, made: Tree, clean: Tree) -> None:
        assert sorted(made) == sorted(clean)
        different = [path for path in clean if made[path] != clean[path]]
        assert not different, (made[different[0]].decode(), clean[different[0]].decode())

    def only_needed(
        self, report: Report, before: Tree, views: dict[str, bytes], known: Known, remember: bool
    ) -> None:
        if not remember or not known.is_remembered:
            assert report.rendered <= len(views)
            return
        needed = [
            path
            for path, view in views.items()
            if known.views.get(path) != view or before.get(path) != known.tree.get(path)
        ]
        assert report.rendered == len(needed), needed

    # Choosing.

    def one(self, things: Any, choice: int) -> Any:
        names = sorted(things)
        return names[choice % len(names)]

    def fresh(self) -> int:
        self.count += 1
        return self.count

    # Changes of the site.

    @rule(more=st.integers(1, 3))
    def hold(self, more: int) -> None:
        """Let several changes happen before the next build."""
        self.pending = more

    @rule()
    def let_the_clock_tick(self) -> None:
        """Wait until what was written last is settled, so that its stamp alone is trusted."""
        time.sleep(0.06)
        if not self.pending:
            self.publish()
            time.sleep(0.06)

    @rule(
        date=st.sampled_from(FIELDS["date"]),
        tags=st.sampled_from(FIELDS["tags"]),
        text=st.sampled_from(TEXTS),
    )
    def add_article(self, date: str, tags: list[str], text: str) -> None:
        name = f"content/posts/n{self.fresh()}.md"
        self.site.documents[name] = {"title": name, "date": date, "tags": tags, "text": text}
        self.publish()

    @rule(
        folder=st.sampled_from(["", "posts/", "notes/", "notes/deep/"]), text=st.sampled_from(TEXTS)
    )
    def add_page(self, folder: str, text: str) -> None:
        name = f"content/{folder}page{self.fresh()}.md"
        self.site.documents[name] = {"title": name, "text": text}
        self.publish()

    @rule(folder=st.sampled_from(["", "notes/"]), title=st.sampled_from(FIELDS["title"]))
    def write_section_page(self, folder: str, title: str) -> None:
        self.site.documents[f"content/{folder}_index.md"] = {"title": title, "text": TEXTS[1]}
        self.publish()

    @rule(choice=number, text=st.sampled_from(TEXTS))
    def edit_text(self, choice: int, text: str) -> None:
        self.site.documents[self.one(self.site.documents, choice)]["text"] = text
        self.publish()

    @rule(choice=number, key=st.sampled_from(sorted(FIELDS)), value=number)
    def edit_front_matter(self, choice: int, key: str, value: int) -> None:
        path = self.one(self.site.documents, choice)
        document = self.site.documents[path]
        if key == "date" and "date" not in document:
            key = "title"
        if key == "places" and "places" not in self.site.config.get("taxonomies", []):
            self.site.config["taxonomies"] = ["places"]
        if key == "defaults" and not path.endswith("_index.md"):
            return
        document[key] = FIELDS[key][value % len(FIELDS[key])]
        self.publish()

    @precondition(lambda self: len(self.site.documents) > 1)
    @rule(choice=number)
    def delete_document(self, choice: int) -> None:
        path = self.one(self.site.documents, choice)
        del self.site.documents[path]
        folder = _comments_of(path)
        for name in [name for name in self.site.comments if name.startswith(folder)]:
            del self.site.comments[name]
        self.publish()

    @rule(choice=number, folder=st.sampled_from(["posts", "notes"]), takes_comments=st.booleans())
    def rename_document(self, choice: int, folder: str, takes_comments: bool) -> None:
        path = self.one(self.site.documents, choice)
        if path.endswith("index.md"):
            return
        new = f"content/{folder}/moved{self.fresh()}.md"
        self.site.documents[new] = self.site.documents.pop(path)
        old = _comments_of(path)
        for name in [name for name in self.site.comments if name.startswith(old)]:
            moved = self.site.comments.pop(name)
            if takes_comments:
                self.site.comments[_comments_of(new) + name.removeprefix(old)] = moved
        self.publish()

    @rule(
        choice=number,
        kind=st.sampled_from(["", "markdown", "plain_text", "own"]),
        answers=st.booleans(),
    )
    def add_comment(self, choice: int, kind: str, answers: bool) -> None:
        path = self.one(self.site.documents, choice)
        folder = _comments_of(path)
        others = [name for name in self.site.comments if name.startswith(folder)]
        parent = Path(self.one(others, choice)).stem if answers and others else ""
        day = self.fresh()
        self.site.comments[f"{folder}n{day}.yaml"] = {
            **comment(day, parent),
            "format": kind or None,
        }
        self.publish()

    @precondition(lambda self: self.site.comments)
    @rule(
        choice=number,
        body=st.sampled_from(BODIES),
        key=st.sampled_from(["body", "author", "date", "url", "subject"]),
    )
    def edit_comment(self, choice: int, body: str, key: str) -> None:
        written = self.site.comments[self.one(self.site.comments, choice)]
        day = self.fresh()
        written[key] = {
            "body": body,
            "author": f"Jo {day}",
            "date": f"2024-06-{day % 28 + 1:02}T10:00:00Z",
            "url": f"https://far.example/{day}",
            "subject": "About",
        }[key]
        written.pop("removed", None)
        written.setdefault("author", "Ada")
        written.setdefault("body", "Again.")
        self.publish()

    @precondition(lambda self: self.site.comments)
    @rule(choice=number)
    def leave_a_tombstone(self, choice: int) -> None:
        path = self.one(self.site.comments, choice)
        removed = {"date": self.site.comments[path]["date"], "removed": True}
        self.site.comments[path] = removed
        self.publish()

    @precondition(lambda self: self.site.comments)
    @rule(choice=number)
    def delete_comment(self, choice: int) -> None:
        del self.site.comments[self.one(self.site.comments, choice)]
        self.publish()

    @precondition(lambda self: self.site.comments)
    @rule(choice=number)
    def rename_comment(self, choice: int) -> None:
        path = self.one(self.site.comments, choice)
        new = f"{path.rpartition('/')[0]}/moved{self.fresh()}.yaml"
        self.site.comments[new] = self.site.comments.pop(path)
        self.publish()

    @rule(key=st.sampled_from(sorted(KEYS)), value=number)
    def change_config(self, key: str, value: int) -> None:
        self.site.config[key] = KEYS[key][value % len(KEYS[key])]
        if self.site.config.get("edit_links"):
            self.site.config["comments.repository"] = "https://github.com/ada/site"
        self.publish()

    @rule(
        theme=st.sampled_from(["bare", "child"]),
        name=st.sampled_from([*sorted(TEMPLATES), "extra.html", "of-en.html", "of-fr.html"]),
    )
    def write_template(self, theme: str, name: str) -> None:
        """Edit a template, override one in the child, or add one that was only asked for."""
        text = TEMPLATES.get(name, "")
        mark = "" if name == "tools.html" else f"<i>{self.fresh()}</i>"
        self.site.files[f"themes/{theme}/templates/{name}"] = (text + mark).encode()
        self.publish()

    @rule(choice=number)
    def delete_template(self, choice: int) -> None:
        """Take back an override, or let the default theme's template come forward."""
        names = [
            name for name in self.site.files if name.startswith("themes/") and "/templates/" in name
        ]
        if names:
            del self.site.files[self.one(names, choice)]
            self.publish()

    @rule(
        theme=st.sampled_from(["bare", "child"]),
        language=st.sampled_from(["en", "de", "de-AT"]),
        word=st.sampled_from(["title", "foot"]),
    )
    def write_theme_string(self, theme: str, language: str, word: str) -> None:
        strings = {"title": "T", "foot": "F"} if (theme, language) == ("bare", "en") else {}
        self.site.files[f"themes/{theme}/i18n/{language}.yaml"] = _yaml(
            {**strings, word: f"Word {self.fresh()}"}
        ).encode()
        self.publish()

    @rule(
        place=st.sampled_from(
            [
                "static/new.txt",
                "static/deep/new.txt",
                "static/hand.txt",
                "themes/bare/static/style.css",
                "themes/child/static/style.css",
                "themes/bare/static/more.js",
                "content/posts/c/one.png",
                "content/posts/c/two.png",
                "content/loose.pdf",
                "content/posts/pictures/one.png",
            ]
        ),
        size=st.integers(0, 3),
    )
    def write_file(self, place: str, size: int) -> None:
        self.site.files[place] = b"x" * size
        self.publish()

    @rule(choice=number)
    def delete_file(self, choice: int) -> None:
        names = [
            name
            for name in self.site.files
            if name.startswith(("static/", "content/")) or "/static/" in name
        ]
        if names:
            del self.site.files[self.one(names, choice)]
            self.publish()

    @rule(choice=number)
    def change_kind_of_place(self, choice: int) -> None:
        """Let a folder take the place of a file, and a file that of a folder."""
        flat = "static/place"
        if self.site.files.pop(flat, None) is not None:
            self.site.files[f"{flat}/inner.txt"] = b"inner"
        else:
            self.site.files.pop(f"{flat}/inner.txt", None)
            self.site.files[flat] = b"flat"
        self.publish()

    @rule(choice=number, tick=st.booleans())
    def edit_at_equal_size(self, choice: int, tick: bool) -> None:
        """Change a file right after the build, keep its size, and put its time back."""
        path = self.one([*self.site.documents, *self.site.files, *self.site.comments], choice)
        if tick:
            time.sleep(0.06)
        place = self.root / path
        info = place.stat()
        if path in self.site.files:
            old = self.site.files[path]
            if path.endswith((".yaml", ".html")) or not old:
                return
            self.site.files[path] = bytes([(old[0] + 1) % 128]) + old[1:]
        else:
            document = self.site.documents.get(path) or self.site.comments[path]
            key = next((key for key in ("text", "body") if document.get(key)), None)
            if key is None:
                return
            letter = "P" if document[key][0] != "P" else "Q"
            document[key] = letter + document[key][1:]
        pending, self.pending = self.pending, 1
        self.publish()
        self.pending = pending
        os.utime(place, ns=(info.st_atime_ns, info.st_mtime_ns))
        self.publish()

    @rule()
    def touch_everything(self) -> None:
        for path in self.written:
            os.utime(self.root / path)
        self.publish()

    @rule(
        fault=st.sampled_from(["date", "template", "comment", "config", "twin", "reply"]),
        choice=number,
    )
    def make_a_mistake(self, fault: str, choice: int) -> None:
        """Most of these stop the build; it is mended right after, by `publish`."""
        files = self.site.files
        if fault == "date":
            self.site.documents["content/posts/bad.md"] = {
                "title": "Bad",
                "date": "2024-02-30",
                "text": "",
            }
        elif fault == "template":
            files["themes/bare/templates/foot.html"] = self_made(choice)
        elif fault == "comment":
            files["comments/posts/a/bad.yaml"] = b"author: nobody\n"
        elif fault == "config":
            self.site.config["articles_per_page"] = 0
        elif fault == "twin":
            self.site.documents["content/about/index.md"] = {"title": "Twin", "text": ""}
        else:
            self.site.comments["comments/posts/nowhere/c1.yaml"] = comment(3, "c9")
        self.publish()

    # What happens around it.

    @rule(hours=st.sampled_from([1, 13, 24, 24 * 7, 24 * 40]))
    def advance_the_clock(self, hours: int) -> None:
        self.now += dt.timedelta(hours=hours)
        self.publish()

    @rule(days=st.sampled_from([1, 10, 100]))
    def turn_the_clock_back(self, days: int) -> None:
        self.now -= days * DAY
        self.publish()

    @rule(name=st.sampled_from(["drafts", "future", "base_url"]))
    def turn_a_switch(self, name: str) -> None:
        value = "https://preview.example/x/" if name == "base_url" else True
        self.switches[name] = None if self.switches.get(name) else value
        self.switches = _present(self.switches)
        self.publish()

    @rule()
    def build_in_two_processes(self) -> None:
        with replaced(inputs, _WORTHWHILE=0), replaced(edition, _WORTHWHILE=0):
            self.publish(jobs=2)

    @precondition(lambda self: self.has_manifest)
    @rule()
    def build_without_memory(self) -> None:
        self.publish(remember=False)

    @rule(base_url=st.sampled_from([None, "https://branch.example/"]))
    def build_elsewhere_too(self, base_url: str | None) -> None:
        """Build into another folder, at another address, with the same memory."""
        if not self.pending:
            self.put()
            had = self.has_manifest
            self.build_and_compare(self.root / "preview", self.other, base_url=base_url)
            self.has_manifest = had
            self.publish()

    @rule()
    def move_the_site(self) -> None:
        self.moves += 1
        new = self.scratch / f"site{self.moves}"
        self.root.rename(new)
        self.root = new
        self.publish()

    @rule()
    def check_out_anew(self) -> None:
        """Give every file a new inode and a new time, as CI does that keeps cache and output."""
        self.moves += 1
        new = self.scratch / f"site{self.moves}"
        shutil.copytree(self.root, new, copy_function=shutil.copyfile)
        shutil.rmtree(self.root)
        self.root = new
        self.publish()

    # What happens to the memory and to the output.

    @precondition(lambda self: self.has_manifest)
    @rule()
    def delete_the_memory(self) -> None:
        shutil.rmtree(self.root / ".sitegen", ignore_errors=True)
        self.forget()
        self.publish()

    @precondition(lambda self: self.has_manifest)
    @rule(places=st.lists(st.tuples(st.floats(0, 1), st.integers(1, 255)), min_size=1, max_size=40))
    def flip_bytes_of_the_memory(self, places: list[tuple[float, int]]) -> None:
        memory = self.root / ".sitegen/memory.sqlite"
        if memory.is_file():
            data = bytearray(memory.read_bytes())
            for place, value in places if data else ():
                data[min(int(place * len(data)), len(data) - 1)] ^= value
            memory.write_bytes(data)
            self.forget()
            self.publish()

    @precondition(lambda self: self.has_manifest)
    @rule(
        table=st.sampled_from(["head", "value", "state"]),
        change=st.sampled_from(
            ["flip", "cut", "swap", "number", "text", "null", "delete", "columns"]
        ),
    )
    def damage_rows_of_the_memory(self, table: str, change: str) -> None:
        """Change rows of a file that is whole to SQLite."""
        memory = self.root / ".sitegen/memory.sqlite"
        if not memory.is_file():
            return
        key = "name" if table == "state" else "key"
        sql = {
            "flip": f"UPDATE {table} SET data = CAST('xxxxxxxxxxxxxxxxxxxxxxxxx' AS BLOB)",
            "cut": f"UPDATE {table} SET data = substr(data, 1, 20)",
            "swap": f"UPDATE {table} SET data = (SELECT data FROM {table} ORDER BY {key} LIMIT 1)",
            "number": f"UPDATE {table} SET data = 7",
            "text": f"UPDATE {table} SET {key} = CAST({key} AS TEXT), data = 'text'",
            "null": f"UPDATE {table} SET {key} = NULL",
            "delete": f"DELETE FROM {table}",
            "columns": f"ALTER TABLE {table} RENAME COLUMN data TO other",
        }[change]
        connection = sqlite3.connect(memory)
        with contextlib.suppress(sqlite3.Error), connection:
            connection.execute(sql)
        connection.close()
        self.forget()
        self.publish()

    @precondition(lambda self: self.has_manifest)
    @rule(content=st.sampled_from([b"", b"SQLite format 3\0", b"{}", None]), share=st.floats(0, 1))
    def replace_the_memory(self, content: bytes | None, share: float) -> None:
        memory = self.root / ".sitegen/memory.sqlite"
        if memory.is_file():
            data = memory.read_bytes()
            memory.write_bytes(data[: int(share * len(data))] if content is None else content)
            self.forget()
            self.publish()

    @precondition(lambda self: self.has_manifest)
    @rule(elsewhere=st.booleans())
    def build_with_another_version(self, elsewhere: bool) -> None:
        """Another version of the tool builds, with other results, and leaves its memory."""
        if self.pending:
            return
        output = self.root / ("preview" if elsewhere else "output")
        actual = render.Renderer.render

        def other(self: Any, *args: Any) -> bytes:
            return actual(self, *args) + b"<!-- 0.0.1 -->"

        with (
            replaced(pipeline, engine_digest=lambda: b"another version"),
            replaced(render.Renderer, render=other),
        ):
            self.run(output)
        self.forget()
        if elsewhere:
            self.other = Known()
        self.publish()

    def forget(self) -> None:
        for known in (self.known, self.other):
            known.is_remembered = known.owns = False

    @precondition(lambda self: self.known.tree)
    @rule(choice=number, how=st.sampled_from(["delete", "cut", "flip", "folder", "link"]))
    def damage_an_output(self, choice: int, how: str) -> None:
        path = self.one([path for path in self.known.tree if path != MANIFEST], choice)
        place = self.root / "output" / path
        if not place.is_file():
            return
        data = place.read_bytes()
        if how in {"cut", "flip"}:
            place.write_bytes(data[:-1] if how == "cut" else data[:-1] + b"~")
        else:
            place.unlink()
            if how == "folder":
                place.mkdir()
            elif how == "link":
                place.symlink_to(self.root / "config.yaml")
        self.publish()

    @rule(choice=number)
    def delete_a_folder_of_the_output(self, choice: int) -> None:
        inner = [place for place in (self.root / "output").rglob("*") if place.is_dir()]
        if inner:
            place = inner[choice % len(inner)]
            gone = f"{place.relative_to(self.root / 'output').as_posix()}/"
            shutil.rmtree(place)
            self.foreign = {p: c for p, c in self.foreign.items() if not p.startswith(gone)}
            self.publish()

    @rule(
        path=st.sampled_from(
            [
                "foreign.txt",
                "posts/foreign.txt",
                "tags/sun/foreign.html",
                ".well-known/a",
                "posts/a/.hidden",
            ]
        )
    )
    def add_a_foreign_file(self, path: str) -> None:
        place = self.root / "output" / path
        with contextlib.suppress(OSError):
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(b"foreign")
            self.foreign[path] = b"foreign"
            self.publish()

    @precondition(lambda self: self.known.owns)
    @rule(how=st.sampled_from(["delete", "cut", "empty", "garbage"]))
    def damage_the_manifest(self, how: str) -> None:
        place = self.root / "output" / MANIFEST
        if place.is_file():
            data = place.read_bytes()
            if how == "delete":
                place.unlink()
            else:
                place.write_bytes(
                    {"cut": data[: len(data) // 2], "empty": b"", "garbage": b"\xff\0"}[how]
                )
            self.has_manifest = False
            self.publish()

    @rule(kind=st.sampled_from(["staged", "manifest"]))
    def leave_the_rest_of_a_killed_build(self, kind: str) -> None:
        output = self.root / "output"
        if kind == "staged":
            (output / ".sitegen-staging/posts").mkdir(parents=True, exist_ok=True)
            (output / ".sitegen-staging/posts/secret.html").write_text("draft", encoding="utf-8")
        else:
            (output / f"{MANIFEST}.new").write_text("half", encoding="utf-8")
        self.publish()


def self_made(choice: int) -> bytes:
    return (b"{{ page.nothing_such }}", b"{% if %}", b"{% include 'gone.html' %}", b"\xff")[
        choice % 4
    ]


def _comments_of(path: str) -> str:
    key = (
        path.removeprefix("content/")
        .removesuffix(".md")
        .removesuffix("/index")
        .removesuffix("_index")
    )
    return f"comments/{key}/".replace("//", "/")


_FURTHER = "SITEGEN_EXAMPLES" in os.environ
Story.TestCase.settings = settings(
    max_examples=int(os.environ.get("SITEGEN_EXAMPLES", "40")),
    stateful_step_count=40 if _FURTHER else 15,
    derandomize=not _FURTHER,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate] if "SITEGEN_FAULTS" in os.environ else list(Phase),
)
test_an_incremental_build_is_a_clean_build = pytest.mark.timeout(0)(Story.TestCase)
