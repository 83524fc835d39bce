"""What leaves a site comes back the same; what is erased leaves nothing of the person."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from sitegen.errors import Location, SiteError
from sitegen.sources.comment_lines import dump_line, read_line
from sitegen.sources.comments import Comment, dump_comment, parse_comment

ARTICLE = "---\ntitle: Trip & more\ndate: 2018-02-19\n---\nHi.\n"
FILES = {
    "content/posts/trip.md": ARTICLE,
    "content/about.md": "---\ntitle: About\n---\nUs.\n",
    "comments/posts/trip/ada.yaml": "author: Ada\ndate: 2018-02-20T10:15:00Z\nurl: https://ada.example/?a=1&b=2\n"
    "body: |\n  One <em>two</em>\n  three & ]]> four\n\n  <blockquote>five</blockquote>\n",
    "comments/posts/trip/jo.yaml": "author: Jo\ndate: 2018-02-21T10:15:00.250000Z\nreply_to: ada\n"
    "format: markdown\nbody: |\n  *Hi* ADA,\n  `List<T>`\n",
    "comments/posts/trip/gone.yaml": "date: 2018-02-19T10:15:00Z\nremoved: true\n",
    "comments/posts/trip/alone.yaml": "date: 2018-02-19T11:15:00Z\nremoved: true\n",
    "comments/posts/trip/late.yaml": "author: ada\ndate: 2018-02-22\nreply_to: gone\nsubject: Aside\nbody: Late\n",
    "comments/about/x.yaml": "author: Al\ndate: 2018-02-22T00:00:00Z\nformat: plain_text\nbody: <b>no</b>\n",
}


@pytest.fixture
def full(site: Callable[..., Any]) -> Any:
    return site(FILES)


def comments_below(root: Path) -> dict[str, Comment]:
    return {
        path.relative_to(root).as_posix(): parse_comment(
            path.relative_to(root).as_posix(), path.read_bytes(), ZoneInfo("UTC")
        )
        for path in sorted((root / "comments").rglob("*.yaml"))
    }


def test_what_is_exported_comes_back_the_same(full: Any, tmp_path: Path) -> None:
    before = comments_below(full.root)
    done = full.cli("comments", "export", "--output", str(tmp_path / "all.jsonl"))
    assert done.returncode == 0, done.stderr
    shutil.rmtree(full.root / "comments")

    done = full.cli("comments", "import", "jsonl", str(tmp_path / "all.jsonl"))

    after = comments_below(full.root)
    assert done.returncode == 0, done.stderr
    assert after == before


def test_every_line_fits_the_schema_that_is_printed(full: Any) -> None:
    schema = json.loads(full.cli("schema", "comment-line").stdout)
    lines = [json.loads(line) for line in full.cli("comments", "export").stdout.splitlines()]

    assert len(lines) == 6
    for line in lines:
        jsonschema.validate(line, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**lines[0], "mail": "x"}, schema)


TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp", "Cn"]), min_size=1, max_size=40
)  # fmt: skip
COMMENTS = st.builds(
    Comment,
    path=st.just("comments/posts/trip/a.yaml"),
    id=st.just("a"),
    target=st.just("posts/trip"),
    date=st.datetimes(dt.datetime(1001, 1, 2), dt.datetime(2999, 1, 1)).map(
        lambda one: one.replace(tzinfo=dt.UTC)
    ),
    author=TEXT,
    body=st.lists(TEXT, min_size=1, max_size=4).map("\n".join),
    reply_to=st.sampled_from(["", "b", "2018-02-20-ada"]),
    subject=st.one_of(st.just(""), TEXT),
    url=st.sampled_from(["", "https://a.example/?b=1&c=%20#d"]),
    format=st.sampled_from(["", "markdown"]),
    source=st.sampled_from(["", "http://b.example/"]),
)


@given(COMMENTS)
def test_any_comment_is_the_same_after_the_round_trip(comment: Comment) -> None:
    try:
        as_file = parse_comment(comment.path, dump_comment(comment).encode(), ZoneInfo("UTC"))
    except SiteError:
        return  # blank names and the like are no comments

    assert read_line(json.loads(dump_line(as_file)), Location("x")) == as_file


def test_wordpress_reads_its_own_structure(full: Any, tmp_path: Path) -> None:
    full.cli("comments", "export", "wordpress", "--output", str(tmp_path / "w.xml"))
    tree = etree.parse(tmp_path / "w.xml")
    wp = "{http://wordpress.org/export/1.2/}"

    assert tree.findtext(f"channel/{wp}wxr_version") == "1.2"
    item = next(one for one in tree.iter("item") if one.findtext("title") == "Trip & more")
    assert item.findtext(f"{wp}post_date") == "2018-02-19 00:00:00"
    assert item.findtext(f"{wp}post_type") == "post"
    rows = {one.findtext(f"{wp}comment_author"): one for one in item.iter(f"{wp}comment")}
    assert "three & ]]> four" in rows["Ada"].findtext(f"{wp}comment_content")
    assert rows["Jo"].findtext(f"{wp}comment_parent") == rows["Ada"].findtext(f"{wp}comment_id")
    assert rows[""].findtext(f"{wp}comment_approved") == "trash"
    assert {one.findtext(f"{wp}comment_author_email") for one in rows.values()} == {""}


@pytest.mark.shared
def test_an_item_has_the_elements_that_the_importer_s_own_samples_have(
    full: Any, tmp_path: Path, shared: Path
) -> None:
    full.cli("comments", "export", "wordpress", "--output", str(tmp_path / "w.xml"))

    def names(place: Path, wanted: str) -> set[str]:
        element = next(
            one for one in etree.parse(place).iter() if etree.QName(one).localname == wanted
        )
        return {etree.QName(one).localname for one in element if isinstance(one.tag, str)}

    sample = shared / "corpora/import/wxr/small-export.xml"
    optional = {
        "description",
        "category",
        "postmeta",
        "comment",
        "commentmeta",
        "comment_meta",
        "post_modified",
        "post_modified_gmt",
    }
    for wanted in ("item", "comment"):
        assert names(sample, wanted) - optional <= names(tmp_path / "w.xml", wanted)


@pytest.mark.parametrize("system", ["wordpress", "disqus"])
def test_what_other_systems_get_can_be_brought_back(full: Any, tmp_path: Path, system: str) -> None:
    place = tmp_path / "out.xml"
    full.cli("comments", "export", system, "--output", str(place))
    shutil.rmtree(full.root / "comments")

    done = full.cli("comments", "import", system, str(place))

    assert done.returncode == 0, done.stderr
    found = {one.author: one for one in comments_below(full.root).values()}
    assert found["Ada"].body == (
        "One <em>two</em>\nthree & ]]> four\n\n<blockquote>five</blockquote>\n"
    )
    assert found["Jo"].reply_to == found["Ada"].id
    assert found["Jo"].body == "<em>Hi</em> ADA,\n<code>List&lt;T></code>\n"
    assert found["Al"].body == "&lt;b>no&lt;/b>\n"
    assert found["Ada"].date == dt.datetime(2018, 2, 20, 10, 15, tzinfo=dt.UTC)


def test_one_person_gets_what_he_wrote_and_nothing_else(full: Any) -> None:
    done = full.cli("comments", "export", "--author", " ADA ")

    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["ada", "late"]


def test_what_is_erased_leaves_a_tombstone_and_the_thread(full: Any) -> None:
    dry = full.cli("comments", "erase", "--author", "Ada", "--dry-run")
    assert "2 comments would be erased" in dry.stderr
    assert comments_below(full.root)["comments/posts/trip/ada.yaml"].author == "Ada"

    done = full.cli("comments", "erase", "--author", "Ada")

    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "comments/posts/trip/ada.yaml",
        "comments/posts/trip/late.yaml",
    ]
    assert "comments/posts/trip/jo.yaml: the name stands in this comment" in done.stderr
    left = comments_below(full.root)
    nobody = msgspec.structs.replace(left["comments/posts/trip/late.yaml"], body="")
    assert (nobody.author, nobody.subject, nobody.removed, nobody.reply_to) == (
        "",
        "",
        True,
        "gone",
    )
    everything = (full.root / "comments/posts/trip/ada.yaml").read_text()
    assert not re.search("ada|two", everything, re.IGNORECASE)
    assert left["comments/posts/trip/jo.yaml"].reply_to == "ada"
    assert "jo" in full.cli("comments", "export").stdout


ODD = "a\x1b[31m::error::b"
"""A folder's name that would speak to a terminal, and to a runner."""


