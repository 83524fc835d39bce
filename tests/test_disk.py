from __future__ import annotations

import os
from pathlib import Path

import pytest

from sitegen.build.state import is_settled
from sitegen.disk import (
    SourceFile,
    find,
    is_empty,
    look,
    make_folder,
    read,
    scan,
    write_new,
    write_over,
)
from sitegen.errors import SiteError

as_root = os.name == "posix" and os.geteuid() == 0


def listed(root: Path, folder: str = "content") -> tuple[list[str], list[tuple[str, str]]]:
    listing = scan(root, [folder])
    return [file.path for file in listing.files], [
        (p.location.path, p.message) for p in listing.problems
    ]


def put(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(path, encoding="utf-8")


def test_files_are_listed_by_path_whatever_the_file_system_says(tmp_path: Path) -> None:
    put(tmp_path, "content/b.md", "content/a/z.md", "content/a.md", "content/B.md")

    assert listed(tmp_path) == (
        ["content/B.md", "content/a.md", "content/b.md", "content/a/z.md"],
        [],
    )


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert listed(tmp_path) == ([], [])


def test_hidden_files_are_passed_over(tmp_path: Path) -> None:
    put(tmp_path, "content/.git/config", "content/.DS_Store", "content/a.md")

    assert listed(tmp_path)[0] == ["content/a.md"]


def test_hidden_files_that_are_wanted_are_listed_but_never_git_s(tmp_path: Path) -> None:
    put(tmp_path, "static/.well-known/x", "static/.git/config", "static/.DS_Store", "static/a")

    assert [file.path for file in scan(tmp_path, ["static"], hidden=["static"]).files] == [
        "static/a", "static/.well-known/x",
    ]  # fmt: skip


def test_names_in_decomposed_letters_are_composed(tmp_path: Path) -> None:
    put(tmp_path, "content/cafe\u0301.md")

    assert listed(tmp_path)[0] == ["content/caf\u00e9.md"]


def test_a_link_is_a_problem_and_never_followed(tmp_path: Path) -> None:
    put(tmp_path, "secret/key.md", "content/a.md")
    (tmp_path / "content/file.md").symlink_to(tmp_path / "secret/key.md")
    (tmp_path / "content/folder").symlink_to(tmp_path / "secret")
    (tmp_path / "content/loop").symlink_to(tmp_path / "content")
    (tmp_path / "content/nowhere").symlink_to("gone")

    files, problems = listed(tmp_path)

    assert files == ["content/a.md"]
    assert sorted(problems) == [
        (f"content/{name}", "this is a link to somewhere else")
        for name in ("file.md", "folder", "loop", "nowhere")
    ]


def test_a_folder_of_the_site_that_is_itself_a_link_is_a_problem(tmp_path: Path) -> None:
    put(tmp_path, "secret/key.md")
    (tmp_path / "content").symlink_to(tmp_path / "secret")

    assert listed(tmp_path) == ([], [("content", "this is a link to somewhere else")])


def test_a_folder_whose_parent_is_a_link_is_a_problem(tmp_path: Path) -> None:
    put(tmp_path, "elsewhere/mine/theme.yaml")
    (tmp_path / "themes").symlink_to(tmp_path / "elsewhere")

    assert listed(tmp_path, "themes/mine") == ([], [("themes", "this is a link to somewhere else")])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no FIFOs")
def test_a_fifo_is_a_problem_and_hangs_nothing(tmp_path: Path) -> None:
    put(tmp_path, "content/a.md")
    os.mkfifo(tmp_path / "content/pipe.md")

    assert listed(tmp_path) == (
        ["content/a.md"],
        [("content/pipe.md", "this is neither a file nor a folder")],
    )


def test_a_file_where_a_folder_is_expected_is_a_problem(tmp_path: Path) -> None:
    put(tmp_path, "content")

    files, problems = listed(tmp_path)

    assert files == []
    assert [path for path, _ in problems] == ["content"]


@pytest.mark.skipif(as_root, reason="root may read everything")
def test_an_unreadable_folder_is_a_problem(tmp_path: Path) -> None:
    put(tmp_path, "content/locked/a.md")
    (tmp_path / "content/locked").chmod(0)

    assert [path for path, _ in listed(tmp_path)[1]] == ["content/locked"]


@pytest.mark.skipif(as_root, reason="root may read everything")
def test_an_unreadable_file_is_a_problem(tmp_path: Path) -> None:
    put(tmp_path, "content/a.md")
    (tmp_path / "content/a.md").chmod(0)

    with pytest.raises(SiteError, match="cannot be read"):
        read(scan(tmp_path, ["content"]).files[0])


def test_folders_without_end_are_a_problem(tmp_path: Path) -> None:
    put(tmp_path, "content/" + "a/" * 40 + "x.md")

    files, problems = listed(tmp_path)

    assert files == []
    assert [message for _, message in problems] == ["folders are nested more than 32 deep"]


def test_a_file_that_became_a_link_after_it_was_listed_is_not_read(tmp_path: Path) -> None:
    put(tmp_path, "secret", "content/a.md")
    file = scan(tmp_path, ["content"]).files[0]
    (tmp_path / "content/a.md").unlink()
    (tmp_path / "content/a.md").symlink_to(tmp_path / "secret")

    with pytest.raises(SiteError, match="it is a link"):
        read(file)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no FIFOs")
def test_a_file_that_became_a_fifo_after_it_was_listed_hangs_nothing(tmp_path: Path) -> None:
    put(tmp_path, "content/a.md")
    file = scan(tmp_path, ["content"]).files[0]
    (tmp_path / "content/a.md").unlink()
    os.mkfifo(tmp_path / "content/a.md")

    with pytest.raises(SiteError, match="neither a file nor a folder"):
        read(file)


def test_a_large_file_is_read_no_further_than_its_limit(tmp_path: Path) -> None:
    with (tmp_path / "huge.yaml").open("wb") as stream:
        stream.truncate(10**10)  # sparse: takes no room
    (tmp_path / "content").mkdir()
    (tmp_path / "huge.yaml").rename(tmp_path / "content/huge.yaml")

    assert len(read(scan(tmp_path, ["content"]).files[0], limit=64)) == 65


def test_one_file_is_found_where_no_link_leads(tmp_path: Path) -> None:
    put(tmp_path, "secret/x.yaml", "a/x.yaml")
    (tmp_path / "config.yaml").symlink_to(tmp_path / "secret/x.yaml")
    (tmp_path / "b").symlink_to(tmp_path / "secret")

    assert isinstance(find(tmp_path, "a/x.yaml"), SourceFile)
    for path in ("config.yaml", "b/x.yaml", "gone.yaml", "a"):
        assert find(tmp_path, path) is None


def test_a_file_is_written_over_whole_or_not_at_all(tmp_path: Path) -> None:
    put(tmp_path, "a/x.yaml", "b/y.yaml")
    (tmp_path / "c").symlink_to(tmp_path / "b")
    write_over(tmp_path, "a/x.yaml", b"new")
    (tmp_path / "a/.x.yaml.new").mkdir()

    assert (tmp_path / "a/x.yaml").read_bytes() == b"new"
    for path in ("a/x.yaml", "c/y.yaml", "gone.yaml"):
        with pytest.raises(SiteError):
            write_over(tmp_path, path, b"newer")
    assert (tmp_path / "a/x.yaml").read_bytes() == b"new"
    assert (tmp_path / "b/y.yaml").read_bytes() != b"newer"
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == [".x.yaml.new", "x.yaml"]


def test_a_file_that_has_grown_since_it_was_listed_is_read_to_its_end(tmp_path: Path) -> None:
    put(tmp_path, "content/a.md")
    file = scan(tmp_path, ["content"]).files[0]
    with (tmp_path / "content/a.md").open("ab") as stream:
        stream.write(b"more" * 100)

    assert read(file) == (tmp_path / "content/a.md").read_bytes()
    assert len(read(file, limit=64)) > 64


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="this system has no such file")
def test_a_file_that_cannot_be_read_to_its_end_is_a_problem() -> None:
    with pytest.raises(SiteError, match="the file cannot be read"):
        read(SourceFile("content/a.md", "/proc/self/mem", (0, 0, 0, 0)))


