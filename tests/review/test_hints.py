"""Hints: each has a case that gives it, a neighbour that does not, and a reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import hints
from sitegen.review.names import skeleton
from sitegen.review.privacy import finds
from sitegen.review.readable import readable

ROOT = Path(__file__).resolve().parents[2]
FOLDER = "comments/posts/trip"
HINTS = {
    "html-link": ({"body": 'See <a href="https://x.example">this</a>'}, {"body": "See https://x.example"}),
    "bbcode": ({"body": "[url=https://x.example]this[/url]"}, {"body": "a[url] is an array"} ),
    "script": ({"body": "Купите наши товары сегодня"}, {"body": "He said спасибо, which means thank you very much"}),
    "words": ({"body": "The best Casino online"}, {"body": "Occasional inoculation"}),
    "many-links": ({"body": "https://a.example https://b.example https://c.example"}, {"body": "https://a.example https://b.example"}),
    "link-elsewhere": ({"body": '<a href="https://evil.example/">www.bank.example</a>'}, {"body": '<a href="https://bank.example/x">www.bank.example</a>'}),
    "foreign-host": ({"url": "https://аррӏе.example"}, {"url": "https://apple.example"}),
    "name-address": ({"author": "Best Shoes example.com"}, {"author": "J. R. Ewing"}),
    "name-reserved": ({"author": "Моnа Lisa"}, {"author": "Mona Lisbet"}),
    "name-alike": ({"author": "Jо"}, {"author": "Joe"}),
    "mixed-scripts": ({"author": "Pаul"}, {"author": "Паул Paul"}),
    "bidi": ({"body": "abc \u202egnp"}, {"body": "שלום abc"}),
    "invisible": ({"body": "ca\u200bsino"}, {"body": "می\u200cخواهم 👩\u200d💻"}),
    "date-future": ({"date": "2031-01-01T00:00:00Z"}, {"date": "2024-06-01T12:05:00Z"}),
    "date-early": ({"date": "2017-01-01T00:00:00Z"}, {"date": "2018-02-19T00:00:00Z"}),
    "parent-unknown": ({"reply_to": "nobody"}, {"reply_to": "jo"}),
    "parent-removed": ({"reply_to": "gone"}, {"reply_to": "ada"}),
    "repeated": ({"body": "Which way did you   GO, by the way?"}, {"body": "Which way did you come?"}),
    "long-line": ({"body": "x " * 600}, {"body": "x \n" * 600}),
}  # fmt: skip


def written(values):
    whole = {"author": "Bo", "date": "2018-03-01T00:00:00Z", "body": "Hello.", **values}
    return "".join(
        f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in whole.items()
    )


@pytest.mark.parametrize("kind", HINTS)
def test_a_hint_is_given_where_it_is_meant_and_not_beside(clone, kind):
    clone.commit(
        {
            f"{FOLDER}/gone.yaml": "date: 2018-02-22T09:00:00Z\nremoved: true\n",
            f"{FOLDER}/cy.yaml": written(
                {"author": "Cy", "body": "Which way did you go, by the way?"}
            ),
        }
    )
    clone.git("push", "-q", "origin", "main")
    yes, no = HINTS[kind]
    found = []
    for number, values in enumerate((yes, no)):
        clone.git("checkout", "-q", "-B", f"b{number}", "main")
        clone.commit({f"{FOLDER}/bo.yaml": written(values)})
        [one] = json.loads(clone.review("main", "--format", "json").stdout)["comments"]
        assert one["problems"] == [] or kind == "parent-unknown"
        found.append([hint["kind"] for hint in one["hints"]])

    assert kind in found[0]
    assert kind not in found[1]


def test_a_closed_article_and_a_burst_are_told(clone):
    clone.commit(
        {"content/posts/trip.md": "---\ntitle: A trip\ndate: 2018-02-19\ncomments: closed\n---\n"}
    )
    clone.git("push", "-q", "origin", "main")
    clone.commit(
        {f"{FOLDER}/c{n}.yaml": written({"body": f"Number {n}."}) for n in range(12)}, "burst"
    )
    review = json.loads(clone.review("--format", "json").stdout)

    assert [hint["kind"] for hint in review["hints"]] == ["many-files", "burst"]
    assert all("closed" in [h["kind"] for h in one["hints"]] for one in review["comments"])


def test_the_words_are_those_of_the_site(clone):
    clone.commit(
        {"config.yaml": "title: N\nbase_url: https://n.example/\ncomments: {words: [northridge]}\n"}
    )
    clone.git("push", "-q", "origin", "main")
    clone.commit({f"{FOLDER}/bo.yaml": written({"body": "casino at Northridge"})}, "bo")
    [one] = json.loads(clone.review("--format", "json").stdout)["comments"]

    assert [hint["reason"] for hint in one["hints"]] == ["on the list of words: `northridge`"]


def test_an_author_s_own_comment_is_no_impostor_s(clone):
    config = "title: N\nbase_url: https://n.example/\nauthor: Mona Lisa\ncomments: {by_author: [posts/trip/me]}\n"
    clone.commit({"config.yaml": config})
    clone.git("push", "-q", "origin", "main")
    clone.commit(
        {
            f"{FOLDER}/me.yaml": written({"author": "Mona Lisa"}),
            f"{FOLDER}/not.yaml": written({"author": "mona lisa"}),
        },
        "me",
    )
    review = json.loads(clone.review("--format", "json").stdout)
    hints = {one["id"]: [hint["kind"] for hint in one["hints"]] for one in review["comments"]}

    assert hints == {"me": [], "not": ["name-reserved"]}


ALIKE = [
    ("Ada", "Аdа"),
    ("Ada", "ＡＤＡ"),
    ("Ada", "a.d.a"),
    ("Ada", "A\u200bda"),
    ("modern", "modem"),
    ("Il", "l1"),
    ("Zoe", "Zoë"),
    ("Μαρια", "μapia"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_names_that_look_alike_have_one_skeleton(one, other):
    assert skeleton(one) == skeleton(other)


@given(st.text(max_size=100))
def test_a_skeleton_is_its_own_skeleton(name):
    assert skeleton(skeleton(name)) == skeleton(name)


PRIVATE = {
    "write to jo@example.org please": ["email"],
    "https://www.gravatar.com/avatar/d41d8cd98f00b204e9800998ecf8427e?s=80": ["gravatar"],
    "0bc83cb571cd1c50ba6f3e8a78ef1346": ["hash"],
    "0BC83CB571CD1C50BA6F3E8A78EF1346": ["hash"],
    "commit 3a513ff4a334c29ba7065da151e28a657d433d2e": ["hash"],
    "from 93.184.216.34 I think": ["ip"],
    "2606:2800:220:1:248:1893:25c8:1946": ["ip"],
    "call +43 1 234 56 78": ["phone"],
    "call (555) 123-4567": ["phone"],
    "my box is 192.168.0.1 and 127.0.0.1": [],
    "on 2018-02-20 at 10:15:00": [],
    "it cost 1 000 000 euro in 1999": [],
    "see https://example.org/2018/02/20/12345678": [],
    "00000000000000000000000000000000": [],
    "std::vector and a::b::c": [],
    "version 3.11.2": [],
}


@pytest.mark.parametrize("text", PRIVATE)
def test_what_belongs_to_a_person_is_found_in_any_value(text):
    for field in ("author", "body", "source"):
        assert [(one.kind, one.field) for one in finds({field: text})] == [
            (kind, field) for kind in PRIVATE[text]
        ]


@given(st.text())
def test_readable_text_of_anything_escaped_is_that_text(text):
    import html

    seen = readable(f"<p>{html.escape(text)}</p>")
    assert seen.links == ()


@pytest.fixture(scope="module")
def made() -> list[hints.Set]:
    return list(hints.ours())


CAUGHT = {"HTML anchors", "bbcode", "another script", "hidden or false"}
MISSED = {"flattery", "flattery with a site", "a link in passing", "tests and noise"}


def test_hints_see_spam_by_its_form_and_none_that_only_flatters(made: list[hints.Set]) -> None:
    spam = {one.name: (one.flagged, len(one.hints)) for one in made if one.kind == "spam"}

    assert {name for name, (flagged, total) in spam.items() if flagged == total} == CAUGHT
    assert {name for name, (flagged, _) in spam.items() if not flagged} == MISSED


@pytest.mark.shared
def test_the_manual_says_what_is_measured(made: list[hints.Set], shared: Path) -> None:
    """`python -m benchmarks.hints CORPORA` prints it anew."""
    sets = [*hints.merged(shared / "corpora"), *made]
    manual = (ROOT / "content/manual/reviewing.md").read_text(encoding="utf-8")

    for line in hints.report(sets).splitlines():
        if line.startswith("|"):
            assert line in manual
        elif line:
            figure = line.rpartition(": ")[2].replace("%", " %")
            assert figure in manual, line
    assert len(sets[0].hints) + len(sets[1].hints) == 1021
    assert hints.share(hints.of_kind(sets, "typed")) < 0.04
