"""A real blog of 114 articles and 1,021 comments that nobody here wrote."""

from __future__ import annotations

import html
import json
import re
import shutil
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import feedparser
import lxml.etree
import lxml.html
import pytest

from sitegen.build.pipeline import Report
from sitegen.sources.comments import parse_comment
from sitegen.sources.config import parse_config

pytestmark = [pytest.mark.shared, pytest.mark.timeout(180), pytest.mark.xdist_group("haacked")]

BASE = "https://blog.example/"


class Built:
    """The built site, its pages parsed once."""

    def __init__(self, site: Any, report: Report) -> None:
        self.report = report
        self.root = site.root
        self.outputs: dict[str, bytes] = site.outputs()
        self.pages = {
            path: lxml.html.document_fromstring(content.decode())
            for path, content in self.outputs.items()
            if path.endswith(".html")
        }


@pytest.fixture(scope="module")
def built(
    shared: Path, tmp_path_factory: pytest.TempPathFactory, scratch_session: Callable[[Path], Any]
) -> Built:
    root = tmp_path_factory.mktemp("haacked") / "site"
    shutil.copytree(shared / "corpora/site-haacked", root, copy_function=shutil.copyfile)
    for folder in (root, *root.rglob("*")):
        folder.chmod(0o755)  # the corpora are read-only, and so are copies of their folders
    with (root / "config.yaml").open("a", encoding="utf-8") as stream:
        stream.write("\nchecks: {broken_link: warning, broken_anchor: warning}\n")
    site = scratch_session(root)
    return Built(site, site.build())


def test_all_articles_and_comments_are_published(built: Built) -> None:
    assert built.report.written is not None
    assert (built.report.articles, built.report.comments) == (114, 1021)
    assert {str(problem.severity) for problem in built.report.problems} <= {"warning"}


def test_every_comment_is_in_the_html_once(built: Built) -> None:
    found = [
        (path, one.get("id"))
        for path, page in built.pages.items()
        for one in page.xpath("//*[@data-comment-body]/ancestor::article[1]")
    ]

    assert len(found) == len(set(found)) == 1021


def test_ids_are_unique_in_every_page(built: Built) -> None:
    for path, page in built.pages.items():
        ids = Counter(page.xpath("//@id"))
        assert [name for name, count in ids.items() if count > 1] == [], path


BLOCKS = {"p", "br", "li", "ul", "ol", "dl", "dt", "dd", "blockquote", "pre", "div", "h2", "h3", "h4", "h5", "h6", "hr",
          "table", "tr", "td", "th"}  # fmt: skip


def shown_words(body: Any) -> list[str]:
    """Return the words that a reader of the page sees; breaks are blanks.

    The one exception: captions of addresses are cut at 72 characters, and the words of the
    rest count, as long as the link has them.
    """
    parts = []
    for element in body.iter():
        if element.tag in BLOCKS:
            parts.append(" ")
        parts.append(element.text or "")
        if element.tag == "a" and (element.text or "").endswith("…"):
            beginning = (
                element.text.removesuffix("…").removeprefix("https://").removeprefix("http://")
            )
            assert beginning in element.get("href")
            parts.append(f" {element.get('href')} ")
        if element is not body:
            parts.append(f" {element.tail or ''}" if element.tag in BLOCKS else element.tail or "")
    return words("".join(parts))


# What reads as a tag of the allowlist, or as its equivalents: it is markup, and no word.
TAG = re.compile(
    r"</?(?:a|em|strong|cite|blockquote|code|ul|ol|li|dl|dt|dd|h[1-6]|p|br|div|b|i|pre|s|strike|del|tt|span|q|u|font"
    r"|small|big|sub|sup|kbd|samp|var|abbr|acronym|center|table|tbody|tr|td|th|img|hr)\b[^<>]*>",
    re.IGNORECASE,
)


def words(text: str) -> list[str]:
    composed = unicodedata.normalize("NFC", text)
    return re.findall(r"\w+", composed)


def written_words(body: str) -> list[str]:
    """Return the words of a comment as its file has them, without its markup."""
    return words(html.unescape(TAG.sub(" ", body)))


def comments_of(root: Path) -> Iterator[tuple[str, str, str]]:
    """Yield target, id and body of every comment file."""
    zone = parse_config((root / "config.yaml").read_bytes()).zone
    for path in sorted(root.glob("comments/**/*.yaml")):
        comment = parse_comment(path.relative_to(root).as_posix(), path.read_bytes(), zone)
        yield comment.target, comment.id, comment.body


