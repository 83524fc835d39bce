"""Small exports of each system, in the shapes and with the oddities that real ones have."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sitegen.errors import SiteError
from sitegen.importers.comments import exports
from sitegen.importers.comments.exports import Lines
from sitegen.importers.systems import commento

WXR = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="https://wordpress.org/export/1.2/">
<channel><item>
<title>Trip</title><link>https://old.example/2018/02/trip/</link>
<content:encoded><![CDATA[Long]]></content:encoded>
<wp:post_id>7</wp:post_id><wp:post_name>trip</wp:post_name>
{comments}
</item></channel></rss>
"""


def wordpress(number: int, text: str = "Hi", **keys: str) -> str:
    values = {
        "id": str(number), "author": "Jo", "author_email": "jo@hidden.example",
        "author_IP": "192.0.2.1", "date": "2018-02-20 12:00:00", "date_gmt": "2018-02-20 11:00:00",
        "content": f"<![CDATA[{text}]]>", "approved": "1", "type": "", "parent": "0", **keys,
    }  # fmt: skip
    inner = "".join(
        f"<wp:comment_{key}>{value}</wp:comment_{key}>" for key, value in values.items()
    )
    return f"<wp:comment>{inner}</wp:comment>\n"


def test_wordpress_lines_break_where_they_were_typed(intake: Any) -> None:
    box = intake(["posts/trip"])
    text = (
        "One\ntwo &amp; <b>x</b> &lt;T&gt;\n\n<blockquote>quoted</blockquote>\nend ]]]]><![CDATA[>"
    )
    box.export("a.xml", WXR.format(comments=wordpress(3, text)))

    done, report = box.bring("wordpress")

    assert done.returncode == 0, done.stderr
    assert box.comment("posts/trip/wordpress-3") == {
        "author": "Jo",
        "date": "2018-02-20T11:00:00Z",
        "format": "restricted_html",
        "source": "https://old.example/2018/02/trip/#comment-3",
        "body": "One\ntwo & <strong>x</strong> &lt;T>\n\n<blockquote>quoted</blockquote>\n\nend ]]>\n",
    }
    assert report[0]["line"] == 7
    assert report[-1]["totals"]["left_behind"] == {"e-mail address": 1, "IP address": 1}


def test_wordpress_threads_and_states(intake: Any) -> None:
    box = intake(["posts/trip"])
    box.export("a.xml", WXR.format(comments="".join((
        wordpress(1), wordpress(2, parent="1"), wordpress(3, approved="0", parent="2"),
        wordpress(4, parent="3"), wordpress(5, approved="trash"), wordpress(6, type="pingback"),
        wordpress(7, type="order_note"), wordpress(8, type="comment", date_gmt="0000-00-00 00:00:00"),
    ))))  # fmt: skip

    _, report = box.bring("wordpress")

    assert {name: one.get("reply_to", "") for name, one in box.comments().items()} == {
        "posts/trip/wordpress-1.yaml": "",
        "posts/trip/wordpress-2.yaml": "wordpress-1",
        "posts/trip/wordpress-4.yaml": "wordpress-2",
        "posts/trip/wordpress-8.yaml": "",
    }
    assert box.comment("posts/trip/wordpress-8")["date"] == "2018-02-20T12:00:00Z"
    assert report[-1]["totals"]["left_because"] == {
        "it waits for moderation": 1,
        "it is in the trash": 1,
        "it is a pingback": 1,
        "it is of a kind of its own, such as a note or a review": 1,
    }


def test_wordpress_pingbacks_come_when_asked_for(intake: Any) -> None:
    box = intake(["posts/trip"])
    box.export("a.xml", WXR.format(comments=wordpress(6, type="pingback")))

    box.bring("wordpress", pingbacks=True)

    assert list(box.comments()) == ["posts/trip/wordpress-6.yaml"]


BOMB = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "{}">]><rss><item>&a;</item></rss>'
HOSTILE = [
    ("entities", BOMB.format("x" * 10), "declares entities"),
    (
        "a file of the machine",
        BOMB.replace('"{}"', 'SYSTEM "file:///etc/passwd"'),
        "declares entities",
    ),
    (
        "a missing end",
        "<rss>\n<channel>\n<item>\n",
        ":4:1: error: this is not XML: no element found",
    ),
    (
        "a tag that ends another",
        "<rss>\n<item></rss>",
        ":2:9: error: this is not XML: mismatched tag",
    ),
    ("bytes that are no text", b"<rss>\n<item>\xff</item></rss>", ":2:7: error: this is not XML"),
    ("no XML at all", "hello", "this is not XML"),
    ("nothing", "", "this is not XML"),
]


