from __future__ import annotations

import hashlib
import os
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.build.manifest import MANIFEST
from sitegen.build.output import STAGING, OutputFolder
from sitegen.errors import SiteError


def put(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(path, encoding="utf-8")


def publish(root: Path, files: dict[str, str]) -> tuple[list[str], int, list[str]]:
    """Commit files, and return what was changed, how many were not, and what was removed."""
    with OutputFolder(root) as folder:
        staged = [folder.stage(path, text.encode()) for path, text in files.items()]
        planned = {one.path: one.sha256 for one in staged}
        written = folder.commit(planned, [one.path for one in staged if one.changed])
    return list(written.changed), written.unchanged, list(written.removed)


def found(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }


def test_what_is_committed_is_there_and_nothing_else(tmp_path: Path) -> None:
    assert publish(tmp_path, {"index.html": "a", "b/c.html": "d"}) == (
        ["b/c.html", "index.html"],
        0,
        [],
    )
    assert found(tmp_path) == {"b/c.html": "d", "index.html": "a"}


def test_what_is_the_same_is_not_written_again(tmp_path: Path) -> None:
    publish(tmp_path, {"a": "1", "b": "2"})
    before = (tmp_path / "a").stat()

    assert publish(tmp_path, {"a": "1", "b": "3"}) == (["b"], 1, [])
    after = (tmp_path / "a").stat()
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)


def test_what_is_no_longer_planned_is_removed_with_its_empty_folders(tmp_path: Path) -> None:
    publish(tmp_path, {"a/b/c": "1", "a/d": "2"})

    assert publish(tmp_path, {"a/d": "2"}) == ([], 1, ["a/b/c"])
    assert not (tmp_path / "a/b").exists()


def test_what_others_put_there_is_never_touched(tmp_path: Path) -> None:
    publish(tmp_path, {"a/b": "1"})
    put(tmp_path, "a/CNAME", ".nojekyll", "mine/x")
    publish(tmp_path, {"c": "2"})

    assert found(tmp_path) == {
        ".nojekyll": ".nojekyll",
        "a/CNAME": "a/CNAME",
        "c": "2",
        "mine/x": "mine/x",
    }


FOREIGN = {
    "file": ("a", "a"),
    "file in a folder": ("a/b", "a/b"),
    "file where a folder is wanted": ("a", "a/b"),
    "file where a deep folder is wanted": ("a/b", "a/b/c/d"),
    "folder where a file is wanted": ("a/b", "a"),
    "the same bytes": ("a", "a"),
}


@pytest.mark.parametrize(("theirs", "ours"), FOREIGN.values(), ids=FOREIGN)
def test_a_file_of_others_in_the_way_is_a_problem_before_anything_is_written(
    tmp_path: Path, theirs: str, ours: str
) -> None:
    put(tmp_path, theirs)
    before = found(tmp_path)

    with pytest.raises(SiteError) as refused:
        publish(tmp_path, {"first": "1", ours: "2"})

    assert [problem.code for problem in refused.value.problems] == ["foreign-output"]
    assert found(tmp_path) == before


@pytest.mark.parametrize("ours", ["link", "link/x", "link/x/y", "link/new"])
def test_a_link_in_the_output_folder_leads_nobody_out_of_it(tmp_path: Path, ours: str) -> None:
    root = tmp_path / "output"
    put(tmp_path, "elsewhere/x")
    root.mkdir()
    (root / "link").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(SiteError):
        publish(root, {ours: "evil"})

    assert found(tmp_path / "elsewhere") == {"x": "elsewhere/x"}


def test_a_file_may_become_a_folder_and_the_other_way_round(tmp_path: Path) -> None:
    publish(tmp_path, {"a": "1", "b/c/d": "2"})
    publish(tmp_path, {"a/x": "3", "b": "4"})

    assert found(tmp_path) == {"a/x": "3", "b": "4"}


def test_empty_folders_of_others_may_become_a_file(tmp_path: Path) -> None:
    (tmp_path / "a/b/c").mkdir(parents=True)
    publish(tmp_path, {"a": "1"})

    assert found(tmp_path) == {"a": "1"}


def test_a_damaged_output_is_written_again(tmp_path: Path) -> None:
    publish(tmp_path, {"a": "1", "b": "2"})
    (tmp_path / "a").write_text("x", encoding="utf-8")
    (tmp_path / "b").unlink()

    assert publish(tmp_path, {"a": "1", "b": "2"})[0] == ["a", "b"]


def test_nothing_remains_of_what_was_staged_but_not_committed(tmp_path: Path) -> None:
    root = tmp_path / "output"
    with OutputFolder(root) as folder:
        folder.stage("a", b"1")

    assert not root.exists()


def test_the_manifest_is_what_sha256sum_reads(tmp_path: Path) -> None:
    publish(tmp_path, {"b": "2", "a/c": "1"})

    digests = [hashlib.sha256(text).hexdigest() for text in (b"1", b"2")]

    assert (tmp_path / MANIFEST).read_text(
        encoding="utf-8"
    ) == f"{digests[0]}  a/c\n{digests[1]}  b\n"


MARK = "0" * 64
LINES_THAT_LEAD_OUT = [f"{MARK}  ../victim", f"{MARK}  a/../../victim", f"{MARK}  /victim", f"{MARK}  C:/victim",
                       "0  victim", "victim", f"{MARK}  ", f"{MARK}  .", ""]  # fmt: skip


