from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import msgspec
import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from sitegen.errors import SiteError
from sitegen.sources.comments import (
    MAX_BODY,
    Comment,
    dump_comment,
    file_problem,
    parse_comment,
    target_of,
)

UTC = ZoneInfo("UTC")
PATH = "comments/posts/trip/2018-02-20-ada.yaml"
MOMENT = dt.datetime(2018, 2, 20, 10, 15, tzinfo=dt.UTC)


def parse(text: str, path: str = PATH) -> Comment:
    return parse_comment(path, text.encode(), UTC)


def problems(text: str) -> list[tuple[str, int, int, str]]:
    with pytest.raises(SiteError) as refused:
        parse(text)
    return [(p.code, p.location.line, p.location.column, p.message) for p in refused.value.problems]


def test_every_field_of_a_comment_is_read() -> None:
    comment = parse(
        "author: Ada\ndate: 2018-02-20T10:15:00Z\nreply_to: 2018-02-19-jo\n"
        "subject: Breaking barriers\nurl: https://ada.example\nformat: markdown\n"
        "source: https://old.example/1#c2\nbody: |\n  Thanks, <b>Jo</b>!\n\n  More.\n"
    )

    assert comment == Comment(
        path=PATH,
        id="2018-02-20-ada",
        target="posts/trip",
        date=MOMENT,
        author="Ada",
        body="Thanks, <b>Jo</b>!\n\nMore.\n",
        reply_to="2018-02-19-jo",
        subject="Breaking barriers",
        url="https://ada.example",
        format="markdown",
        source="https://old.example/1#c2",
    )


HEAD = "author: Ada\ndate: 2018-02-20\n"
FAULTY = {
    "no author": ("date: 2018-02-20\nbody: b", "missing-key", 1, 1),
    "no date": ("author: Ada\nbody: b", "missing-key", 1, 1),
    "no body": (HEAD, "missing-key", 1, 1),
    "author without a value": ("author:\ndate: 2018-02-20\nbody: b", "missing-key", 1, 1),
    "empty author": ('author: ""\ndate: 2018-02-20\nbody: b', "value", 1, 9),
    "blank body": (HEAD + 'body: "  "', "value", 3, 7),
    "long author": (f"author: {'a' * 81}\ndate: 2018-02-20\nbody: b", "value", 1, 9),
    "long subject": (HEAD + f"body: b\nsubject: {'a' * 121}", "value", 4, 10),
    "long body": (HEAD + f"body: {'a' * (MAX_BODY + 1)}", "value", 3, 7),
    "date that does not exist": ("author: Ada\ndate: 2024-02-30\nbody: b", "date", 2, 7),
    "date out of range": ("author: Ada\ndate: 9999-12-31T23:59:59-23:59\nbody: b", "date", 2, 7),
    "unknown key": (HEAD + "body: b\nemail: a@b.example", "unknown-key", 4, 1),
    "key in another case": (HEAD + "body: b\nURL: https://a.example/", "unknown-key", 4, 1),
    "badge": (HEAD + "body: b\nis_author: true", "unknown-key", 4, 1),
    "role": (HEAD + "body: b\nrole: admin", "unknown-key", 4, 1),
    "dunder": (HEAD + "body: b\n__class__: x", "unknown-key", 4, 1),
    "reply to a path": (HEAD + "body: b\nreply_to: ../other/ada", "value", 4, 11),
    "reply in capitals": (HEAD + "body: b\nreply_to: Ada", "value", 4, 11),
    "removed, maybe": (HEAD + "body: b\nremoved: yes", "value", 4, 10),
    "tombstone with a body": (HEAD + "removed: true\nbody: b", "tombstone", 4, 7),
    "format": (HEAD + "body: b\nformat: Full HTML", "value", 4, 9),
    "zero-width author": ('author: "A\\u200bda"\ndate: 2018-02-20\nbody: b', "invisible", 1, 9),
    "bidi subject": (HEAD + 'body: b\nsubject: "a\\u202eb"', "invisible", 4, 10),
    "raw bidi author": ("author: A\u202eda\ndate: 2018-02-20\nbody: b", "invisible", 1, 9),
    "a name of Hangul's filler": ("author: \u3164\ndate: 2018-02-20\nbody: b", "invisible", 1, 9),
    "tag characters": ("author: A\U000e0041\ndate: 2018-02-20\nbody: b", "invisible", 1, 9),
    "soft hyphen": ("author: A\u00adda\ndate: 2018-02-20\nbody: b", "invisible", 1, 9),
    **{
        f"url {url!r}": (HEAD + f"body: b\nurl: {url}", "value", 4, 6)
        for url in (
            "javascript:alert(1)",
            "JAVASCRIPT:alert(1)",
            "data:text/html,x",
            "//evil.example",
            "/path",
            "ftp://a.example",
            "https://",
            "https://user@a.example/",
            "https://user:pw@a.example/",
            "https:///a.example",
            "https://a.example/<b>",
            "'https://a.example/\"onclick=x'",
            "https://a.example/a b",
            "https:\\\\a.example",
            "mailto:a@b.example",
            "https://a.example/" + "x" * 2000,
        )
    },
}  # fmt: skip