@pytest.mark.parametrize(
    ("text", "said"), [row[1:] for row in HOSTILE], ids=[r[0] for r in HOSTILE]
)
def test_xml_that_is_hostile_or_broken_is_refused_whole(
    intake: Any, text: str | bytes, said: str
) -> None:
    box = intake(["posts/trip"])
    good = box.export("good.xml", WXR.format(comments=wordpress(1)))
    bad = box.export("zz-bad.xml", text)

    done, _ = box.bring("wordpress", good, bad)

    assert done.returncode == 1
    assert said in done.stderr
    assert box.comments() == {}


def test_control_characters_and_signs_before_the_declaration_are_survived(intake: Any) -> None:
    box = intake(["posts/trip"])
    box.export("a.xml", b"`\n" + WXR.format(comments=wordpress(1, "a\x08b")).encode())

    done, report = box.bring("wordpress")

    assert done.returncode == 0, done.stderr
    assert box.comment("posts/trip/wordpress-1")["body"] == "a b\n"
    assert report[0]["line"] == 8


DISQUS = """<?xml version="1.0"?>
<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">
<thread dsq:id="2"><id>trip</id><link>http://old.example/a/trip.html</link><isDeleted>false</isDeleted></thread>
<thread dsq:id="3"><id/></thread>
{posts}
</disqus>
"""


def disqus(number: int, text: str, parent: str = "", thread: int = 2, **keys: str) -> str:
    values = {"createdAt": "2013-10-11T06:51:33Z", "isDeleted": "false", "isSpam": "false", **keys}
    inner = "".join(f"<{key}>{value}</{key}>" for key, value in values.items())
    above = f'<parent dsq:id="{parent}"/>' if parent else ""
    return (
        f'<post dsq:id="{number}"><id/><message><![CDATA[{text}]]></message>{inner}'
        f"<author><email>jo@hidden.example</email><name>Jo</name></author>"
        f'<ipAddress>192.0.2.1</ipAddress><thread dsq:id="{thread}"/>{above}</post>\n'
    )


def test_disqus_posts_join_their_thread_by_its_attribute(intake: Any) -> None:
    box = intake(["posts/trip"])
    box.export("d.xml", DISQUS.format(posts="".join((
        disqus(4, "<p>One<br>two</p>"), disqus(5, "", isDeleted="true"), disqus(6, "<p>x</p>", "5"),
        disqus(7, "spam", isSpam="true"), disqus(8, "lost", thread=3), disqus(9, "", isDeleted="true"),
    ))))  # fmt: skip

    done, report = box.bring("disqus")

    assert {name: one.get("reply_to", "") for name, one in box.comments().items()} == {
        "posts/trip/disqus-4.yaml": "",
        "posts/trip/disqus-5.yaml": "",
        "posts/trip/disqus-6.yaml": "disqus-5",
    }
    assert box.comment("posts/trip/disqus-4")["body"] == "One\ntwo\n"
    assert (
        box.comment("posts/trip/disqus-4")["source"] == "http://old.example/a/trip.html#comment-4"
    )
    assert box.comment("posts/trip/disqus-5")["removed"] == "true"
    assert report[-1]["totals"]["tombstones"] == 1
    assert "thread 3" in done.stderr


def record(**keys: object) -> str:
    return json.dumps({"name": "Jo", "message": "Hi", **keys})


def test_staticman_replies_by_position_count_files_by_name_or_by_date(intake: Any) -> None:
    box = intake(["posts/trip"])
    box.export("trip/a.json", record(_id="first", date="2020-01-03"))
    box.export("trip/b.json", record(_id="second", date="2020-01-01"))
    box.export("trip/c.json", record(_id="third", date="2020-01-05", replying_to="1"))

    box.bring("staticman", dry_run=True)
    box.bring("staticman")
    assert box.comment("posts/trip/c")["reply_to"] == "a"

    box.bring("staticman", order="date", update=True)
    assert box.comment("posts/trip/c")["reply_to"] == "b"


FORMS = {
    "yaml.yml": '_id: 4b9e11b0\n_parent: http://x.example/a/trip.html\nname: No\nmessage: "a\\r\\nb"\n'
    "date: 1603428181\nemail: 0123456789abcdef0123456789abcdef\nreplying_to_uid: ''\nhp: ''\n",
    "old-python.yml": "date: !!python/unicode '2012-01-02 9:00:00 -0400'\nname: 404\ncomment: Hi\n",
    "front.md": "---\nname: Jo\ndate: 2019-01-02T03:04:05.1234567Z\n---\n*Hi* there\n",
    "comment-1390304292000.json": '{"name": "Jo", "body": "<p>One</p><p>two</p>"}',
}


