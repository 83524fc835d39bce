"""The way that all systems share: articles, ids, threads, what is private, all or nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sitegen.commands.console import Progress
from sitegen.errors import Location, SiteError
from sitegen.importers.comments.bringing import bring
from sitegen.importers.comments.exports import Exports
from sitegen.importers.comments.found import Found
from sitegen.importers.comments.threads import placed


def staticman(**keys: object) -> str:
    return json.dumps({"date": "2020-01-02T03:04:05Z", "name": "Jo", "message": "Hi", **keys})


def test_a_comment_becomes_a_file_that_says_the_same(intake: Any) -> None:
    box = intake(["posts/trip"])
    box.export("trip/a.json", staticman(url="https://jo.example/", message="One\r\n\r\ntwo"))

    done, report = box.bring("staticman")

    assert done.returncode == 0, done.stderr
    assert box.comment("posts/trip/a") == {
        "author": "Jo",
        "date": "2020-01-02T03:04:05Z",
        "url": "https://jo.example/",
        "format": "markdown",
        "body": "One\n\ntwo\n",
    }
    assert report[0]["outcome"] == "added"
    assert box.checks() == []


def test_a_second_import_adds_only_what_is_new(intake: Any) -> None:
    box = intake(["posts/trip"])
    box.export("trip/a.json", staticman())
    box.bring("staticman")
    box.export("trip/b.json", staticman(message="New"))

    _, report = box.bring("staticman")

    assert [line.get("outcome") for line in report[:-1]] == ["unchanged", "added"]


def test_a_comment_that_says_something_else_is_written_anew_only_when_asked(intake: Any) -> None:
    box = intake(["posts/trip"])
    box.export("trip/a.json", staticman())
    box.bring("staticman")
    box.export("trip/a.json", staticman(message="Corrected"))

    done, report = box.bring("staticman")
    assert report[0]["outcome"] == "differs"
    assert "-  Hi" in done.stderr
    assert "+  Corrected" in done.stderr
    assert box.comment("posts/trip/a")["body"] == "Hi\n"

    _, report = box.bring("staticman", update=True)
    assert report[0]["outcome"] == "updated"
    assert box.comment("posts/trip/a")["body"] == "Corrected\n"


def test_what_was_removed_here_does_not_come_back(intake: Any) -> None:
    tomb = "date: 2020-01-02T03:04:05Z\nremoved: true\n"
    box = intake(["posts/trip"], **{"comments/posts/trip/a.yaml": tomb})
    box.export("trip/a.json", staticman())

    _, report = box.bring("staticman", update=True)

    assert report[0]["notes"] == ["it was removed here, and stays so"]
    assert "body" not in box.comment("posts/trip/a")


def test_comments_of_their_own_repository_are_brought_there(intake: Any) -> None:
    box = intake(
        ["posts/trip"],
        **{
            "config.yaml": "title: Notes\nbase_url: https://notes.example/\ncomments:\n  folder: talk\n",
            "talk/comments/posts/trip/a.yaml": "author: Jo\ndate: 2020-01-02T03:04:05Z\nbody: Old\n",
        },
    )
    box.export("trip/a.json", staticman())
    box.export("trip/b.json", staticman(message="New"))

    _, report = box.bring("staticman", update=True)

    assert [line.get("outcome") for line in report[:-1]] == ["updated", "added"]
    assert {one.name for one in (box.site.root / "talk").rglob("*")} == {
        "comments", "posts", "trip", "a.yaml", "b.yaml",
    }  # fmt: skip
    assert not (box.site.root / "comments").exists()
    assert box.checks() == []


def test_a_dry_run_writes_nothing(intake: Any, files_below: Any) -> None:
    box = intake(["posts/trip"])
    box.export("trip/a.json", staticman())
    before = files_below(box.site.root)

    done, _ = box.bring("staticman", dry_run=True)

    assert "1 would be added" in done.stdout + done.stderr
    assert files_below(box.site.root) == before


def test_nothing_private_is_written(intake: Any, files_below: Any) -> None:
    box = intake(["posts/trip"])
    secret = {"email": "secret@hidden.example", "ip": "192.0.2.7", "user_agent": "Spy/1.0"}
    address = "https://www.gravatar.com/avatar/8d6d9918acb6e98972b93b3e1c3cad06"
    box.export("trip/a.json", staticman(**secret, avatar=address, url=address))
    box.export("trip/b.json", staticman(name="secret@hidden.example"))
    box.export("trip/c.json", staticman(name="Jo <secret@hidden.example>"))

    _, report = box.bring("staticman")

    everything = b"".join(files_below(box.site.root).values())
    for text in (b"secret@", b"192.0.2.7", b"Spy", b"8d6d9918"):
        assert text not in everything
    assert [box.comment(f"posts/trip/{name}")["author"] for name in "abc"] == ["Jo", "secret", "Jo"]
    kinds = {"e-mail address": 1, "IP address": 1, "user agent": 1, "avatar": 1}
    assert report[-1]["totals"]["left_behind"] == kinds


PAGES = [
    "/2018/02/20/trip.html", "https://old.example/posts/trip/?utm=1#x", "posts/trip", "trip",
    "/old/way/", "/OLD/Way/index.php", "https://example.org/posts/trip/", "2018-02-20-trip", "trip.aspx",
    "/posts/tr%69p",
]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_an_article_is_found_by_all_that_it_is_called(intake: Any, page: str) -> None:
    head = "---\ntitle: Trip\ndate: 2000-01-01\naliases: [/old/way/]\n---\nHi.\n"
    box = intake(["posts/other"], **{"content/posts/trip.md": head})
    box.export("a.json", staticman(_parent=page))

    done, _ = box.bring("staticman", box.exports / "a.json")

    assert list(box.comments()) == ["posts/trip/a.yaml"], done.stderr


def test_pages_that_are_not_found_are_listed_filled_in_and_fed_back(intake: Any) -> None:
    box = intake(["posts/trip", "notes/trip"])
    box.export("trip/a.json", staticman())
    box.export("gone/b.json", staticman())
    pages = box.exports.parent / "pages.map"

    done, report = box.bring("staticman", map=pages)
    assert done.returncode == 1
    assert report[-1]["totals"]["pages_without_article"] == {"gone": 1, "trip": 1}

    text = pages.read_text(encoding="utf-8")
    assert "\ntrip -> \n" in text
    pages.write_text(
        text.replace("trip -> ", "trip -> notes/trip").replace("gone -> ", "gone -> -")
    )
    done, report = box.bring("staticman", map=pages)

    assert done.returncode == 0, done.stderr
    assert list(box.comments()) == ["notes/trip/a.yaml"]
    assert report[-1]["totals"]["left_because"] == {"its page is left out by the map": 1}


def test_a_map_that_names_no_article_is_told_with_its_line(intake: Any) -> None:
    box = intake(["posts/trip"])
    box.export("trip/a.json", staticman())
    pages = box.exports.parent / "pages.map"
    pages.write_text("# mine\ntrip -> posts/trap\n")

    done, _ = box.bring("staticman", map=pages)

    assert done.returncode == 1
    assert ":2:1: error: there is no article `posts/trap`" in done.stderr
    assert box.comments() == {}


def found(name: str, parent: str = "", **keys: Any) -> Found:
    return Found(Location("x"), name, ("trip",), parent=parent, **keys)


def test_a_deleted_comment_is_a_tombstone_only_while_something_answers_it() -> None:
    thread = [
        found("a", removed=True), found("b", "a", removed=True), found("c", "b"),
        found("d", removed=True), found("e", "d", left="spam"),
    ]  # fmt: skip

    rows = placed(thread, lambda _: False)

    assert [row.left for row in rows] == [
        "", "", "", "it was deleted, and nothing answers it", "spam",
    ]  # fmt: skip
    assert [row.parent for row in rows[:3]] == ["", "a", "b"]


def test_a_reply_to_what_is_not_brought_moves_up() -> None:
    thread = [found("a"), found("b", "a", left="spam"), found("c", "b"), found("d", "nowhere")]

    rows = placed(thread, lambda _: False)

    assert [(row.parent, bool(row.notes)) for row in rows if not row.left] == [
        ("", False), ("a", True), ("", True),
    ]  # fmt: skip


def test_replies_in_a_ring_are_cut_once() -> None:
    rows = placed(
        [found("a", "c"), found("b", "a"), found("c", "b"), found("d", "d")], lambda _: False
    )

    assert [row.parent for row in rows] == ["", "a", "b", ""]


def test_a_reply_to_a_comment_of_an_earlier_import_keeps_its_place(intake: Any) -> None:
    box = intake(["posts/trip"])
    first = box.export("trip/a.json", staticman())
    box.bring("staticman", first)
    second = box.export("trip/b.json", staticman(replying_to_uid="a"))

    box.bring("staticman", second)

    assert box.comment("posts/trip/b")["reply_to"] == "a"


def test_when_a_file_is_in_the_way_nothing_is_written(intake: Any, files_below: Any) -> None:
    box = intake(["posts/one", "posts/two"], **{"comments/posts/two": "a file, no folder"})
    box.export("one/a.json", staticman())
    box.export("two/b.json", staticman())
    before = files_below(box.site.root)

    done, _ = box.bring("staticman")

    assert done.returncode == 1
    assert files_below(box.site.root) == before
    assert not (box.site.root / "comments/posts/one").exists()
    assert not (box.site.root / ".sitegen").exists()


def test_a_disk_that_is_full_halfway_leaves_the_site_as_it_was(
    intake: Any, files_below: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = intake(
        ["posts/trip"],
        **{"comments/posts/trip/a.yaml": "author: Jo\ndate: 2020-01-01\nbody: Old\n"},
    )
    for name in "abc":
        box.export(f"trip/{name}.json", staticman())
    before = files_below(box.site.root)
    rename = Path.rename

    def full(self: Path, target: Path) -> Path:
        if self.name == "c.yaml":
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(SiteError, match="nothing was"):
        bring("staticman", Exports((box.exports,)), box.site.root, lambda _: None, update=True)

    assert files_below(box.site.root) == before


def test_no_link_is_followed_out_of_the_site(intake: Any, tmp_path: Path) -> None:
    box = intake(["posts/trip"])
    (tmp_path / "outside").mkdir()
    (box.site.root / "comments").symlink_to(tmp_path / "outside")
    box.export("trip/a.json", staticman())

    done, _ = box.bring("staticman")

    assert done.returncode == 1
    assert "link" in done.stderr
    assert list((tmp_path / "outside").iterdir()) == []


LEFT = [
    ("it has no date", {"date": ""}),
    ("its date `31/31/2000` is none", {"date": "31/31/2000"}),
    ("its text is empty", {"message": " "}),
    (
        "its text has 20,002 characters, at most 20,000 are allowed",
        {"message": "a " * 10_000 + "ab"},
    ),
]


@pytest.mark.parametrize(("reason", "keys"), LEFT)
def test_what_cannot_be_brought_is_told_with_its_reason(
    intake: Any, reason: str, keys: dict[str, str]
) -> None:
    box = intake(["posts/trip"])
    box.export("trip/a.json", staticman(**keys))

    done, report = box.bring("staticman")

    assert report[0]["notes"] == [reason]
    assert f"trip/a.json:1: a: left: {reason}" in done.stderr


def test_a_bar_is_told_how_many_files_are_made(intake: Any) -> None:
    box = intake(["posts/trip", "posts/way"])
    for name in ("trip/a", "trip/b", "way/c", "nowhere/d"):
        box.export(f"{name}.json", staticman())
    told = []
    bring(
        "staticman", Exports((box.exports,)), box.site.root, lambda _: None,
        made=lambda done, total: told.append((done, total)),
    )  # fmt: skip

    assert told == [(2, 3), (3, 3)]


def test_a_bar_is_shown_on_a_terminal_alone_and_ends_with_its_work(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def work() -> str:
        bar = Progress("Writing")
        with bar as step:
            bar.started -= 2
            step(50, 100)
            step(100, 100)
            assert bar.bar is None
        return capsys.readouterr().err

    assert work() == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert "Writing" in work()


KILLED = r"""
import os, pathlib, signal, sys
from sitegen.importers.comments.bringing import bring
from sitegen.importers.comments.exports import Exports

