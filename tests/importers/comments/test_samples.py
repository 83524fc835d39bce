"""Whole exports of others, beside the checkout: counts, threads, dates, and every word."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from sitegen.importers.comments.words import words_of_html
from sitegen.markup.untrusted.formats import BUILTIN_FORMATS, comment_html

pytestmark = pytest.mark.shared
BLOGS = {"comments-made-mistakes": "staticman", "jekyll-haacked": "jekyll"}


@pytest.fixture(params=BLOGS)
def blog(request: pytest.FixtureRequest, intake: Any, shared: Path) -> tuple[Any, Path, str]:
    folder = shared / "corpora" / request.param
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return intake([f"posts/{name}" for name in manifest["articles"]]), folder, BLOGS[request.param]


def test_blogs_with_comments_in_git_come_whole(blog: tuple[Any, Path, str]) -> None:
    box, folder, system = blog
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))

    done, report = box.bring(system, folder / "_data/comments")

    assert done.returncode == 0, done.stderr
    assert report[-1]["totals"]["added"] == manifest["totals"]["comments"]
    comments = box.comments()
    for name, article in manifest["articles"].items():
        thread = {
            Path(path).stem: one
            for path, one in comments.items()
            if path.startswith(f"posts/{name}/")
        }
        replies = {key: one["reply_to"] for key, one in thread.items() if "reply_to" in one}
        assert replies == {Path(a).stem: Path(b).stem for a, b in article["replies"].items()}
        assert len(thread) == article["comments"]
        dates = sorted(one["date"][:19] for one in thread.values())
        if "first" in article:
            assert (dates[0], dates[-1]) == (article["first"][:19], article["last"][:19])
    assert box.checks() == []


def test_almost_every_comment_keeps_every_word(blog: tuple[Any, Path, str]) -> None:
    box, folder, system = blog

    _, report = box.bring(system, folder / "_data/comments")

    totals = report[-1]["totals"]
    assert totals["words_lost_in"] == 0, [line for line in report if line.get("lost")]


def test_no_words_of_html_are_lost_by_another_measure(shared: Path, intake: Any) -> None:
    """The report's own measure is not trusted: lxml reads the source, and the page."""
    from lxml import html

    folder = shared / "corpora/jekyll-haacked/_data/comments"
    box = intake([f"posts/{path.name}" for path in folder.iterdir()])
    box.bring("jekyll", folder)
    brought = box.comments()
    checked = 0
    for path in folder.rglob("dsq-*.yml"):
        source = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)["message"]
        body = brought[f"posts/{path.parent.name}/{path.stem}.yaml"]["body"]
        page = comment_html(body, BUILTIN_FORMATS["restricted_html"], "comment-")
        for line_break in html.fromstring(f"<div>{source}</div>").iter("br", "p"):
            line_break.tail = f" {line_break.tail or ''}"
        letters = "".join(html.fromstring(f"<div>{source}</div>").itertext())
        shown = "".join(html.fromstring(f"<div>{page}</div>").itertext())
        assert "".join(shown.split()) == "".join(letters.split()), path
        assert words_of_html(page) == words_of_html(source), path
        checked += 1
    assert checked > 900


def paths_of(report: list[dict[str, Any]]) -> list[str]:
    return list(report[-1]["totals"]["pages_without_article"])


def bring_all(box: Any, system: str, export: Path, article: str = "posts/a", **options: Any) -> Any:
    """Bring an export whose every page is led to one article by a map."""
    pages = box.exports.parent / "pages.map"
    _, report = box.bring(system, export, map=pages, dry_run=True, **options)
    pages.write_text(
        "".join(f"{page} -> {article}\n" for page in paths_of(report)), encoding="utf-8"
    )
    return box.bring(system, export, map=pages, **options)


def replies(box: Any) -> dict[str, str]:
    return {
        Path(path).stem: one["reply_to"]
        for path, one in box.comments().items()
        if "reply_to" in one
    }