def test_files_are_looked_up_without_a_listing_and_past_no_link(tmp_path: Path) -> None:
    put(tmp_path, "secret/x.md", "a/x.md", "a/b/y.md")
    (tmp_path / "away").symlink_to(tmp_path / "secret")

    found = look(
        tmp_path, ["a/x.md", "a/b/y.md", "a", "a/gone.md", "away/x.md", "a/x.md/z", "no/x"]
    )

    assert [file.path for file in found] == ["a/x.md", "a/b/y.md"]
    assert found == [find(tmp_path, file.path) for file in found]


def test_a_folder_is_empty_if_nothing_is_in_it_or_it_is_not_there(tmp_path: Path) -> None:
    put(tmp_path, "a/x.md")

    assert [is_empty(tmp_path / name) for name in ("gone", "a", "a/x.md")] == [True, False, False]


def test_a_folder_is_made_unless_a_file_stands_there(tmp_path: Path) -> None:
    put(tmp_path, "a/x.md")

    assert make_folder(tmp_path / "b/c")
    assert not make_folder(tmp_path / "a/x.md")


def test_a_new_file_takes_no_place_of_another_and_follows_no_link(tmp_path: Path) -> None:
    put(tmp_path, "a/x.md", "secret/x.md")
    (tmp_path / "away").symlink_to(tmp_path / "secret")

    write_new(tmp_path, "b/c/y.md", b"y")
    assert (tmp_path / "b/c/y.md").read_bytes() == b"y"
    with pytest.raises(SiteError, match="the file cannot be written: File exists"):
        write_new(tmp_path, "a/x.md", b"y")
    with pytest.raises(SiteError, match="this is a link to somewhere else"):
        write_new(tmp_path, "away/y.md", b"y")


def test_an_equal_stamp_is_trusted_only_when_it_is_older_than_the_clock_s_tick() -> None:
    second = 1_000_000_000

    assert is_settled((1, 5 * second + 1, 5 * second + 1, 1), 5 * second + 60_000_000)
    assert not is_settled((1, 5 * second + 1, 5 * second + 1, 1), 5 * second + 40_000_000)
    assert not is_settled((1, 5 * second, 5 * second, 1), 6 * second + 60_000_000)
    assert not is_settled((1, second, 5 * second + 1, 1), 5 * second + 40_000_000)
