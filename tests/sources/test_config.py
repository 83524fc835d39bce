from __future__ import annotations

import pytest

from sitegen.errors import Severity, SiteError
from sitegen.markup.articles.dialect import Dialect
from sitegen.sources import front_matter
from sitegen.sources.comment_settings import CommentSettings
from sitegen.sources.config import (
    TAKEN,
    Config,
    parse_config,
    stand_in,
)
from sitegen.sources.config_keys import KEYS
from sitegen.sources.config_kinds import MenuItem, Permalinks, base_url
from sitegen.sources.people import Person

HEAD = "title: T\nbase_url: https://example.org/\n"


def problems(text: str) -> list[tuple[int, int, str, str]]:
    with pytest.raises(SiteError) as refused:
        parse_config(text.encode())
    return [(p.location.line, p.location.column, p.message, p.hint) for p in refused.value.problems]


def test_a_name_and_an_address_are_enough() -> None:
    assert parse_config(HEAD.encode()) == Config(title="T", base_url="https://example.org/")


def test_every_key_is_read() -> None:
    text = HEAD + (
        "description: D\nauthor: A\nlanguage: de-AT\ntimezone: Europe/Vienna\ntheme: mine\n"
        "byline: By {author}, {date}\ndate_format: '%d. %B %Y'\n"
        "permalinks: {article: '/{year}/{month}/{slug}/', page: '/{slug}/'}\n"
        "articles_per_page: 5\nfeed_items: 7\nmenu:\n- {title: About, url: /about/}\n"
        "comments: {default: closed, close_after_days: 30, invalid: skip, format: short,"
        " repository: https://git.example/a/b, branch: pages, forge: gitlab, per_page: 9}\n"
        "formats: {short: {kind: plain, allowed_html: <em>}}\nchecks: {broken_link: warning}\n"
        "markdown: {highlight: false, math: true, typographer: true}\n"
        "taxonomies: [topics, places]\nrelated: 3\n"
        "authors: {jo: {name: Jo Stone, url: https://jo.example, aliases: J. Stone}}\n"
        "author_pages: true\nedit_links: true\ndates_from_git: true\n"
        "markdown_copies: true\nllms_txt: true\npictures: {}\nsearch: true\n"
    )
    config = parse_config(text.encode())

    assert config.permalinks == Permalinks("/{year}/{month}/{slug}/", "/{slug}/")
    assert config.menu == (MenuItem("About", "/about/", (14, 23)),)
    assert config.authors == (Person("jo", "Jo Stone", "https://jo.example", ("J. Stone",)),)
    assert config.taxonomies == ("topics", "places")
    assert config.comments == CommentSettings(
        "closed", 30, "skip", "short", "https://git.example/a/b", "pages", "gitlab", per_page=9
    )
    assert config.markdown_copies
    assert config.llms_txt
    assert config.search
    assert [known.name for known in config.formats] == [
        "restricted_html", "markdown", "plain_text", "short",
    ]  # fmt: skip
    assert config.severity("broken_link") is Severity.WARNING
    assert config.dialect == Dialect(False, True, True, "de-AT")
    assert {key.name for key in KEYS} == {
        line.split(":")[0] for line in text.splitlines() if line[0].isalpha()
    }


ADDRESSES = {
    "https://example.org/": "https://example.org/",
    "https://example.org": "https://example.org/",
    "http://example.org/blog": "http://example.org/blog/",
    "https://example.org:8443/a/b/": "https://example.org:8443/a/b/",
    "http://[::1]:8000/": "http://[::1]:8000/",
    "http://localhost": "http://localhost/",
    "example.org": None,
    "//example.org/": None,
    "ftp://example.org/": None,
    "https://": None,
    "https:///a": None,
    "https://example.org/?a": None,
    "https://example.org/#a": None,
    "https://example.org/a b": None,
    "https://user@example.org/": None,
    "https://example.org:0/": None,
    "https://example.org:99999/": None,
    "https://[::1/": None,
    "https://example.org/<b>": None,
    "https://example.org//notes/": None,
    "https://example.org/a/../b/": None,
    "": None,
}


@pytest.mark.parametrize(("written", "meant"), ADDRESSES.items())
def test_the_address_of_a_site_is_whole_and_ends_with_a_slash(
    written: str, meant: str | None
) -> None:
    assert base_url(written) == meant