def test_wordpress_theme_test_data(shared: Path, intake: Any) -> None:
    box = intake(["posts/a"])

    done, report = bring_all(
        box, "wordpress", shared / "corpora/import/wxr/theme-unit-test-data.xml"
    )

    assert done.returncode == 0, done.stderr
    totals = report[-1]["totals"]
    assert (totals["read"], totals["added"], totals["words_lost_in"]) == (33, 26, 0)
    assert totals["left_because"] == {
        "it waits for moderation": 3, "it is a trackback": 2, "it is a pingback": 2,
    }  # fmt: skip
    assert len(replies(box)) == 9  # a tenth waits for moderation
    assert box.checks() == []


SAMPLES = [
    ("wordpress", "wxr/isso-wordpress.xml", 8, 7),
    ("wordpress", "wxr/valid-wxr-1.0.xml", 1, 1),
    ("wordpress", "wxr/valid-wxr-1.1.xml", 1, 1),
    ("wordpress", "wxr/small-export.xml", 1, 1),
    ("wordpress", "wxr/slashes.xml", 1, 1),
    ("wordpress", "wxr/test-serialized-comment-meta.xml", 1, 1),
    ("wordpress", "wxr/missing-version-tag.xml", 0, 0),
    ("disqus", "disqus/isso-disqus.xml", 6, 6),
    ("isso", "isso/isso-0.14-from-wordpress.db", 8, 8),
    ("isso", "isso/isso-0.14-from-disqus.db", 5, 5),
    ("isso", "isso/generic.json", 2, 2),
    ("remark42", "remark42/native-export.jsonl", 2, 2),
    ("remark42", "remark42/tree.json", 12, 0),
    ("commento", "commento/remark42-migrator-commento.json", 3, 3),
    ("drupal", "drupal/drupal7-comments.json", 4, 4),
    ("mastodon", "mastodon/mastodon-py-context.json", 1, 0),
    ("mastodon", "mastodon/mastodon-py-context-empty.json", 0, 0),
    ("github", "github-discussions", 2, 2),
]


@pytest.mark.parametrize(("system", "name", "read", "added"), SAMPLES)
def test_every_sample_is_brought(
    shared: Path, intake: Any, system: str, name: str, read: int, added: int
) -> None:
    box = intake(["posts/a"])

    done, report = bring_all(box, system, shared / "corpora/import" / name)

    totals = report[-1]["totals"]
    assert (totals["read"], totals["added"], totals["words_lost_in"]) == (read, added, 0), (
        done.stderr
    )
    assert box.checks() == []
    _, again = box.bring(
        system, shared / "corpora/import" / name, map=box.exports.parent / "pages.map"
    )
    assert (again[-1]["totals"]["added"], again[-1]["totals"]["unchanged"]) == (0, added)


def test_webmentions_of_a_real_site(shared: Path, intake: Any) -> None:
    sample = shared / "corpora/import/webmention/mxb-dev-2019.json"
    entries = json.loads(sample.read_text(encoding="utf-8"))["children"]
    answers = [one for one in entries if one["wm-property"] == "in-reply-to" and one.get("content")]
    box = intake(["posts/a"])

    _, report = bring_all(box, "webmention", sample)

    totals = report[-1]["totals"]
    assert totals["read"] == len(entries) == 414
    assert totals["added"] >= len(answers) * 0.99
    assert totals["words_lost_in"] <= totals["added"] * 0.01, [
        line["lost"] for line in report if line.get("lost")
    ]
    assert box.checks() == []


def test_a_malformed_export_is_refused_with_its_line(shared: Path, intake: Any) -> None:
    box = intake(["posts/a"])

    done, _ = box.bring("wordpress", shared / "corpora/import/wxr/malformed.xml")

    assert done.returncode == 1
    assert "malformed.xml:90:3: error: this is not XML: mismatched tag" in done.stderr