@pytest.mark.parametrize("line", LINES_THAT_LEAD_OUT)
def test_a_line_of_the_manifest_that_leads_elsewhere_deletes_nothing(
    tmp_path: Path, line: str
) -> None:
    root = tmp_path / "output"
    put(tmp_path, "victim", "output/victim")
    (root / MANIFEST).write_text(f"{line}\n", encoding="utf-8")
    publish(root, {"a": "1"})

    assert (tmp_path / "victim").exists()
    assert (root / "victim").exists()


def test_the_manifest_of_another_folder_deletes_only_what_is_named_here(tmp_path: Path) -> None:
    other, root = tmp_path / "other", tmp_path / "output"
    publish(other, {"x": "1", "y/z": "2"})
    put(root, "mine", "y/mine")
    (root / MANIFEST).write_bytes((other / MANIFEST).read_bytes())
    publish(root, {"a": "1"})

    assert found(root) == {"a": "1", "mine": "mine", "y/mine": "y/mine"}
    assert found(other) == {"x": "1", "y/z": "2"}


def test_a_line_that_names_a_folder_deletes_nothing(tmp_path: Path) -> None:
    put(tmp_path, "folder/mine")
    (tmp_path / MANIFEST).write_text(f"{MARK}  folder\n", encoding="utf-8")
    publish(tmp_path, {"a": "1"})

    assert found(tmp_path)["folder/mine"] == "folder/mine"


def test_a_line_that_leads_through_a_link_deletes_nothing(tmp_path: Path) -> None:
    root = tmp_path / "output"
    put(tmp_path, "elsewhere/x", "output/y")
    (root / "link").symlink_to(tmp_path / "elsewhere")
    (root / MANIFEST).write_text(f"{MARK}  link/x\n", encoding="utf-8")
    publish(root, {"a": "1"})

    assert found(tmp_path / "elsewhere") == {"x": "elsewhere/x"}


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"{}", b"\n\n"])
def test_a_damaged_manifest_deletes_nothing(tmp_path: Path, content: bytes) -> None:
    put(tmp_path, "mine")
    (tmp_path / MANIFEST).write_bytes(content)
    publish(tmp_path, {"a": "1"})

    assert found(tmp_path) == {"a": "1", "mine": "mine"}


KILLED = """
import os, sys
from pathlib import Path
from sitegen.build.output import OutputFolder

calls = 0
def killer(event, arguments):
    global calls
    if event in {"os.rename", "os.remove"}:
        calls += 1
        if calls == int(sys.argv[2]):
            os._exit(9)

sys.addaudithook(killer)
with OutputFolder(Path(sys.argv[1])) as folder:
    staged = [folder.stage(path, b"second") for path in ("index.html", "a/b", "new/x", "new/y", "z")]
    folder.commit({one.path: one.sha256 for one in staged}, [one.path for one in staged if one.changed])
"""


@pytest.mark.parametrize("step", range(1, 8))
def test_a_build_that_was_killed_is_repaired_by_the_next(
    tmp_path: Path, repository: Path, step: int
) -> None:
    root = tmp_path / "output"
    publish(root, {"index.html": "first", "a/b": "first", "old/x": "first"})
    put(root, "mine")
    script = tmp_path / "killed.py"
    script.write_text(textwrap.dedent(KILLED), encoding="utf-8")
    command = [sys.executable, str(script), str(root), str(step)]
    done = subprocess.run(command, env={"PYTHONPATH": str(repository)}, check=False, timeout=30)
    wanted = dict.fromkeys(("index.html", "a/b", "new/x", "new/y", "z"), "third")

    assert done.returncode in {0, 9}
    publish(root, wanted)
    assert found(root) == {**wanted, "mine": "mine"}
    assert not (root / STAGING).exists()


def test_the_table_of_kills_reaches_beyond_the_first_step(tmp_path: Path) -> None:
    """Steps 1 to 7 above are the manifest, a removal, the moves and the manifest again."""
    publish(tmp_path, {"index.html": "first", "a/b": "first", "old/x": "first"})
    moves: list[str] = []

    def count(event: str, arguments: object) -> None:
        if event in {"os.rename", "os.remove"} and moves[-1:] != ["stop"]:
            moves.append(event)

    sys.addaudithook(count)
    publish(tmp_path, dict.fromkeys(("index.html", "a/b", "new/x", "new/y", "z"), "second"))
    made = list(moves)
    moves.append("stop")  # a hook cannot be taken off

    assert 5 <= len(made) <= 8


NAMES = st.sampled_from(["a", "b", "c", "a/x", "a/y", "b/x/z", "c/x"])


@given(
    st.lists(
        st.dictionaries(NAMES, st.sampled_from(["1", "2"]), max_size=5), min_size=1, max_size=4
    )
)
def test_after_any_builds_there_is_exactly_what_the_last_one_planned(
    tmp_path_factory: pytest.TempPathFactory, builds: list[dict[str, str]]
) -> None:
    root = tmp_path_factory.mktemp("output")
    for files in builds:
        consistent = {
            path: text
            for path, text in files.items()
            if not any(other.startswith(f"{path}/") for other in files)
        }
        publish(root, consistent)

        assert found(root) == consistent


def test_published_files_can_be_read_by_a_web_server(tmp_path: Path) -> None:
    old = os.umask(0o022)
    try:
        publish(tmp_path, {"a": "1"})
    finally:
        os.umask(old)

    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o644
