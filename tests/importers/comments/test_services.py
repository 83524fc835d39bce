"""Small exports of services and of mail, in the shapes and with the oddities that real ones have."""

from __future__ import annotations

import gzip
import json
import sqlite3
from pathlib import Path
from typing import Any


def rows_of(box: Any) -> dict[str, tuple[str, str, str]]:
    """Return id -> who wrote it, what it answers, and its text."""
    return {
        Path(name).stem: (
            one.get("author", ""),
            one.get("reply_to", ""),
            one.get("body", "removed"),
        )
        for name, one in box.comments().items()
    }


def reasons(report: list[dict[str, Any]]) -> dict[str, int]:
    return report[-1]["totals"]["left_because"]


def test_isso_is_read_and_never_written(intake: Any) -> None:
    box = intake(["posts/trip"])
    place = box.exports / "comments.db"
    with sqlite3.connect(place) as database:
        database.executescript("""
            create table threads (id integer primary key, uri text, title text);
            create table comments (tid, id integer primary key, parent, created float, mode int,
                                   remote_addr, text, author, email, website);
            insert into threads values (1, '/posts/trip/', 'Trip');
            insert into comments values
                (1, 1, null, 1381432829.5, 4, '127.0.0.0', '', null, null, null),
                (1, 2, 1, 1381432830.0, 1, '127.0.0.0', '*Hi*', 'Jo', 'jo@hidden.example', 'jo.example'),
                (1, 3, null, 1381432831.0, 2, '127.0.0.0', 'wait', 'Al', '', '');
        """)
    database.close()
    before = place.read_bytes()

    done, report = box.bring("isso")

    assert done.returncode == 0, done.stderr
    assert rows_of(box) == {"isso-1": ("", "", "removed"), "isso-2": ("Jo", "isso-1", "*Hi*\n")}
    assert box.comment("posts/trip/isso-1")["date"] == "2013-10-10T19:20:29.500000Z"
    assert box.comment("posts/trip/isso-2")["url"] == "http://jo.example"
    assert reasons(report) == {"it waits for moderation": 1}
    assert place.read_bytes() == before
    assert [path.name for path in box.exports.iterdir()] == ["comments.db"]


def test_a_database_that_is_broken_is_refused(intake: Any) -> None:
    box = intake(["posts/trip"])
    box.export("a.db", b"SQLite format 3\0" + b"\xff" * 4000)

    done, _ = box.bring("isso")

    assert done.returncode == 1
    assert "a.db: error: the database cannot be read" in done.stderr


def remark(number: str, parent: str = "", **keys: Any) -> dict[str, Any]:
    return {
        "id": number, "pid": parent, "text": "<p>Hi</p>", "user": {"name": "Jo", "id": "x", "ip": "abc"},
        "locator": {"site": "s", "url": "https://old.example/trip"}, "time": "2017-12-20T15:18:22-06:00",
        **keys,
    }  # fmt: skip


def test_remark42_backups_are_unpacked_and_prefer_what_was_typed(intake: Any) -> None:
    box = intake(["posts/trip"])
    lines = [
        {"version": 1, "users": [], "posts": []},
        remark("a", delete=True, text=""),
        remark("b", "a", orig="*typed*"),
        remark("c"),
    ]
    box.export("b.gz", gzip.compress("\n".join(map(json.dumps, lines)).encode()))

    _, report = box.bring("remark42")

    assert rows_of(box) == {
        "remark42-a": ("", "", "removed"),
        "remark42-b": ("Jo", "remark42-a", "*typed*\n"),
        "remark42-c": ("Jo", "", "Hi\n"),
    }
    assert report[-1]["totals"]["left_behind"] == {"IP address": 3}


def test_a_tree_of_remark42_is_read_depth_first(intake: Any) -> None:
    box = intake(["posts/trip"])
    tree = {
        "comments": [
            {"comment": remark("a"), "replies": [{"comment": remark("b", "a")}]},
            {"comment": remark("c")},
        ]
    }
    box.export("t.json", json.dumps(tree, indent=1))

    _, report = box.bring("remark42")

    assert [line["id"] for line in report[:-1]] == ["a", "b", "c"]
    assert rows_of(box)["remark42-b"][1] == "remark42-a"