def lost(written: list[str], shown: list[str]) -> list[str]:
    """Return words that were written more often than they are shown, letters joined.

    A word that markup cuts in two (`un<b>real</b>`) is compared by its letters.
    """
    missing = Counter(written) - Counter(shown)
    letters = "".join(shown)
    return sorted(word for word in missing.elements() if word not in letters)


def test_no_comment_lost_a_word(built: Built) -> None:
    by_id: dict[str, list[Any]] = {}
    for page in built.pages.values():
        for body in page.xpath("//*[@data-comment-body]"):
            by_id.setdefault(body.xpath("ancestor::article[1]")[0].get("id"), []).append(body)
    losses = {}
    count = 0
    for target, name, body in comments_of(built.root):
        count += 1
        best = min(
            (lost(written_words(body), shown_words(one)) for one in by_id[f"comment-{name}"]),
            key=len,
        )
        if best:
            losses[f"{target}/{name}"] = best

    assert count == 1021
    assert losses == {}


def test_the_measure_of_lost_words_notices_a_loss() -> None:
    body = lxml.html.fragment_fromstring(
        "<div><p>one <strong>two</strong></p><p>un<em>real</em></p></div>"
    )

    assert lost(written_words("one <b>two</b> three un<i>real</i>"), shown_words(body)) == ["three"]


def test_feeds_and_sitemap_are_strict_xml(built: Built) -> None:
    parser = lxml.etree.XMLParser(resolve_entities=False, huge_tree=False, recover=False)
    found = [path for path in built.outputs if path.endswith(".xml")]

    assert {"feed.xml", "comments/feed.xml", "sitemap.xml"} <= set(found)
    for path in found:
        root = lxml.etree.fromstring(built.outputs[path], parser)
        assert lxml.etree.QName(root).localname in {"feed", "urlset"}


def test_a_feed_reader_finds_no_fault_and_every_item(built: Built) -> None:
    for path in ("feed.xml", "comments/feed.xml"):
        feed = feedparser.parse(built.outputs[path])
        ids = [entry.id for entry in feed.entries]

        assert not feed.bozo, path
        assert len(ids) == len(set(ids)) == 20


def test_json_feeds_have_what_the_standard_requires(built: Built) -> None:
    for path in (path for path in built.outputs if path.endswith("feed.json")):
        feed = json.loads(built.outputs[path])

        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert feed["feed_url"] == BASE + path
        assert all(item["id"] and item["content_html"] for item in feed["items"])


def test_the_sitemap_names_every_article(built: Built) -> None:
    root = lxml.etree.fromstring(built.outputs["sitemap.xml"])
    places = {loc.text for loc in root.iter("{*}loc")}
    articles = {
        path
        for path, page in built.pages.items()
        if page.xpath("//article[contains(@class, 'h-entry')]")
    }

    assert len(articles) >= 114
    assert {place_of(urlsplit(place).path) for place in places} <= set(built.outputs)


def place_of(path: str) -> str:
    found = unquote(path).lstrip("/")
    return f"{found}index.html" if found.endswith("/") or not found else found


def test_links_between_pages_resolve(built: Built) -> None:
    """Authors' own broken links are told as warnings; every other link must lead somewhere."""
    told = {problem.message for problem in built.report.problems if problem.code == "broken_link"}
    ids = {path: set(page.xpath("//@id")) for path, page in built.pages.items()}
    broken = []
    for path, page in built.pages.items():
        here = BASE + path.removesuffix("index.html")
        for element, _, ref, _ in page.iterlinks():
            parts = urlsplit(urljoin(here, ref))
            if f"{parts.scheme}://{parts.netloc}/" != BASE or element.xpath(
                "ancestor-or-self::*[@data-comment-body]"
            ):
                continue
            by_author = bool(element.xpath("ancestor-or-self::*[contains(@class, 'e-content')]"))
            place = place_of(parts.path)
            target = place if place in built.outputs else f"{place}/index.html"
            fragment = unquote(parts.fragment)
            is_there = target in built.outputs and (
                not fragment or fragment in ids.get(target, {fragment})
            )
            if not is_there and not (by_author and told):
                broken.append((path, ref))

    assert broken == []


def test_replies_are_nested_lists_that_end_where_they_should(built: Built) -> None:
    for page in built.pages.values():
        for thread in page.xpath("//ol[@class='thread']"):
            assert {child.tag for one in [thread, *thread.iter("ol")] for child in one} == {"li"}
            assert thread.getparent().tag == "section"
