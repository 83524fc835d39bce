from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from sitegen.errors import SiteError
from sitegen.sources.content import Document, content_key, parse_document
from sitegen.sources.front_matter import KEYS, Defaults

VIENNA = ZoneInfo("Europe/Vienna")


def parse(text: str, path: str = "content/posts/trip.md") -> Document:
    return parse_document(path, text.encode(), VIENNA)[0]


def html(text: str) -> str:
    return parse_document("content/a.md", text.encode(), VIENNA)[1].html.strip()


def problems(text: str) -> list[tuple[int, int, str, str]]:
    with pytest.raises(SiteError) as refused:
        parse(text)
    return [(p.location.line, p.location.column, p.message, p.hint) for p in refused.value.problems]


EVERYTHING = (
    "title: 2018\ndate: 2018-02-19 09:30\nupdated: 2018-03-01\nauthor: No\nslug: a-day\n"
    "description: D\nsummary: S\ntags: [no, 1.10, no]\ndraft: true\nunlisted: true\n"
    "expires: 2030-01-01\naliases: [/old/, /older.html]\ncomments: closed\nlang: de\n"
    "template: landing.html\nextra: {a: 1}\nseries: Alps\n"
)


def test_every_key_of_front_matter_is_read_as_it_says() -> None:
    document = parse(f"---\n{EVERYTHING}---\nText.\n")

    assert (document.title, document.authors, document.tags) == ("2018", ("No",), ("no", "1.10"))
    assert document.date == dt.datetime(2018, 2, 19, 8, 30, tzinfo=dt.UTC)
    assert (document.slug, document.aliases) == ("a-day", ("/old/", "/older.html"))
    assert (document.draft, document.unlisted, document.comments) == (True, True, "closed")
    assert document.extra == {"a": "1"}
    assert document.series == "Alps"
    others = {"authors", "order", "defaults"}
    assert {key.name for key in KEYS} - others == set(document.lines)


def test_a_section_says_what_holds_below_it() -> None:
    text = (
        "title: Posts\ndefaults: {author: Jo, comments: closed, lang: de, tags: snow,"
        " template: a.html, unlisted: false}\n"
    )
    section = parse(f"---\n{text}---\n", "content/posts/_index.md")

    assert section.defaults == Defaults(("Jo",), "closed", "de", ("snow",), "a.html", False)


def test_a_page_has_a_place_in_its_section() -> None:
    assert parse("---\ntitle: A\norder: 7\n---\n").order == 7


def test_taxonomies_of_the_site_are_keys_of_the_front_matter() -> None:
    text = b"---\ntitle: A\ntopics: [no, b, no]\nplaces:\n---\n"
    document, _ = parse_document("content/a.md", text, VIENNA, ("topics", "places"))

    assert document.terms == {"topics": ("no", "b")}
    assert list(document.lines) == ["title", "topics"]


MISPLACED = {
    "series: Alps\n": "a series is made of articles, and this is a page",
    "defaults: {lang: de}\n": "`defaults` are those of a section, and this is none",
    "date: 2018-01-01\norder: 1\n": "`order` is for pages, and this is an article, which its date sorts",
    "topics: [a]\n": "unknown key `topics`",
    "defaults: {draft: true}\n": "unknown key `defaults.draft`",
}


@pytest.mark.parametrize(("text", "message"), MISPLACED.items())
def test_a_key_in_the_wrong_place_is_told(text: str, message: str) -> None:
    assert [said for _, _, said, _ in problems(f"---\ntitle: A\n{text}---\n")] == [message]


KINDS = {
    ("content/a.md", True): ("article", "a", ""),
    ("content/a.md", False): ("page", "a", ""),
    ("content/posts/trip.md", True): ("article", "posts/trip", "posts"),
    ("content/posts/trip/index.md", True): ("article", "posts/trip", "posts"),
    ("content/posts/trip/index.md", False): ("page", "posts/trip", "posts"),
    ("content/posts/_index.md", False): ("section", "posts", ""),
    ("content/posts/_index.md", True): ("section", "posts", ""),
    ("content/_index.md", False): ("section", "", ""),
    ("content/index.md", False): ("section", "", ""),
    ("content/a.b.md", True): ("article", "a.b", ""),
}


@pytest.mark.parametrize(("given", "meant"), KINDS.items())
def test_name_and_date_decide_what_a_file_is(
    given: tuple[str, bool], meant: tuple[str, str, str]
) -> None:
    path, dated = given
    document = parse(f"---\ntitle: T\n{'date: 2018-01-01' if dated else ''}\n---\n", path)

    assert (document.kind, document.key, document.section) == meant


def test_a_name_in_decomposed_letters_has_the_composed_key() -> None:
    assert content_key("content/cafe\u0301.md") == "café"