def test_staticman_files_of_every_form_are_read(intake: Any) -> None:
    box = intake(["posts/trip"])
    for name, text in FORMS.items():
        box.export(f"trip/{name}", text)
    box.export("trip/broken.yml", "name: [\n")
    box.export("trip/empty.yml", "")

    _, report = box.bring("staticman")

    found = {name.split("/")[-1]: one for name, one in box.comments().items()}
    assert {name: (one["author"], one["date"], one["body"]) for name, one in found.items()} == {
        "yaml.yaml": ("No", "2020-10-23T04:43:01Z", "a\nb\n"),
        "old-python.yaml": ("404", "2012-01-02T13:00:00Z", "Hi\n"),
        "front.yaml": ("Jo", "2019-01-02T03:04:05.123456Z", "*Hi* there\n"),
        "comment-1390304292000.yaml": ("Jo", "2014-01-21T11:38:12Z", "One\n\ntwo\n"),
    }
    left = {one["path"]: one["notes"][0] for one in report[:-1] if one["outcome"] == "left"}
    assert left["trip/empty.yml"] == "it holds no `key: value` lines"
    assert "trip/broken.yml" in left


def test_jekyll_replies_by_id(intake: Any) -> None:
    box = intake(["posts/trip"])
    box.export(
        "trip/dsq-1.yml",
        "id: dsq-1\ndate: 2004-09-10T04:13:00.0000000-07:00\nname: Al\nmessage: <p>Hi<br><br></p>\n",
    )
    box.export(
        "trip/2720e784.yml",
        "id: 2720e784\ndate: 2021-01-01\nname: true\nreplyToId: dsq-1\nmessage: '*yes*'\n",
    )

    done, _ = box.bring("jekyll")

    assert done.returncode == 0
    assert box.comment("posts/trip/dsq-1")["body"] == "Hi\n"
    assert box.comment("posts/trip/2720e784") == {
        "author": "true",
        "date": "2021-01-01T00:00:00Z",
        "reply_to": "dsq-1",
        "format": "markdown",
        "body": "*yes*\n",
    }


def test_our_own_lines_are_held_to_the_schema(intake: Any) -> None:
    box = intake(["posts/trip"])
    box.export("a.jsonl", "\n".join((
        json.dumps({"article": "posts/trip", "id": "a", "date": "2020-01-01T00:00:00Z", "author": "Jo", "body": "x"}),
        json.dumps({"article": "posts/trip", "id": "../b", "date": "2020-01-01T00:00:00Z", "author": "Jo", "body": "x"}),
        json.dumps({"article": "posts/trip", "id": "c", "date": "2020-01-01T00:00:00Z", "author": "Jo", "mail": "x"}),
        "[]",
    )))  # fmt: skip

    done, report = box.bring("jsonl")

    assert list(box.comments()) == ["posts/trip/a.yaml"]
    assert [line["line"] for line in report[:-1] if line["outcome"] == "left"] == [4, 2, 3]
    assert "unknown key `mail`" in done.stderr


def test_a_line_that_is_no_json_ends_the_import_with_its_line(intake: Any) -> None:
    box = intake(["posts/trip"])
    line = {"article": "posts/trip", "id": "a", "date": "2020-01-01", "author": "Jo", "body": "x"}
    box.export("a.jsonl", json.dumps(line) + "\n{nonsense\n")

    done, _ = box.bring("jsonl")

    assert done.returncode == 1
    assert "a.jsonl:2:1: error: this line is not JSON" in done.stderr
    assert box.comments() == {}


def test_records_of_json_are_told_by_their_lines_however_it_is_written() -> None:
    data = (
        b'[{"id": "a\\u00e9", "x": 1},\n{"id" : 7},\n\n{"id":"b", "user": {"id": "c"}},\n'
        b'{"id": "b"}, {"id": "q\\"}"},\n{"id": "a\\u00e9"}]'
    )
    lines = Lines("x.json", data)
    asked = ["a\u00e9", 7, "b", "c", "b", 'q"}', "nowhere", "a\u00e9", "b"]

    assert [lines.of("id", one).line for one in asked] == [1, 2, 4, 4, 4, 5, 0, 6, 4]


def test_a_file_that_is_too_large_to_be_read_whole_is_told_with_a_cure(
    intake: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "_MOST", 1 << 20)
    box = intake(["posts/trip"])
    place = box.export("big.json", b" " * ((1 << 20) + 1))

    with pytest.raises(SiteError) as raised:
        list(commento.found_in(exports.Exports((place,))))

    (problem,) = raised.value.problems
    assert problem.message == "the file holds more than 1 MiB"
    assert problem.hint.startswith("split it into files of whole records")
