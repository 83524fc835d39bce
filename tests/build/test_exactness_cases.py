"""Cases in which an incremental build was once not the clean build, each kept for ever.

`tests/test_incremental_builds_are_exact.py` tells random stories and finds such cases.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sitegen import disk
from sitegen.build import engine, making, output, pipeline, render
from sitegen.model.schedule import Clock

MANIFEST = ".sitegen-manifest"
CLOCK = Clock(dt.datetime(2024, 6, 1, 12, tzinfo=dt.UTC))
ARTICLE = "---\ntitle: {0}\ndate: 2024-05-20 23:30\n---\nText of {0}.\n"
FILES = {
    "content/a.md": ARTICLE.format("One"),
    "content/b.md": ARTICLE.format("Two"),
    "comments/a/c1.yaml": "author: Ada\ndate: 2024-05-21\nbody: Yes.\n",
    "static/hand.txt": "by hand",
}


def all_files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def is_exact(site: Any, **options: Any) -> bool:
    """Build, and return whether the output is byte for byte what a clean build makes."""
    report = site.build(**options)
    made = all_files(site.output)
    site.output = site.root / "clean"
    clean = site.build(remember=False, **options)
    expected = all_files(site.output)
    site.output = site.root / "output"
    assert report.problems == clean.problems
    assert sorted(made) == sorted(expected)
    return made == expected


def settle() -> None:
    """Let stamps grow old enough to be trusted."""
    time.sleep(0.08)


@pytest.fixture
def built(site: Callable[..., Any]) -> Any:
    """A small site whose first build is settled."""
    made = site(FILES)
    settle()
    made.build()
    settle()
    made.build()
    return made


def test_another_time_zone_moves_the_dates_of_files_that_have_not_changed(built: Any) -> None:
    built.write({"config.yaml": "title: T\nbase_url: https://example.org/\ntimezone: Asia/Tokyo\n"})

    assert is_exact(built)
    assert "2024-05-20T14:30:00Z" in built.text("feed.xml")


def change_memory(site: Any, *statements: str) -> None:
    connection = sqlite3.connect(site.root / ".sitegen/memory.sqlite")
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def test_a_head_whose_seal_is_broken_is_read_anew(built: Any) -> None:
    """An article was left out in silence, a thread stopped the build with a traceback."""
    change_memory(built, "UPDATE head SET data = CAST('damaged' AS BLOB)", "DELETE FROM state")

    assert is_exact(built)


def test_keys_that_are_no_bytes_are_as_if_not_there(built: Any) -> None:
    change_memory(built, "UPDATE head SET key = 'text'||hex(key)")
    built.write({"content/a.md": ARTICLE.format("Other")})

    assert is_exact(built)


def test_another_version_of_the_tool_renders_everything_anew(
    built: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fingerprint of a view was compared without the tool that had shown it."""
    shutil.rmtree(built.root / ".sitegen")
    actual = render.Renderer.render
    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "engine_digest", lambda: b"another version")
        patch.setattr(render.Renderer, "render", lambda *args: actual(*args) + b"<!-- 0.0.1 -->")
        built.build()

    assert is_exact(built)


@pytest.mark.parametrize("content", [None, b"", b"garbage", b"\xff", b"more\n"])
def test_a_manifest_that_is_damaged_is_written_again_though_nothing_has_changed(
    built: Any, content: bytes | None
) -> None:
    manifest = built.output / MANIFEST
    if content is None:
        manifest.unlink()
    else:
        manifest.write_bytes((manifest.read_bytes() if content == b"more\n" else b"") + content)

    assert is_exact(built)


@pytest.mark.parametrize("rest", [".sitegen-staging/draft/index.html", f"{MANIFEST}.new"])
def test_the_rest_of_a_killed_build_is_removed_though_nothing_has_changed(
    built: Any, rest: str
) -> None:
    """It lies in the folder that is published, and may hold drafts."""
    place = built.output / rest
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("secret", encoding="utf-8")

    assert is_exact(built)


def test_what_a_killed_build_published_with_other_options_is_taken_back(built: Any) -> None:
    """With --drafts it was killed when the draft was in place and nothing else had changed."""
    built.write({"content/draft.md": "---\ntitle: Draft\nunlisted: true\ndraft: true\n---\n"})
    built.build()
    settle()
    built.build()
    manifest = built.output / MANIFEST
    text = manifest.read_text(encoding="utf-8")
    built.write({"output/draft/index.html": "draft"})
    manifest.write_text(f"{text}{'0' * 64}  draft/index.html\n", encoding="utf-8")

    assert is_exact(built)
    assert not (built.output / "draft").exists()