@pytest.mark.parametrize(("text", "code", "line", "column"), FAULTY.values(), ids=FAULTY)
def test_a_faulty_comment_is_refused_where_it_is_faulty(
    text: str, code: str, line: int, column: int
) -> None:
    assert [(code, line, column)] == [problem[:3] for problem in problems(text)]


def test_all_faults_of_a_comment_are_told_at_once() -> None:
    found = problems("auhtor: Ada\ndate: 2018-02-30\nurl: evil\nbody: b")

    assert [p[0] for p in sorted(found, key=lambda p: (p[1], p[2], p[0] == "missing-key"))] == [
        "unknown-key",
        "missing-key",
        "date",
        "value",
    ]


@pytest.mark.parametrize(
    "author", ["No", "0123", "~", "null", "1e3", "2018-01-01", ".inf", "=", "<b>"]
)
def test_a_person_may_be_called_anything(author: str) -> None:
    assert parse(f"author: {author}\ndate: 2018-02-20\nbody: b").author == author


def test_a_name_may_hold_joiners() -> None:
    assert parse("author: نیم\u200cفاصله\ndate: 2018-02-20\nbody: b").author == "نیم\u200cفاصله"


def test_a_tombstone_needs_a_date_only() -> None:
    assert parse("date: 2018-02-20\nremoved: true").removed


def test_a_body_may_hold_line_separators_and_direction_marks() -> None:
    assert parse(HEAD + r'body: "a\u2028b\u202ec"').body == "a\u2028b\u202ec"


NAMES = {
    "comments/posts/trip/2018-02-20-ada.yaml": None,
    "comments/trip/a.yaml": None,
    "comments/trip/0.yaml": None,
    "comments/trip/a.b_c-d.yaml": None,
    f"comments/trip/{'a' * 80}.yaml": None,
    f"comments/trip/{'a' * 81}.yaml": "is not a name",
    "comments/trip/Ada.yaml": "is not a name",
    "comments/trip/ada.yml": "is not a name",
    "comments/trip/ada.YAML": "is not a name",
    "comments/trip/ada.yaml.txt": "is not a name",
    "comments/trip/evil.html": "is not a name",
    "comments/trip/evil.svg": "is not a name",
    "comments/trip/_headers": "is not a name",
    "comments/trip/CNAME": "is not a name",
    "comments/trip/-a.yaml": "is not a name",
    "comments/trip/é.yaml": "is not a name",
    "comments/trip/a b.yaml": "is not a name",
    "comments/trip/a\n::error::b.yaml": "is not a name",
    "comments/trip/a.yaml\n": "is not a name",
    "comments/trip/\x1b[31m.yaml": "is not a name",
    "comments/trip/<script>.yaml": "is not a name",
    "comments/trip/a:b.yaml": "is not a name",
    "comments/trip/a|b.yaml": "is not a name",
    "comments/trip/a\\b.yaml": "is not a name",
    "comments/trip/%2e%2e.yaml": "is not a name",
    "comments/trip/.yaml": "is not a name",
    "comments/trip/con.yaml": "cannot be a file on Windows",
    "comments/trip/aux.x.yaml": "cannot be a file on Windows",
    "comments/trip/nul.yaml": "cannot be a file on Windows",
    "comments/trip/com1.yaml": "cannot be a file on Windows",
    "comments/trip/lpt9.yaml": "cannot be a file on Windows",
    "comments/trip/a..yaml": "cannot be a file on Windows",
    "comments/trip/console.yaml": None,
    "comments/ada.yaml": "belongs to no article",
}


@pytest.mark.parametrize(("path", "said"), NAMES.items(), ids=[repr(name)[:60] for name in NAMES])
def test_only_harmless_names_are_names_of_comments(path: str, said: str | None) -> None:
    problem = file_problem(path)

    assert (said is None) == (problem is None)
    if said and problem:
        assert said in problem.message
        assert problem.hint


def test_a_file_with_a_wrong_name_is_not_read() -> None:
    with pytest.raises(SiteError) as refused:
        parse("[" * 100, "comments/trip/Ada.yaml")

    assert [problem.code for problem in refused.value.problems] == ["file-name"]