def test_commento_and_its_anonymous_and_deleted(intake: Any) -> None:
    box = intake(["posts/trip"])
    comment = {
        "domain": "old.example", "url": "/trip", "commenterHex": "anonymous", "markdown": "Hi",
        "html": "", "parentHex": "root", "state": "approved", "deleted": False,
        "creationDate": "2021-03-17T12:09:47.722181Z",
    }  # fmt: skip
    box.export("c.json", json.dumps({"version": 1, "comments": [
        {**comment, "commentHex": "a1", "markdown": "[deleted]"},
        {**comment, "commentHex": "b2", "parentHex": "a1", "commenterHex": "jo"},
        {**comment, "commentHex": "c3", "state": "flagged"}, {**comment, "commentHex": "d4"},
    ], "commenters": [{"commenterHex": "jo", "name": "Jo", "link": "undefined", "email": "j@h.example"}]}))  # fmt: skip

    _, report = box.bring("commento")

    assert rows_of(box) == {
        "commento-a1": ("", "", "removed"),
        "commento-b2": ("Jo", "commento-a1", "Hi\n"),
        "commento-d4": ("Anonymous", "", "Hi\n"),
    }
    assert reasons(report) == {"it is flagged as spam": 1}
    assert box.comment("posts/trip/commento-d4")["source"] == "https://old.example/trip#commento-d4"


def test_comentario_joins_pages_and_people(intake: Any) -> None:
    box = intake(["posts/trip"])
    comment = {"pageId": "p", "markdown": "Hi", "isApproved": True, "isPending": False, "isDeleted": False,
               "createdTime": "2023-01-02T03:04:05Z", "authorIP": "192.0.2.1"}  # fmt: skip
    box.export("c.json", json.dumps({"version": 3, "pages": [{"id": "p", "path": "/trip"}], "comments": [
        {**comment, "id": "11", "userCreated": "u"}, {**comment, "id": "12", "parentId": "11", "authorName": "Al"},
        {**comment, "id": "13", "isApproved": False},
    ], "commenters": [{"id": "u", "name": "Jo", "email": "j@h.example"}]}))  # fmt: skip

    _, report = box.bring("comentario")

    assert rows_of(box) == {
        "comentario-11": ("Jo", "", "Hi\n"),
        "comentario-12": ("Al", "comentario-11", "Hi\n"),
    }
    assert reasons(report) == {"it waits for moderation": 1}


def test_webmentions_that_answer_are_comments(intake: Any) -> None:
    box = intake(["posts/trip"])
    entry = {"type": "entry", "author": {"name": "Jo", "url": "https://jo.example/", "photo": "x"},
             "url": "https://jo.example/1", "published": None, "wm-received": "2019-01-02T03:04:05Z",
             "wm-target": "https://example.org/posts/trip/?x=1#y", "wm-private": False,
             "content": {"html": "<p>Hi</p>", "text": "Hi"}}  # fmt: skip
    box.export("w.json", json.dumps({"type": "feed", "children": [
        {**entry, "wm-id": 1, "wm-property": "in-reply-to"}, {**entry, "wm-id": 2, "wm-property": "like-of"},
        {**entry, "wm-id": 3, "wm-property": "mention-of"},
        {**entry, "wm-id": 4, "wm-property": "in-reply-to", "wm-private": True},
    ]}))  # fmt: skip

    _, report = box.bring("webmention")
    assert rows_of(box) == {"webmention-1": ("Jo", "", "Hi\n")}
    assert reasons(report) == {"it is a like": 1, "it is a mention": 1, "it is private": 1}

    box.bring("webmention", pingbacks=True)
    assert set(rows_of(box)) == {"webmention-1", "webmention-3"}


def status(number: str, above: str, text: str, **keys: Any) -> dict[str, Any]:
    return {
        "id": number, "in_reply_to_id": above, "visibility": "public", "created_at": "2021-11-23T22:52:49.044Z",
        "uri": f"https://social.example/users/jo/statuses/{number}", "url": f"https://social.example/@jo/{number}",
        "content": text, "spoiler_text": "",
        "account": {"username": "jo", "display_name": "Jo", "url": "https://social.example/@jo", "avatar": "x"},
        **keys,
    }  # fmt: skip