@pytest.mark.parametrize("columns", ["one, two, three", "one, two", "key, data, name"])
@pytest.mark.parametrize("table", ["head", "value", "state"])
def test_a_memory_that_refuses_to_be_written_is_replaced(
    built: Any, table: str, columns: str
) -> None:
    """It was kept, so that every build from then on was a full one."""
    change_memory(built, f"DROP TABLE {table}", f"CREATE TABLE {table} ({columns})")
    built.write({"content/a.md": ARTICLE.format("Other")})

    assert is_exact(built)
    assert built.build().rendered == 0


def test_a_damaged_file_of_the_memory_is_replaced(built: Any) -> None:
    memory = built.root / ".sitegen/memory.sqlite"
    data = memory.read_bytes()
    memory.write_bytes(data[:4096] + b"\xaa" * (len(data) - 4096))

    assert is_exact(built)
    assert built.build().rendered == 0


def test_a_file_of_the_memory_that_is_in_use_is_not_replaced(built: Any) -> None:
    memory = built.root / ".sitegen/memory.sqlite"
    before = memory.stat().st_ino
    holder = sqlite3.connect(memory)
    holder.execute("BEGIN EXCLUSIVE")

    assert is_exact(built)
    assert memory.stat().st_ino == before
    holder.close()


def test_builds_without_memory_wait_for_each_other(built: Any) -> None:
    """They staged in the same folder, and each threw away what the other had there."""
    import fcntl

    name = next((built.root / ".sitegen").glob("*.lock"))
    waited = []
    with name.open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)

        def let_go() -> None:
            waited.append(True)
            fcntl.flock(held, fcntl.LOCK_UN)

        pipeline.build(
            pipeline.Options(built.root, built.output, CLOCK, remember=False), waiting=let_go
        )

    assert waited == [True]