ZONES = {"Europe/Vienna": True, "UTC": True, "America/Argentina/Buenos_Aires": True, "Etc/GMT+5": True,
         "Europe/Vienn": False, "CEST": False, "../etc/passwd": False, "/etc/localtime": False,
         "Europe": False, "": False, "+01:00": False}  # fmt: skip


@pytest.mark.parametrize(("name", "known"), ZONES.items())
def test_a_time_zone_is_one_of_the_iana_database(name: str, known: bool) -> None:
    text = f"{HEAD}timezone: '{name}'\n"

    if known:
        assert parse_config(text.encode()).zone.key == name
    else:
        assert [problem[:2] for problem in problems(text)] == [(3, 11)]


FORGES = {
    "https://github.com/a/b": "github",
    "https://gitlab.com/a/b/c": "gitlab",
    "https://codeberg.org/a/b": "forgejo",
    "https://gitlab.example.org/a/b": "gitlab",
    "https://forgejo.example.org/a/b": "forgejo",
    "https://gitea.com/a/b": "gitea",
}


@pytest.mark.parametrize(("repository", "forge"), FORGES.items())
def test_the_forge_is_known_by_its_host(repository: str, forge: str) -> None:
    config = parse_config(f"{HEAD}comments: {{repository: '{repository}'}}".encode())

    assert config.comments.forge == forge


def test_a_host_that_tells_nothing_needs_the_forge() -> None:
    found = problems(f"{HEAD}comments:\n  repository: https://git.example.org/a/b\n")

    assert found == [
        (4, 15, "the host does not tell which forge this is",
         "add `forge: …` below `comments:`, one of github, gitlab, forgejo, gitea"),
    ]  # fmt: skip


def format_problems(notation: str) -> list[tuple[int, int, str]]:
    return [
        problem[:3]
        for problem in problems(f"{HEAD}formats:\n  own:\n    allowed_html: {notation}\n")
    ]


def test_each_fault_of_an_allowlist_is_told_at_its_column() -> None:
    found = format_problems('"<a href> <script> <em onclick>"')

    assert [(line, column) for line, column, _ in found] == [(5, 30), (5, 42)]
    assert "script" in found[0][2]
    assert "onclick" in found[1][2]


def test_the_column_of_a_fault_counts_from_a_value_without_quotes_too() -> None:
    assert [problem[:2] for problem in format_problems("<a href> <script>")] == [(5, 29)]


@pytest.mark.parametrize(
    "notation",
    ["<script>", "<style>", "<iframe>", "<object>", "<svg>", "<math>", "<form>", "<input>", "<base>",
     "<meta>", "<link>", "<em style>", "<em onclick>", "<a href onmouseover>", "<em srcdoc>",
     "<button formaction>", "<foo>", "<em", "em", "<a href> <a>"],
)  # fmt: skip
def test_an_allowlist_with_a_hole_is_a_problem_with_a_place(notation: str) -> None:
    found = format_problems(f"'{notation}'")

    assert found
    assert all(line == 5 for line, _, _ in found)