def test_mastodon_answers_that_are_public_are_comments(intake: Any) -> None:
    box = intake(["posts/trip"])
    link = '<p><a href="https://a.example/long"><span class="invisible">https://</span><span>a.example/long</span></a></p>'
    box.export("trip.json", json.dumps({"ancestors": [], "descendants": [
        status("2", "1", link), status("3", "2", "<p>b</p>", visibility="private"), status("4", "3", "<p>c</p>"),
        status("5", "1", "<p>d</p>", spoiler_text="Beware", media_attachments=[
            {"url": "https://social.example/m.png", "description": "A map"}]),
    ]}))  # fmt: skip

    _, report = box.bring("mastodon")

    assert rows_of(box) == {
        "mastodon-social.example-2": (
            "Jo",
            "",
            '<a href="https://a.example/long">https://a.example/long</a>\n',
        ),
        "mastodon-social.example-4": ("Jo", "mastodon-social.example-2", "c\n"),
        "mastodon-social.example-5": (
            "Jo",
            "",
            'd\n\n<a href="https://social.example/m.png">A map</a>\n',
        ),
    }
    assert box.comment("posts/trip/mastodon-social.example-5")["subject"] == "Beware"
    assert reasons(report) == {"it is not public": 1}


def test_github_discussions_in_the_shape_of_graphql(intake: Any) -> None:
    box = intake(["posts/trip"])
    base = "https://github.com/o/r/discussions/9"
    author = {"login": "jo", "url": "https://github.com/jo", "avatarUrl": "x"}

    def node(number: int, **keys: Any) -> dict[str, Any]:
        return {"id": f"DC_{number}", "url": f"{base}#discussioncomment-{number}", "author": author,
                "createdAt": "2024-01-01T00:00:00Z", "body": "*Hi*", "isMinimized": False,
                "deletedAt": None, **keys}  # fmt: skip

    discussion = {"id": "D_1", "url": base, "title": "posts/trip/", "comments": {"nodes": [
        node(1, replies={"nodes": [node(2, replyTo={"id": "DC_1"}, author=None)]}), node(3, isMinimized=True),
    ]}}  # fmt: skip
    box.export("d.json", json.dumps({"data": {"repository": {"discussion": discussion}}}))

    _, report = box.bring("github")

    assert rows_of(box) == {
        "github-1": ("jo", "", "*Hi*\n"),
        "github-2": ("ghost", "github-1", "*Hi*\n"),
    }
    assert reasons(report) == {"it was hidden there": 1}


def test_github_issues_join_their_comments_across_files(intake: Any) -> None:
    box = intake(["posts/trip"])
    api = "https://api.github.com/repos/o/r/issues/7"
    issue = {"url": api, "html_url": "https://github.com/o/r/issues/7", "title": "trip", "comments": 2,
             "comments_url": f"{api}/comments", "body": "made by a bot", "id": 1}  # fmt: skip
    comment = {
        "issue_url": api,
        "user": {"login": "jo"},
        "created_at": "2024-01-01T00:00:00Z",
        "body": "a\r\nb",
    }
    pages = [
        [{**comment, "id": n, "html_url": f"https://github.com/o/r/issues/7#issuecomment-{n}"}]
        for n in (5, 6)
    ]
    box.export("a-comments.json", "".join(map(json.dumps, pages)))
    box.export("issues.json", json.dumps([issue]))

    done, _ = box.bring("github")

    assert done.returncode == 0, done.stderr
    assert rows_of(box) == {"github-5": ("jo", "", "a\nb\n"), "github-6": ("jo", "", "a\nb\n")}


D6 = {"comments": [
    {"cid": 1, "pid": 0, "nid": 4, "uid": 0, "subject": "Hi there", "comment": "Hi there, <b>you</b>\nall",
     "hostname": "192.0.2.1", "timestamp": 1421727536, "status": 0, "format": 1, "name": "Jo", "mail": "j@h.example"},
    {"cid": 2, "pid": 1, "nid": 4, "uid": 3, "subject": "Aside", "comment": "no", "timestamp": 1421727537, "status": 1},
], "url_alias": [{"src": "node/4", "dst": "trip"}]}  # fmt: skip
D8 = {"comment_field_data": [
    {"cid": "1", "pid": None, "entity_id": "4", "uid": "0", "subject": "Aside", "created": "1421727536", "status": "1", "name": "Jo"},
    {"cid": "2", "pid": "1", "entity_id": "4", "uid": "3", "subject": "x", "created": "1421727537", "status": "1", "name": None},
    {"cid": "3", "pid": None, "entity_id": "4", "uid": "3", "subject": "x", "created": "1421727537", "status": "0", "name": None},
], "comment__comment_body": [
    {"entity_id": "1", "comment_body_value": "One\n\ntwo", "comment_body_format": "restricted_html"},
    {"entity_id": "2", "comment_body_value": "<T>", "comment_body_format": "plain_text"},
], "users_field_data": [{"uid": "3", "name": "Al"}], "path_alias": [{"path": "/node/4", "alias": "/trip"}]}  # fmt: skip