def test_what_a_comment_answers_is_its_folder() -> None:
    assert target_of("comments/a/b/c/x.yaml") == "a/b/c"


def test_more_than_64_kib_are_refused_before_they_are_decoded() -> None:
    with pytest.raises(SiteError) as refused:
        parse_comment(PATH, b"\xff" * 65_537, UTC)

    assert [problem.code for problem in refused.value.problems] == ["size"]


FORBIDDEN = "\ufffe\uffff" + "".join(
    map(chr, (*range(9), 11, 12, *range(14, 32), *range(127, 133), *range(134, 160)))
)
ANY = st.characters(exclude_categories=["Cs"], exclude_characters=FORBIDDEN)
VISIBLE = st.characters(
    exclude_categories=["Cs", "Zl", "Zp"],
    exclude_characters=FORBIDDEN + "\x85\r\n\u00ad\u061c\u180e\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\ufeff"
    + "".join(map(chr, range(0x2060, 0x2070))),
)  # fmt: skip
LINE = st.text(VISIBLE, max_size=60).map(str.strip)
IDS = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,30}", fullmatch=True)
WEB = st.sampled_from(
    ["", "https://a.example/", "http://é.example:8080/x?y=1&z=2#f: g".replace(" ", "")]
)
BODY = st.text(ANY, max_size=300).filter(str.strip) | st.text(
    "a \n\t:#-'\"|>&*\\", max_size=60
).filter(str.strip)


@given(
    author=LINE.filter(bool),
    date=st.datetimes(
        dt.datetime(1000, 1, 2), dt.datetime(2999, 12, 30), timezones=st.just(dt.UTC)
    ),
    reply_to=st.just("") | IDS,
    subject=LINE,
    url=WEB,
    source=WEB,
    format_=st.sampled_from(["", "markdown", "no", "on"]),
    body=BODY,
)
@example("No", MOMENT, "1e3", "0x1F", "", "", "", "\n\n  indented\n\n")
@example("- x", MOMENT, "null", "# no", "", "", "y", "\r\n")
@example("a: b", MOMENT, "0", "&a *b", "", "", "", "\ttab\n \n")
@example("é" * 30, MOMENT, "2018-01-01", "!x", "", "", "", "no newline at the end")
@example("Ada", MOMENT, "", "", "", "", "", "---\n...\n%YAML 1.1\n")
@example("Ada", MOMENT, "", "", "", "", "", "\n\ttab after a break")
def test_a_written_comment_reads_as_the_same_comment(
    author: str,
    date: dt.datetime,
    reply_to: str,
    subject: str,
    url: str,
    source: str,
    format_: str,
    body: str,
) -> None:
    if not body.strip():
        return
    comment = Comment(
        path=PATH, id="2018-02-20-ada", target="posts/trip", date=date, author=author, body=body,
        reply_to=reply_to, subject=subject, url=url, format=format_, source=source,
    )  # fmt: skip

    assert parse(dump_comment(comment)) == comment


@given(author=LINE.filter(bool), body=BODY)
def test_other_readers_of_yaml_read_the_same_text(author: str, body: str) -> None:
    comment = Comment(path=PATH, id="a", target="trip", date=MOMENT, author=author, body=body)

    values = yaml.safe_load(dump_comment(comment))

    assert (author, body) == (values["author"], values["body"])


def test_a_written_tombstone_reads_as_the_same_tombstone() -> None:
    comment = Comment(
        path=PATH, id="2018-02-20-ada", target="posts/trip", date=MOMENT, removed=True
    )

    assert parse(dump_comment(comment)) == comment


def test_a_written_comment_looks_as_a_person_would_write_it() -> None:
    comment = Comment(
        path=PATH,
        id="a",
        target="trip",
        date=MOMENT,
        author="Ada",
        subject="No",
        body="One.\n\nTwo.\n",
    )

    assert dump_comment(comment) == (
        'author: Ada\ndate: 2018-02-20T10:15:00Z\nsubject: "No"\nbody: |\n  One.\n\n  Two.\n'
    )


@given(
    st.dictionaries(st.sampled_from(Comment.__struct_fields__), st.text(max_size=20)),
    st.text(max_size=30),
)
def test_any_file_is_a_comment_or_a_problem(values: dict[str, str], rest: str) -> None:
    text = "".join(f"{key}: {value}\n" for key, value in values.items()) + rest
    try:
        comment = parse_comment(PATH, text.encode("utf-8", "replace"), UTC)
    except SiteError as error:
        assert all(problem.location.path == PATH for problem in error.problems)
    else:
        assert msgspec.structs.asdict(comment)["id"] == "2018-02-20-ada"