@pytest.mark.parametrize("many", [0, 500])
def test_an_output_that_was_altered_while_a_build_ran_is_not_taken_for_what_was_built(
    built: Any, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    actual = output.OutputFolder.commit

    def altering(self: Any, *args: Any) -> Any:
        (built.output / "hand.txt").write_text("altered", encoding="utf-8")
        return actual(self, *args)

    built.write({"content/a.md": ARTICLE.format("Other")})
    with monkeypatch.context() as patch:
        patch.setattr(making, "_MANY", many)
        patch.setattr(output.OutputFolder, "commit", altering)
        built.build()
    settle()

    assert is_exact(built)


@pytest.fixture
def whole_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system that stamps files with whole seconds."""
    actual = disk._stamp

    def coarse(info: os.stat_result) -> tuple[int, int, int, int]:
        size, changed, touched, inode = actual(info)
        return size, changed // 10**9 * 10**9, touched // 10**9 * 10**9, inode

    monkeypatch.setattr(disk, "_stamp", coarse)


@pytest.mark.usefixtures("whole_seconds")
@pytest.mark.parametrize("path", ["content/a.md", "comments/a/c1.yaml", "output/a/index.html"])
def test_an_edit_of_equal_size_within_one_tick_is_seen(site: Callable[..., Any], path: str) -> None:
    made = site(FILES)
    for _ in range(3):
        made.build()
        place = made.root / path
        text = place.read_text(encoding="utf-8")
        place.write_text(text.replace("es", "se").replace("ex", "xe"), encoding="utf-8")

        assert is_exact(made)


@pytest.mark.parametrize("path", ["content/a.md", "comments/a/c1.yaml", "output/a/index.html"])
def test_an_edit_of_equal_size_whose_time_is_put_back_is_seen(built: Any, path: str) -> None:
    place = built.root / path
    info = place.stat()
    place.write_text(place.read_text(encoding="utf-8").replace("es", "se"), encoding="utf-8")
    os.utime(place, ns=(info.st_atime_ns, info.st_mtime_ns))
    settle()

    assert is_exact(built)


def test_two_results_that_were_swapped_are_not_taken_for_each_other(built: Any) -> None:
    change_memory(
        built,
        "UPDATE head SET data = (SELECT data FROM head ORDER BY key LIMIT 1)",
        "UPDATE value SET data = (SELECT data FROM value ORDER BY key LIMIT 1)",
        "DELETE FROM state",
    )

    assert is_exact(built)


def test_a_value_that_is_damaged_is_made_anew(built: Any) -> None:
    change_memory(built, "UPDATE value SET data = substr(data, 1, length(data) - 1) || x'00'")
    built.write({"config.yaml": "title: T\nbase_url: https://other.example/\n"})

    assert is_exact(built)


def test_two_equal_files_are_two_documents(built: Any) -> None:
    built.write({"content/copy.md": FILES["content/a.md"]})

    assert is_exact(built)


def test_a_comment_that_is_renamed_gets_another_anchor(built: Any) -> None:
    built.write({"comments/a/c2.yaml": FILES["comments/a/c1.yaml"], "comments/a/c1.yaml": None})

    assert is_exact(built)
    assert "comment-c2" in built.text("a/index.html")


def test_a_comment_that_is_copied_to_another_article_speaks_of_that(built: Any) -> None:
    built.write({"comments/b/c1.yaml": FILES["comments/a/c1.yaml"]})

    assert is_exact(built)


def test_a_faulty_comment_stops_the_build_though_it_was_once_left_out(built: Any) -> None:
    skip = "title: T\nbase_url: https://example.org/\ncomments:\n  invalid: skip\n"
    built.write({"comments/a/c2.yaml": "author: nobody\n", "config.yaml": skip})
    assert is_exact(built)
    built.write({"config.yaml": "title: T\nbase_url: https://example.org/\n"})
    before = all_files(built.output)

    assert built.build().written is None
    assert all_files(built.output) == before


def test_a_text_format_that_is_changed_reads_old_comments_anew(built: Any) -> None:
    text = "title: T\nbase_url: https://example.org/\nformats:\n  own:\n    allowed_html: <{}>\n"
    comment = "author: Ada\ndate: 2024-05-21\nformat: own\nbody: <em>a</em> <cite>b</cite>\n"
    built.write({"config.yaml": text.format("em"), "comments/a/c1.yaml": comment})
    assert is_exact(built)
    built.write({"config.yaml": text.format("cite")})

    assert is_exact(built)


def test_two_output_folders_keep_two_states(built: Any) -> None:
    other = built.root / "preview"
    for base_url in ("https://preview.example/", None):
        built.output = other
        built.build(base_url=base_url)
        first = all_files(other)
        built.output = built.root / "output"
        assert is_exact(built)
        assert built.build().written.changed == ()
        assert all_files(other) == first


def test_new_rules_of_time_zones_are_another_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digests = []
    monkeypatch.setattr(engine.zoneinfo, "TZPATH", (str(tmp_path / "none"), str(tmp_path)))
    for version in ("", "# version 2026a\n", "# version 2026b\n", "# version 2026b\nmore\n"):
        (tmp_path / "tzdata.zi").write_text(version, encoding="utf-8")
        digests.append(engine.engine_parts.__wrapped__())

    assert len(set(digests)) == 3
    assert digests[2] == digests[3]


def test_a_key_that_is_no_taxonomy_any_more_is_a_problem_of_files_that_have_not_changed(
    built: Any,
) -> None:
    text = "title: T\nbase_url: https://example.org/\ntaxonomies: [{}]\n"
    article = "---\ntitle: A\ndate: 2024-05-20\nplaces: [Alps]\n---\n"
    built.write({"config.yaml": text.format("places"), "content/a.md": article})
    assert is_exact(built)
    built.write({"config.yaml": text.format("topics")})

    assert built.build().written is None


def _touch_all(*folders: Path) -> None:
    """Give every file the times and the inode of a fresh checkout."""
    for place in (place for folder in folders for place in sorted(folder.rglob("*"))):
        if place.is_file() and ".sitegen" not in place.relative_to(place.anchor).parts:
            content = place.read_bytes()
            place.unlink()
            place.write_bytes(content)


def test_a_fresh_checkout_of_the_same_files_has_nothing_to_do(
    built: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _touch_all(built.root)
    monkeypatch.setattr(making, "make", lambda *_: pytest.fail("there is something to do"))

    report = built.build()

    assert report.rendered == 0
    assert report.written.changed == ()


@pytest.mark.parametrize(
    ("path", "words", "others"),
    [
        ("content/a.md", "Text of", "More of"),
        ("comments/a/c1.yaml", "Yes.", "Non."),
        ("static/hand.txt", "by hand", "by foot"),
    ],
)
def test_one_change_in_a_fresh_checkout_is_seen(
    built: Any, path: str, words: str, others: str
) -> None:
    _touch_all(built.root)
    built.write({path: (built.root / path).read_text().replace(words, others)})

    assert is_exact(built)


@pytest.mark.parametrize("path", ["a/index.html", MANIFEST])
def test_an_output_that_was_altered_in_a_fresh_checkout_is_made_again(
    built: Any, path: str
) -> None:
    _touch_all(built.root)
    (built.output / path).write_bytes(b"altered")

    assert is_exact(built)