def test_drupal_6_has_status_the_other_way_round(intake: Any) -> None:
    box = intake(["posts/trip"])
    box.export("d.json", json.dumps(D6))

    _, report = box.bring("drupal")

    assert rows_of(box) == {"drupal-1": ("Jo", "", "Hi there, <strong>you</strong>\nall\n")}
    assert "subject" not in box.comment("posts/trip/drupal-1")
    assert reasons(report) == {"it is not published": 1}


def test_drupal_8_keeps_bodies_and_names_in_tables_of_their_own(intake: Any) -> None:
    box = intake(["posts/trip"])
    box.export("d.json", json.dumps(D8))

    _, report = box.bring("drupal")

    assert rows_of(box) == {
        "drupal-1": ("Jo", "", "One\n\ntwo\n"),
        "drupal-2": ("Al", "drupal-1", "<T>\n"),
    }
    assert box.comment("posts/trip/drupal-1")["subject"] == "Aside"
    assert box.comment("posts/trip/drupal-2")["format"] == "plain_text"
    assert reasons(report) == {"it is not published": 1}


MBOX = b"""From x Mon Sep 17 00:00:00 2001
From: =?utf-8?q?J=C3=B6?= <jo@hidden.example>
To: comments+trip@example.net
Date: Mon, 19 Feb 2018 09:30:00 +0100
Message-ID: <a1@hidden.example>
Subject: First post

>From here on
it goes.

--\x20
Sent from my telephone

From x Mon Sep 17 00:00:01 2001
From: al@hidden.example
Date: Mon, 19 Feb 2018 10:30:00 EST
Message-ID: <a2@hidden.example>
In-Reply-To: <a1@hidden.example>
Subject: Re: First post
Content-Type: text/plain; charset=iso-8859-1; format=flowed
Content-Transfer-Encoding: quoted-printable

One line that =
goes =
on and on.=20
Caf=E9.

On Monday, Jo wrote:
> it goes.
"""


def test_mails_are_comments_threads_and_quotes_apart(intake: Any) -> None:
    box = intake(["posts/trip"])
    box.export("all.mbox", MBOX)

    done, report = box.bring("mbox")

    assert done.returncode == 0, done.stderr
    first, second = sorted(box.comments().values(), key=lambda one: one["date"])
    assert (first["author"], first["body"]) == ("Jö", "From here on\nit goes.\n")
    assert (second["author"], second["body"]) == ("al", "One line that goes on and on. Café.\n")
    assert second["reply_to"] == report[0]["id"]
    assert second["date"] == "2018-02-19T15:30:00Z"
    assert "hidden" not in json.dumps([box.comments(), report])
    assert report[0]["notes"] == ["its signature was left behind"]
    assert report[1]["notes"] == ["the mail that it quotes at its end was left behind"]


def test_a_mail_that_holds_a_comment_s_file_is_that_comment(intake: Any) -> None:
    box = intake(["posts/trip"])
    head = "From: jo@hidden.example\r\nSubject: comments/posts/trip/2024-01-02-jo.yaml\r\n\r\n"
    text = "author: Jo\r\ndate: 2024-01-02T03:04:05Z\r\nbody: |\r\n  One <em>two</em>\r\n\r\n  three\r\n"
    box.export("a.eml", head + text)
    box.export("b.eml", head.replace("2024-01-02-jo", "b") + "author: Jo\r\nmail: x\r\nbody: x\r\n")

    done, _ = box.bring("mbox")

    assert rows_of(box) == {"2024-01-02-jo": ("Jo", "", "One <em>two</em>\n\nthree\n")}
    assert "unknown key `mail`; key `date` is missing" in done.stderr


def test_what_is_another_system_s_file_is_told(intake: Any) -> None:
    box = intake(["posts/trip"])
    box.export("x.json", '{"nothing": 1}')

    for system in ("commento", "comentario", "drupal", "isso", "mastodon"):
        done, _ = box.bring(system)
        assert done.returncode == 1
        assert "x.json" in done.stderr, system