FAULTY = {
    "no title": ("base_url: https://example.org/", 1, 1, "key `title` is missing"),
    "typo": (HEAD + "titel: x", 3, 1, "unknown key `titel`"),
    "typo inside": (HEAD + "comments: {defualt: open}", 3, 12, "unknown key `comments.defualt`"),
    "text for comments": (HEAD + "comments: open", 3, 11, "expected a mapping"),
    "state": (HEAD + "comments: {default: opne}", 3, 21, "`opne` is not one of open, closed, hidden"),
    "days": (HEAD + "comments: {close_after_days: 0}", 3, 30, "is not a whole number"),
    "format": (HEAD + "comments: {format: full}", 3, 20, "`full` is no text format of this site"),
    "own format of the tool's name": (
        HEAD + "formats: {markdown: {allowed_html: <em>}}", 3, 11, "is a text format of the tool's own",
    ),
    "format without a list": (HEAD + "formats: {own: {kind: html}}", 3, 16, "key `formats.own.allowed_html` is missing"),
    "date format": (HEAD + "date_format: '%Q'", 3, 14, "`%Q` is not a date format"),
    "locale's date": (HEAD + "date_format: '%c'", 3, 14, "`%c` is not a date format"),
    "lone percent": (HEAD + "date_format: '100%'", 3, 14, "`100%` is not a date format"),
    "byline": (HEAD + "byline: By {name}", 3, 9, "`By {name}` is not a byline"),
    "permalink": (HEAD + "permalinks: {article: '/{name}/'}", 3, 23, "is not a pattern of a permalink"),
    "permalink without an end": (HEAD + "permalinks: {page: '/{slug}'}", 3, 20, "is not a pattern"),
    "attribute in a permalink": (HEAD + "permalinks: {page: '/{slug.__class__}/'}", 3, 20, "is not a pattern"),
    "menu": (HEAD + "menu: [{title: A, url: 'javascript:x'}]", 3, 24, "is not a path of the site"),
    "check": (HEAD + "checks: {broken_links: error}", 3, 10, "is not one of broken_link,"),
    "theme": (HEAD + "theme: ../x", 3, 8, "`../x` is not the name of a theme"),
    "repository": (HEAD + "comments: {repository: git@host:a/b}", 3, 24, "is not the address of a repository"),
    "branch": (HEAD + "comments: {branch: -x}", 3, 20, "`-x` is not a branch name"),
    "a list for a date format": (HEAD + "date_format: [x]", 3, 14, "found a list, expected a date format"),
    "a list for a switch": (HEAD + "search: [x]", 3, 9, "found a list, expected true or false"),
    "a mapping for a number": (HEAD + "related: {a: b}", 3, 10, "found a mapping, expected a whole number"),
    "a list for a word": (HEAD + "comments: {default: [open]}", 3, 21, "found a list, expected one of"),
    "text for checks": (HEAD + "checks: all", 3, 9, "expected a mapping of `name: value` lines"),
    "text for formats": (HEAD + "formats: own", 3, 10, "expected a mapping of text formats"),
    "text for parameters": (HEAD + "theme: {parameters: x}", 3, 21, "expected a mapping of `name: value` lines"),
    "a key that is a list": (HEAD + "? [a]\n: b", 3, 3, "a key must be a text"),
    "an allowlist of several lines": (
        HEAD + "formats:\n  own:\n    allowed_html: |\n      <em>\n      <script>", 5, 19, "<script> may not be allowed",
    ),
    "list": ("- a", 1, 1, "found no `key: value` lines"),
    "empty": ("", 1, 1, "found no `key: value` lines"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line", "column", "said"), FAULTY.values(), ids=FAULTY)
def test_a_fault_is_told_where_it_stands(text: str, line: int, column: int, said: str) -> None:
    found = [problem for problem in problems(text) if said in problem[2]]

    assert [(line, column)] == [problem[:2] for problem in found]


def test_all_faults_are_told_at_once() -> None:
    assert [problem[0] for problem in problems("titel: x\nbase_url: y\ntimezone: z")] == [
        1,
        2,
        3,
        1,
    ]


ARRANGEMENT = {
    "taxonomies: [title]\n": "`title` is taken, so it cannot be a taxonomy",
    "taxonomies: [a, a]\n": "`a` is taken, so it cannot be a taxonomy",
    "taxonomies: [Topics]\n": "`Topics` is not a name of a-z, 0-9 and `_`",
    "edit_links: true\n": "`edit_links` needs to know the repository of the articles",
    "edit_links: true\ncomments: {repository: 'https://github.com/a/b', folder: talk}\n": "`edit_links` needs to know the repository of the articles",
    "authors: {a: {name: Jo}, b: {name: B, aliases: [Jo]}}\n": "`Jo` means two authors",
    "authors: {Jo: {name: Jo}}\n": "`Jo` is not a short name",
    "authors: {jo: {name: Jo, url: 'javascript:1'}}\n": "`javascript:1` is not a web address",
    "authors: {jo: {}}\n": "key `authors.name` is missing",
    "comments: {by_author: [x]}\n": "`x` is not the path of a comment",
}


@pytest.mark.parametrize(("text", "message"), ARRANGEMENT.items())
def test_a_faulty_arrangement_is_told(text: str, message: str) -> None:
    found = problems(HEAD + text)

    assert [(line, said) for line, _, said, _ in found] == [(3, message)]


def test_no_taxonomy_takes_the_name_of_a_key_of_the_front_matter() -> None:
    assert {key.name for key in front_matter.KEYS} < TAKEN


def test_a_faulty_configuration_still_tells_its_taxonomies() -> None:
    assert stand_in(b"taxonomies: [topics, topics, title, No!]\nnope: 1\n").taxonomies == (
        "topics",
    )
    assert stand_in(b"- a").taxonomies == ()
