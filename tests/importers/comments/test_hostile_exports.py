"""What a stranger can write into an export, at its worst: the import ends soon, and ends well.

What is long here took minutes, hours or for ever before its pattern was mended; a run that hangs
is ended by the time limit of the tests.
"""

from __future__ import annotations

import contextlib
import importlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.errors import Location, SiteError
from sitegen.importers.comments.bringing import bring
from sitegen.importers.comments.exports import Exports
from sitegen.importers.comments.found import Found
from sitegen.importers.comments.html_text import canonical
from sitegen.importers.comments.report import Outcome
from sitegen.importers.comments.threads import placed
from sitegen.importers.comments.words import words_of_html

BODIES = {
    "a section of SGML that nobody ends": "<![",
    "tags that are open to the end": "<a " * 60_000,
    "attributes that are open to the end": "<a b='" * 30_000,
    "comments that are open to the end": "<!--" * 40_000,
    "elements that are open to the end": "<b>" * 60_000,
    "a word without an end": "a" * 190_000,
    "an address without an end": "a@" * 90_000,
    "a quote without an end": "<blockquote>" * 15_000,
}


def brought(site: Any, system: str, path: Path) -> list[Outcome]:
    outcomes: list[Outcome] = []
    bring(system, Exports((path,)), site.root, outcomes.append)
    return outcomes


@pytest.mark.parametrize("field", ["message", "name", "url", "subject"])
@pytest.mark.parametrize("text", BODIES.values(), ids=BODIES)
def test_a_comment_of_any_shape_is_brought_or_left(
    site: Callable[..., Any], tmp_path: Path, field: str, text: str
) -> None:
    values = {"_id": "x", "date": "2020-01-01T00:00:00Z", "name": "Ada", "message": "<p>Hello</p>"}
    folder = tmp_path / "exports/posts/trip"
    folder.mkdir(parents=True)
    (folder / "x.json").write_text(json.dumps({**values, field: f"{text} it is"}), encoding="utf-8")

    (outcome,) = brought(
        site({"content/posts/trip.md": "---\ntitle: Trip\n---\n"}),
        "staticman",
        tmp_path / "exports",
    )

    assert outcome.outcome in {"added", "left"}


@pytest.mark.parametrize("text", BODIES.values(), ids=BODIES)
def test_html_of_any_shape_is_read_at_once(text: str) -> None:
    canonical(text, keeps_lines=True)
    words_of_html(text)


MAILS = {
    "empty lines before the text": "\n" * 60 + "Hello",
    "empty lines that end in blanks": " \n" * 3_000 + "Hello",
    "lines that look like notes in a file": "# a\n" * 3_000 + "Hello",
    "a quote with an answer below it": "Hello\n\n" + ">\n" * 300_000 + "x",
    "a file that names no file": "author: a\n" + "comments/" * 100_000,
}


@pytest.mark.parametrize("text", MAILS.values(), ids=MAILS)
def test_a_mail_of_any_shape_is_read_at_once(
    site: Callable[..., Any], tmp_path: Path, text: str
) -> None:
    mail = f"From: Ada <a@example.org>\nSubject: trip\nDate: Mon, 1 Jan 2024 10:00:00 +0000\n\n{text}\n"
    (tmp_path / "one.eml").write_text(mail, encoding="utf-8")

    (outcome,) = brought(
        site({"content/trip.md": "---\ntitle: Trip\n---\n"}), "mbox", tmp_path / "one.eml"
    )

    assert outcome.outcome in {"added", "left"}


def chain(length: int, first: str) -> list[Found]:
    parents = [first, *map(str, range(length - 1))]
    return [Found(Location("x"), str(n), (), parent=parent) for n, parent in enumerate(parents)]


def test_a_long_row_of_answers_is_placed_at_once() -> None:
    rows = placed(chain(40_000, ""), lambda _: False)

    assert [row.parent for row in rows] == ["", *map(str, range(39_999))]


def test_a_ring_of_answers_is_opened_at_its_first_comment() -> None:
    rows = placed(chain(20_000, "19999"), lambda _: False)

    assert [row.parent for row in rows] == ["", *map(str, range(19_999))]
    assert [bool(row.notes) for row in rows] == [True, *[False] * 19_999]


KEYS = {
    "comentario": ("pages", "commenters", "comments", "id", "pageId", "userCreated", "isDeleted"),
    "commento": ("comments", "commenters", "commenterHex", "commentHex", "url", "deleted", "link"),
    "drupal": ("comment_field_data", "path_alias", "users", "cid", "path", "uid", "status"),
    "github": ("title", "comments", "body", "html_url", "user", "author", "replyTo", "discussion"),
    "isso": ("id", "comments", "text", "created", "parent"),
    "jsonl": ("id", "article", "author", "date", "body"),
    "mastodon": ("descendants", "account", "media_attachments", "uri", "id", "in_reply_to_id"),
    "remark42": ("comments", "comment", "replies", "user", "locator", "url", "id"),
    "staticman": ("_id", "name", "message", "date", "replying_to"),
    "webmention": ("children", "author", "content", "wm-id", "wm-property", "webmentions"),
}


@pytest.mark.parametrize("system", KEYS)
def test_json_of_any_shape_is_read_or_refused(system: str, tmp_path: Path) -> None:
    module = importlib.import_module(f"sitegen.importers.systems.{system}")
    place = tmp_path / "export.json"
    leaves = st.sampled_from([None, True, 7, 1.5, "", "x", "https://a.example/#issuecomment-1"])
    documents = st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(KEYS[system]), inner, max_size=4)
        ),
        max_leaves=20,
    )

    @settings(max_examples=60, deadline=None)
    @given(st.dictionaries(st.sampled_from(KEYS[system]), documents) | documents)
    def read(document: object) -> None:
        place.write_text(json.dumps(document), encoding="utf-8")
        with contextlib.suppress(SiteError):
            assert all(isinstance(one, Found) for one in module.found_in(Exports((place,))))

    read()
