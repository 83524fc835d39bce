"""Every sample read by another hand: the same threads, dates and letters as in the files that were brought."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from lxml import etree, html

from sitegen.markup.untrusted.formats import BUILTIN_FORMATS, comment_html

pytestmark = pytest.mark.shared


class Row(NamedTuple):
    """One comment as its source has it."""

    id: str
    parent: str
    date: str
    text: str
    is_html: bool = True


def stamp(value: float | str) -> str:
    """Return a moment in UTC, to the second."""
    if isinstance(value, str):
        moment = dt.datetime.fromisoformat(value)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    else:
        moment = dt.datetime.fromtimestamp(value, dt.UTC)
    return moment.astimezone(dt.UTC).isoformat()[:19]


def letters(text: str, *, is_html: bool) -> str:
    """Return every letter of a text without blanks."""
    if is_html:
        text = "".join(html.fromstring(f"<div>{text}</div>").itertext()) if text.strip() else ""
    return "".join(text.split())


def wordpress(place: Path) -> Iterator[Row]:
    for one in etree.parse(place).iter("{*}comment"):
        values = {etree.QName(child).localname: child.text or "" for child in one.iterchildren("*")}
        said = values.get("comment_type", "")
        if values["comment_approved"] == "1" and said in {"", "comment"}:
            parent = values.get("comment_parent", "0").strip()
            yield Row(
                values["comment_id"], "" if parent == "0" else parent,
                stamp(values["comment_date_gmt"]), values["comment_content"],
            )  # fmt: skip


def disqus(place: Path) -> Iterator[Row]:
    name = "{http://disqus.com/disqus-internals}id"
    for one in etree.parse(place).iter("{*}post"):
        parent = one.find("{*}parent")
        gone = one.findtext("{*}isDeleted") == "true"
        yield Row(
            one.get(name), "" if parent is None else parent.get(name),
            stamp(one.findtext("{*}createdAt")), "" if gone else one.findtext("{*}message") or "",
        )  # fmt: skip


def isso(place: Path) -> Iterator[Row]:
    if place.suffix == ".json":
        for thread in json.loads(place.read_text()):
            for one in thread["comments"]:
                yield Row(thread["id"], "", stamp(one["created"]), one["text"], is_html=False)
        return
    with sqlite3.connect(f"file:{place}?mode=ro", uri=True) as base:
        for one in base.execute(
            "select id, parent, created, text from comments where mode in (1, 4)"
        ):
            yield Row(
                str(one[0]), str(one[1] or ""), stamp(one[2]), one[3], is_html="<p>" in one[3]
            )


def remark42(place: Path) -> Iterator[Row]:
    for line in place.read_text().splitlines()[1:]:
        one = json.loads(line)
        yield Row(one["id"], "", stamp(one["time"]), one["text"])


def commento(place: Path) -> Iterator[Row]:
    for one in json.loads(place.read_text())["comments"]:
        parent = one["parentHex"].removeprefix("root")
        yield Row(
            one["commentHex"], parent, stamp(one["creationDate"]), one["markdown"], is_html=False
        )


def drupal(place: Path) -> Iterator[Row]:
    tables = json.loads(place.read_text())
    texts = {
        one["entity_id"]: one["comment_body_value"] for one in tables["field_data_comment_body"]
    }
    for one in tables["comment"]:
        yield Row(one["cid"], one["pid"].strip("0"), stamp(int(one["created"])), texts[one["cid"]])


def github(place: Path) -> Iterator[Row]:
    last = {}
    for file in sorted(place.glob("discussion_comment.*.json")):
        event = json.loads(file.read_text())
        one = event["comment"]
        gone = event["action"] == "deleted"
        last[one["id"]] = None if gone else Row(
            str(one["id"]), "", stamp(one["created_at"]), one["body"], is_html=False
        )  # fmt: skip
    yield from filter(None, last.values())


def webmention(place: Path) -> Iterator[Row]:
    for one in json.loads(place.read_text())["children"]:
        said = one.get("content") or {}
        text = said.get("html") or said.get("text", "")
        if one["wm-property"] == "in-reply-to" and text.strip():
            date = stamp(one["published"] or one["wm-received"])
            yield Row(str(one["wm-id"]), "", date, text, is_html="html" in said)


SAMPLES: list[tuple[Callable[[Path], Iterator[Row]], str, int]] = [
    (wordpress, "wxr/theme-unit-test-data.xml", 2),
    (wordpress, "wxr/isso-wordpress.xml", 0),
    (wordpress, "wxr/valid-wxr-1.0.xml", 0),
    (wordpress, "wxr/valid-wxr-1.1.xml", 0),
    (wordpress, "wxr/small-export.xml", 0),
    (wordpress, "wxr/slashes.xml", 0),
    (wordpress, "wxr/test-serialized-comment-meta.xml", 0),
    (disqus, "disqus/isso-disqus.xml", 0),
    (isso, "isso/isso-0.14-from-wordpress.db", 0),
    (isso, "isso/isso-0.14-from-disqus.db", 0),
    (isso, "isso/generic.json", 0),
    (remark42, "remark42/native-export.jsonl", 0),
    (commento, "commento/remark42-migrator-commento.json", 0),
    (drupal, "drupal/drupal7-comments.json", 0),
    (github, "github-discussions", 0),
    (webmention, "webmention/mxb-dev-2019.json", 3),
]


def bring_apart(box: Any, system: str, place: Path) -> None:
    """Bring an export, each page of it to an article of its own."""
    pages = box.exports.parent / "pages.map"
    _, report = box.bring(system, place, map=pages, dry_run=True)
    rows = enumerate(report[-1]["totals"]["pages_without_article"])
    pages.write_text("".join(f"{page} -> posts/a{number}\n" for number, page in rows))
    done, _ = box.bring(system, place, map=pages)
    assert done.returncode == 0, done.stderr


def brought(box: Any) -> Counter[tuple[str, str, str, str]]:
    """Return date and letters of every comment, and those of what it answers."""
    found = {}
    for path, one in box.comments().items():
        name = one.get("format") or "restricted_html"
        page = comment_html(one.get("body", ""), BUILTIN_FORMATS[name], "c-")
        text = one.get("body", "") if name == "markdown" else page
        said = (stamp(one["date"]), letters(text, is_html=name != "markdown"))
        above = path.rpartition("/")[0]
        parent = f"{above}/{one['reply_to']}.yaml" if "reply_to" in one else ""
        found[path] = (said, parent)
    none = ("", "")
    return Counter(
        (*said, *(found[parent][0] if parent else none)) for said, parent in found.values()
    )


@pytest.mark.parametrize(("read", "name", "more_letters"), SAMPLES)
def test_threads_dates_and_letters_are_those_of_the_source(
    shared: Path, intake: Any, read: Callable[[Path], Iterator[Row]], name: str, more_letters: int
) -> None:
    box = intake([f"posts/a{number}" for number in range(150)])
    place = shared / "corpora/import" / name
    bring_apart(box, read.__name__, place)

    rows = list(read(place))
    texts = [(row.date, letters(row.text, is_html=row.is_html)) for row in rows]
    by_id = {row.id: text for row, text in zip(rows, texts, strict=True)}
    wanted = Counter(
        (*text, *by_id.get(row.parent, ("", ""))) for row, text in zip(rows, texts, strict=True)
    )
    here = brought(box)
    assert wanted
    # Where a picture became a link or a rule a line, there are letters more, and none less.
    more, less = sorted((here - wanted).elements()), sorted((wanted - here).elements())
    assert len(more) == len(less) == more_letters
    for new, old in zip(more, less, strict=True):
        assert (new[0], new[2:]) == (old[0], old[2:])
        rest = iter(new[1])
        assert all(letter in rest for letter in old[1]), (new, old)


def test_the_tree_of_remark42_keeps_its_branches(shared: Path, intake: Any) -> None:
    """The sample's texts are empty, so each comment is given a text: its id."""
    tree = json.loads((shared / "corpora/import/remark42/tree.json").read_text())
    waiting, parents = list(tree["comments"]), {}
    while waiting:
        one = waiting.pop()
        one["comment"]["text"] = f"<p>{one['comment']['id']}</p>"
        parents[one["comment"]["id"]] = one["comment"]["pid"]
        waiting += one.get("replies") or []
    box = intake([f"posts/a{number}" for number in range(9)])
    bring_apart(box, "remark42", box.export("tree.json", json.dumps(tree)))

    bodies = {Path(path).stem: one["body"].strip() for path, one in box.comments().items()}
    replies = {
        one["body"].strip(): bodies.get(one.get("reply_to", ""), "")
        for one in box.comments().values()
    }
    assert replies == parents
    assert len(parents) == 12
