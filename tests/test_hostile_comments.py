"""Every known attack as a comment of a real build."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import lxml.etree
import lxml.html
import pytest

from sitegen.errors import SiteError
from sitegen.sources.comments import Comment, dump_comment, parse_comment

pytestmark = [pytest.mark.shared, pytest.mark.timeout(300)]

A_PAGE = 140  # comments; few large pages are quicker to open than many small ones
CONFIG = f"title: T\nbase_url: https://example.org/\ncomments: {{per_page: {A_PAGE}}}\n"
MOMENT = dt.datetime(2018, 2, 20, tzinfo=dt.UTC)
IN_NO_FILE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
ARTICLE = "---\ntitle: A page\ndate: 2018-02-19\n---\nText.\n"
FORMATS = ("", "markdown", "plain_text")


@pytest.fixture(scope="module")
def payloads(shared: Path) -> list[str]:
    found = json.loads((shared / "corpora/security/payloads.json").read_text(encoding="utf-8"))
    assert len(found) >= 3000
    return [one["payload"] for one in found]


def files_of(comments: list[Comment]) -> Iterator[tuple[str, str]]:
    """Yield path and text of comment files, many to an article, and of the articles."""
    for number, comment in enumerate(comments):
        page = f"p{number // A_PAGE:03}"
        if number % A_PAGE == 0:
            yield f"content/{page}.md", ARTICLE
        yield f"comments/{page}/c{number:05}.yaml", dump_comment(comment)


def comment(**values: str) -> Comment:
    return Comment(
        **{
            "path": "",
            "id": "",
            "target": "",
            "date": MOMENT,
            "author": "Ada",
            "body": "b",
            **values,
        }
    )  # type: ignore[arg-type]


def as_file(one: Comment) -> bool:
    """Return whether a comment can be a file at all: the rest is refused when it is read."""
    try:
        parse_comment(
            "comments/p/c.yaml", dump_comment(one).encode("utf-8", "surrogatepass"), dt.UTC
        )  # type: ignore[arg-type]
    except SiteError:
        return False
    return True


@pytest.fixture(scope="module")
def bodies(
    payloads: list[str],
    tmp_path_factory: pytest.TempPathFactory,
    scratch_session: Callable[[Path], Any],
) -> Any:
    """A built site with every payload as a body, each in one of the three formats or all in the first."""
    comments = [
        comment(body=IN_NO_FILE.sub("", payload), format=name)
        for payload in payloads
        if IN_NO_FILE.sub("", payload).strip()
        for name in FORMATS
    ]
    # Articles hold one format each: what is looked for is told by the page.
    comments.sort(key=lambda one: FORMATS.index(one.format))
    site = scratch_session(tmp_path_factory.mktemp("bodies") / "site")
    site.write({"config.yaml": CONFIG, **dict(files_of(comments))})
    return site, comments, site.build()


@pytest.fixture(scope="module")
def fields(
    payloads: list[str],
    tmp_path_factory: pytest.TempPathFactory,
    scratch_session: Callable[[Path], Any],
) -> Any:
    """A built site with every payload as author, as subject and as address, as far as files may hold it."""
    candidates = []
    for payload in payloads:
        text = " ".join(payload.split())
        candidates += [comment(author=text[:80]), comment(subject=text[:120]), comment(url=f"https://a.example/{text}"),
                       comment(url=text), comment(source=f"http://a.example/?{text}")]  # fmt: skip
    comments = [one for one in candidates if one.author.strip() and as_file(one)]
    site = scratch_session(tmp_path_factory.mktemp("fields") / "site")
    site.write({"config.yaml": CONFIG, **dict(files_of(comments))})
    return site, comments, site.build()


@pytest.mark.parametrize("name", ["bodies", "fields"])
def test_the_build_ends_and_every_comment_is_published(
    name: str, request: pytest.FixtureRequest
) -> None:
    site, comments, report = request.getfixturevalue(name)
    found = 0
    for path in site.output.glob("p*/index.html"):
        page = lxml.html.document_fromstring(path.read_bytes())
        found += len(page.xpath("//*[@data-comment-body]"))

    assert report.written is not None
    assert [problem for problem in report.problems if problem.severity == "error"] == []
    assert found == report.comments == len(comments)


@pytest.mark.parametrize("name", ["bodies", "fields"])
def test_no_page_holds_what_runs(name: str, request: pytest.FixtureRequest) -> None:
    site, _, _ = request.getfixturevalue(name)
    for path in site.output.glob("p*/index.html"):
        page = lxml.html.document_fromstring(path.read_bytes())
        scripts = page.xpath("//script")

        assert [one.get("type") for one in scripts] == ["application/ld+json"]
        json.loads(scripts[0].text)
        assert page.xpath("//@*[starts-with(name(), 'on')]") == []
        assert (
            page.xpath(
                "//iframe | //object | //embed | //form | //input | //base | //style | //img"
            )
            == []
        )
        for link in page.xpath("//@href | //@cite | //@src"):
            assert re.match(r"(?i:https?|mailto):|[/#]", link), link


@pytest.mark.parametrize("name", ["bodies", "fields"])
def test_every_link_of_a_stranger_says_so(name: str, request: pytest.FixtureRequest) -> None:
    site, _, _ = request.getfixturevalue(name)
    for path in site.output.glob("p*/index.html"):
        page = lxml.html.document_fromstring(path.read_bytes())
        links = page.xpath("//*[@data-comment-body]//a[@href] | //h3[contains(@class, 'p-author')]//a | //article//footer/a[contains(@href, '//a.example')]")  # fmt: skip

        assert {one.get("rel") for one in links} <= {"nofollow ugc noopener"}


@pytest.mark.parametrize("name", ["bodies", "fields"])
def test_ids_are_unique_and_begin_with_the_comment_s(
    name: str, request: pytest.FixtureRequest
) -> None:
    site, _, _ = request.getfixturevalue(name)
    for path in site.output.glob("p*/index.html"):
        page = lxml.html.document_fromstring(path.read_bytes())
        ids = page.xpath("//@id")

        assert len(ids) == len(set(ids))
        for body in page.xpath("//*[@data-comment-body]"):
            own = body.xpath("ancestor::article[1]")[0].get("id")
            assert all(name.startswith(f"{own}-") for name in body.xpath(".//@id"))


@pytest.mark.parametrize("name", ["bodies", "fields"])
def test_feeds_stay_strict_xml(name: str, request: pytest.FixtureRequest) -> None:
    site, _, _ = request.getfixturevalue(name)
    feeds = list(site.output.rglob("*.xml"))

    assert len(feeds) > 10
    for path in feeds:
        lxml.etree.fromstring(path.read_bytes(), lxml.etree.XMLParser(resolve_entities=False))


def test_names_and_subjects_are_shown_as_they_were_written(fields: Any) -> None:
    site, comments, _ = fields
    shown = {}
    for path in site.output.glob("p*/index.html"):
        for one in lxml.html.document_fromstring(path.read_bytes()).xpath(
            "//article[contains(@class, 'u-comment')]"
        ):
            name = one.xpath(".//header/h3//bdi")[0].text_content()
            subject = one.xpath("./h4")
            shown[one.get("id")] = (name, subject[0].text_content() if subject else "")

    for number, written in enumerate(comments):
        assert shown[f"comment-c{number:05}"] == (written.author.strip(), written.subject.strip())


TEMPLATES = [
    "{{ 7*7 }}",
    "{% raw %}",
    "{# no #}",
    "${{ secrets.X }}",
    "{% include 'x' %}",
    "#{7*7}",
    "<%= 7*7 %>",
    "{{",
]


@pytest.mark.parametrize("text", TEMPLATES)
def test_templates_in_a_comment_are_text(site: Callable[..., Any], text: str) -> None:
    one = comment(author=text, subject=text, body=text)
    made = site({"content/p.md": ARTICLE, "comments/p/a.yaml": dump_comment(one)})
    made.build()
    page = lxml.html.document_fromstring(made.text("p/index.html"))

    assert page.xpath("//*[@data-comment-body]")[0].text_content() == text
    assert page.xpath("//article[@id='comment-a']//h3")[0].text_content() == text
    assert page.xpath("//article[@id='comment-a']/h4")[0].text_content() == text


SPOOFS = ["Jo", "jo", "J\u043e", "\uff2a\uff4f", "Jo ✔", "Jo (author)", "Jo\u00a0", "JO"]


@pytest.mark.parametrize("name", SPOOFS)
def test_no_name_gets_the_badge_of_an_author(site: Callable[..., Any], name: str) -> None:
    made = site({
        "config.yaml": "title: T\nbase_url: https://example.org/\nauthor: Jo\n",
        "content/p.md": ARTICLE,
        "comments/p/a.yaml": dump_comment(comment(author=name)),
    })  # fmt: skip
    made.build()

    assert 'class="badge"' not in made.text("p/index.html")


@pytest.mark.browser
@pytest.mark.parametrize("name", ["bodies", "fields"])
def test_a_browser_finds_nothing_to_run_or_to_fetch(
    name: str, request: pytest.FixtureRequest, shared: Path, tmp_path: Path
) -> None:
    """The pages of the first format and the fields are opened in a real Chromium.

    `id` and `clobber` are left to the tests above, which know each comment's own prefix.
    """
    site, comments, _ = request.getfixturevalue(name)
    pages = tmp_path / "pages"
    first = sum(one.format == "" for one in comments) // A_PAGE if name == "bodies" else 12
    for path in sorted(site.output.glob("p*/index.html"))[: first + 1]:
        place = pages / path.relative_to(site.output)
        place.parent.mkdir(parents=True)
        place.write_bytes(path.read_bytes())
    shutil.copytree(site.output / "assets", pages / "assets")
    report = tmp_path / "report.json"
    tool = shared / "tools/security/browser_check.py"
    command = [
        sys.executable,
        str(tool),
        "--site",
        str(pages),
        "--ignore",
        "id,clobber",
        "--report",
        str(report),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=280)
    found = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}

    # `lang` and `dir` are let through on every element; the tool's list is the tips' alone.
    odd = {
        path: [
            one
            for one in trips
            if one[0] != "attribute" or one[1].split()[1] not in {"lang", "dir"}
        ]
        for path, trips in found.get("findings", {}).items()
    }
    assert done.returncode in {0, 1}, done.stderr[-2000:]
    assert {path: trips for path, trips in odd.items() if trips} == {}
    assert found["comment_bodies"] >= 1000