HEAD_FORMS = {
    "plain": "---\ntitle: T\n---\nText.\n",
    "CRLF": "---\r\ntitle: T\r\n---\r\nText.\r\n",
    "byte order mark": "\ufeff---\ntitle: T\n---\nText.\n",
    "blanks after the fences": "---  \ntitle: T\n---\t\nText.\n",
    "fence in the text": "---\ntitle: T\n---\nText.\n",
    "comment": "---\n# a comment\ntitle: T\n---\nText.\n",
    "end of the file": "---\ntitle: T\n---\nText.",
}


@pytest.mark.parametrize("text", HEAD_FORMS.values(), ids=HEAD_FORMS)
def test_front_matter_stands_between_two_fences(text: str) -> None:
    assert parse(text).title == "T"
    assert html(text) == "<p>Text.</p>"


def test_front_matter_may_be_all_there_is() -> None:
    assert html("---\ntitle: T\n---") == ""


def test_a_rule_in_the_text_ends_nothing() -> None:
    assert "<hr" in html("---\ntitle: T\n---\nA\n\n---\n\nB")


WRONG = {
    "none": ("Text.", 1, "the file has no front matter"),
    "empty": ("", 1, "the file has no front matter"),
    "TOML": ("+++\ntitle = 'T'\n+++\n", 1, "this front matter is TOML"),
    "no end": ("---\ntitle: T\nText.", 1, "the front matter has no end"),
    "nothing in it": ("---\n---\nText", 2, "found no `key: value` lines"),
    "list": ("---\n- a\n---\n", 2, "found no `key: value` lines"),
    "no title": ("---\ndate: 2018-01-01\n---\n", 2, "key `title` is missing"),
    "typo": ("---\ntitle: T\ndaet: 2018-01-01\n---\n", 3, "unknown key `daet`"),
    "repeated": ("---\ntitle: T\ntitle: U\n---\n", 3, "key `title` stands here again"),
    "date": ("---\ntitle: T\ndate: 2018-02-30\n---\n", 3, "`2018-02-30` is not a date"),
    "draft": ("---\ntitle: T\ndraft: yes\n---\n", 3, "`yes` is neither true nor false"),
    "comments": ("---\ntitle: T\ncomments: off\n---\n", 3, "`off` is not one of open, closed"),
    "slug with a slash": ("---\ntitle: T\nslug: a/b\n---\n", 3, "`a/b` is not a slug"),
    "slug with a blank": ("---\ntitle: T\nslug: a b\n---\n", 3, "`a b` is not a slug"),
    "slug, encoded": ("---\ntitle: T\nslug: '%2e%2e'\n---\n", 3, "`%2e%2e` is not a slug"),
    "slug with a backslash": ("---\ntitle: T\nslug: a\\b\n---\n", 3, "`a\\b` is not a slug"),
    "alias up": ("---\ntitle: T\naliases: /../x\n---\n", 3, "`/../x` is not a path of the site"),
    "alias dot": ("---\ntitle: T\naliases: /a/./x\n---\n", 3, "is not a path of the site"),
    "alias of a host": ("---\ntitle: T\naliases: //a.example/\n---\n", 3, "is not a path"),
    "relative alias": ("---\ntitle: T\naliases: old/\n---\n", 3, "is not a path of the site"),
    "template up": ("---\ntitle: T\ntemplate: ../a.html\n---\n", 3, "is not the name of a template"),
    "template": ("---\ntitle: T\ntemplate: a.xml\n---\n", 3, "is not the name of a template"),
    "both authors": ("---\ntitle: T\nauthor: A\nauthors: [B]\n---\n", 3, "both `author` and"),
    "expires first": (
        "---\ntitle: T\ndate: 2018-01-02\nexpires: 2018-01-01\n---\n", 4, "it expires before",
    ),
    "encoding": ("---\ntitle: T\udce9\n---\n", 2, "is not UTF-8"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line", "said"), WRONG.values(), ids=WRONG)
def test_wrong_front_matter_is_told_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(SiteError) as refused:
        parse_document("content/a.md", text.encode("utf-8", "surrogateescape"), VIENNA)
    found = refused.value.problems[0]

    assert found.location.line == line
    assert said in found.message


def test_all_faults_of_a_file_are_told_at_once() -> None:
    found = problems("---\ntitel: T\ndate: x\ndraft: maybe\n---\n")

    assert sorted(problem[0] for problem in found) == [2, 2, 3, 4]


def test_the_place_of_a_key_is_its_line_in_the_file() -> None:
    document = parse("---\ntitle: T\n\ntags: [a]\n---\n")

    assert (document.at("tags").line, document.at("slug").line) == (4, 1)