seen = 0
def killing(owner, name):
    real = getattr(owner, name)
    def wrapped(*args, **named):
        global seen
        seen += 1
        if seen == int(sys.argv[3]):
            os.kill(os.getpid(), getattr(signal, sys.argv[4]))
        return real(*args, **named)
    setattr(owner, name, wrapped)
killing(pathlib.Path, "rename")
killing(pathlib.Path, "mkdir")
exports = Exports((pathlib.Path(sys.argv[2]),))
bring("staticman", exports, pathlib.Path(sys.argv[1]), lambda _: None, update=True)
"""


@pytest.mark.parametrize("signal", ["SIGINT", "SIGKILL"])
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_import_that_is_cut_off_anywhere_brings_nothing_or_is_completed_by_the_next(
    intake: Any, files_below: Any, signal: str
) -> None:
    old = "author: Jo\ndate: 2020-01-01\nbody: Old\n"
    box = intake(["posts/trip", "posts/way"], **{"comments/posts/trip/a.yaml": old})
    for name in ("trip/a", "trip/b", "way/c"):
        box.export(f"{name}.json", staticman())
    before = files_below(box.site.root)
    seen = set()
    for step in range(1, 30):
        shutil.rmtree(box.site.root / "comments")
        shutil.rmtree(box.site.root / ".sitegen", ignore_errors=True)
        for path, data in before.items():
            (box.site.root / path).parent.mkdir(parents=True, exist_ok=True)
            (box.site.root / path).write_bytes(data)
        command = [sys.executable, "-c", KILLED, str(box.site.root), str(box.exports)]
        code = subprocess.run(
            [*command, str(step), signal], check=False, stderr=subprocess.PIPE
        ).returncode
        after = files_below(box.site.root)
        if code == 0:
            break
        if signal == "SIGINT":
            assert after == before
            continue
        half = {path for path in after if not path.startswith(".sitegen")} != set(before)
        done, _ = box.bring("staticman", box.export("none/x.json", "{}"))
        seen.add("was cut off" in done.stderr)
        bodies = {name: one["body"] for name, one in box.comments().items()}
        assert bodies in ({"posts/trip/a.yaml": "Old"}, dict.fromkeys(ALL, "Hi\n"))
        assert not half or len(bodies) == 3
        assert not list((box.site.root / ".sitegen").glob("import-*"))

    assert step > 6
    assert code == 0
    assert seen == ({True, False} if signal == "SIGKILL" else set())


ALL = ("posts/trip/a.yaml", "posts/trip/b.yaml", "posts/way/c.yaml")


def test_a_map_may_be_written_by_any_editor(intake: Any) -> None:
    box = intake(["posts/trip"])
    box.export("e.jsonl", json.dumps(LINE) + "\n")
    place = box.export("map.txt", "caf\xe9/trip -> posts/trip\r\n".encode("cp1252"))

    done, _ = box.bring("jsonl", box.exports / "e.jsonl", map=place)

    assert done.returncode == 0, done.stderr
    assert [*box.comments()] == ["posts/trip/a.yaml"]


def test_a_map_that_cannot_be_written_is_told_and_nothing_is_brought(
    intake: Any,
) -> None:
    box = intake(["posts/trip"])
    box.export("e.jsonl", json.dumps({**LINE, "article": "gone"}) + "\n")

    done, _ = box.bring("jsonl", map=box.exports / "no/such/map.txt")

    assert done.returncode == 1
    assert "map.txt: error: the map cannot be written: No such file or directory" in done.stderr
    assert box.comments() == {}


LINE = {
    "id": "a", "article": "caf\xe9/trip", "date": "2020-01-01T00:00:00Z", "author": "Ada", "body": "Hi.",
}  # fmt: skip