@pytest.mark.parametrize(
    "command",
    [
        ["erase", "--author", "Ada"],
        ["erase", "--author", "Bo"],
        ["remove", f"comments/{ODD}/x.yaml"],
        ["rename", f"comments/{ODD}/x.yaml", "y"],
    ],
    ids=["erase", "mention", "remove", "rename"],
)
@pytest.mark.skipif(sys.platform == "win32", reason="there is no such name there")
def test_names_of_folders_do_not_speak_to_the_terminal(site: Any, command: list[str]) -> None:
    comment = "author: Ada\ndate: 2018-02-20\nbody: Ask Bo.\n"
    box = site({"content/about.md": "---\ntitle: About\n---\n", f"comments/{ODD}/x.yaml": comment})

    done = box.cli("comments", *command)

    assert done.returncode == 0, done.stderr
    assert "comments/a" in done.stdout + done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    assert "::error::" not in done.stdout + done.stderr


def test_comments_of_their_own_repository_are_exported_and_erased(site: Any) -> None:
    apart = {path.replace("comments/", "talk/comments/"): text for path, text in FILES.items()}
    config = "title: Notes\nbase_url: https://notes.example/\ncomments:\n  folder: talk\n"
    box = site({"config.yaml": config, **apart})

    assert len(box.cli("comments", "export").stdout.splitlines()) == 6
    assert box.cli("comments", "erase", "--author", "Ada").returncode == 0
    left = comments_below(box.root / "talk")
    assert [one.removed for one in left.values() if one.id in {"ada", "late", "jo"}] == [
        True,
        False,
        True,
    ]


def test_a_broken_file_is_told_and_the_others_leave(full: Any) -> None:
    full.write({"comments/about/bad.yaml": "author: [\n"})

    done = full.cli("comments", "export")

    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 6
    assert "comments/about/bad.yaml:1:9: error" in done.stderr
    erased = full.cli("comments", "erase", "--author", "Ada")
    assert erased.returncode == 1
    assert comments_below_without_bad(full.root)["comments/posts/trip/ada.yaml"].author == "Ada"


def comments_below_without_bad(root: Path) -> dict[str, Comment]:
    (root / "comments/about/bad.yaml").unlink()
    return comments_below(root)
