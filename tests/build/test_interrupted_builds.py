"""Builds that are killed, stopped, starved or run twice at once: the next one is exact.

A build runs in a forked process with an audit hook that counts what it does to the site's
folder: files opened for writing, moved and removed, folders made and removed, and the steps
of SQLite's own machine. At the n-th of them the process kills itself. Nothing is mocked.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and signals")

MANIFEST = ".sitegen-manifest"
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
NAMES = "article page home section tag year tags archive 404 redirect"
BARE = {
    "themes/bare/theme.yaml": "name: Bare\n",
    **{f"themes/bare/templates/{name}.html": "{{ page }}" for name in NAMES.split()},
    **{f"themes/bare/templates/{name}": "{{ page }}" for name in ("atom.xml", "sitemap.xml")},
}
FIRST = {
    **BARE,
    "config.yaml": "title: T\nbase_url: https://example.org/\ntheme: bare\n",
    "content/kept.md": "---\ntitle: Kept\ndate: 2024-05-01\ntags: [a]\n---\nFirst.\n",
    "content/gone/page.md": "---\ntitle: Gone\n---\nFirst.\n",
    "content/secret.md": "---\ntitle: Secret\ndate: 2024-05-02\ndraft: true\n---\nSecret.\n",
    "comments/kept/c1.yaml": "author: Ada\ndate: 2024-05-02\nbody: First.\n",
    "static/place": "a file",
    "static/robots/x.txt": "first",
}
SECOND = {
    "content/kept.md": "---\ntitle: Kept\ndate: 2024-05-01\ntags: [b]\n---\nSecond.\n",
    "content/gone/page.md": None,
    "content/new/page.md": "---\ntitle: New\n---\nSecond.\n",
    "comments/kept/c2.yaml": "author: Jo\ndate: 2024-05-03\nreply_to: c1\nbody: Second.\n",
    "static/place": None,
    "static/place/inner.txt": "now a folder",
    "static/robots/x.txt": "second",
}
BACK = {
    path: FIRST.get(path) for path in sorted(SECOND, key=lambda path: (SECOND[path] is None, path))
}
Tree = dict[str, bytes]


def everything(folder: Path) -> Tree:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def change(site: Any, files: Mapping[str, str | None]) -> None:
    """Write files; where one takes the place of a folder, or the other way round, clear it."""
    for path in (path for path, content in files.items() if content is None):
        (site.root / path).unlink()
        with contextlib.suppress(OSError):
            (site.root / path).parent.rmdir()
    site.write({path: content for path, content in files.items() if content is not None})


class Killer:
    """Counts what a process does to a folder, and lets something happen at the n-th time."""

    def __init__(self, folder: Path, last: int, happens: Callable[[], None]) -> None:
        self.folder = str(folder)
        self.left = last
        self.happens = happens
        sys.addaudithook(self.hear)

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if flags & WRITING and str(path).startswith(self.folder):
                self.step()
        elif event in {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate"}:
            self.step()
        elif event == "sqlite3.connect/handle":
            arguments[0].set_progress_handler(self.step, 100)

    def step(self) -> int:
        self.left -= 1
        if self.left == 0:
            self.happens()
        return 0


def in_a_process(work: Callable[[], object]) -> int:
    """Do something in a forked process; return its exit status, or minus the signal that ended it."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        except KeyboardInterrupt:
            status = 130
        except OSError:
            status = 74
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)


class Pair:
    """A site as it was built first and as it is to be built next, and what clean builds make."""

    def __init__(self, site: Any, scratch: Any) -> None:
        self.scratch = scratch
        self.site = site
        site.build()
        self.first = everything(site.output)
        self.copies = site.root.parent / "copies"
        other = self.copy("clean")
        change(other, SECOND)
        other.build(remember=False, drafts=True)
        self.second = everything(other.output)

    def copy(self, name: str) -> Any:
        """Return a copy of the site after its first build, with the memory of it."""
        folder = self.copies / name
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.site.root, folder)
        return self.scratch(folder)

    def is_usable(self, output: Path) -> None:
        """Every file is the old or the new one; what both have is there."""
        made = everything(output)
        for path, content in made.items():
            if path != MANIFEST and not path.startswith((".sitegen-staging/", f"{MANIFEST}.new")):
                assert content in (self.first.get(path), self.second.get(path)), path
        assert (self.first.keys() & self.second.keys()) <= made.keys()


@pytest.fixture
def pair(
    site: Callable[[Mapping[str, str | bytes | None]], Any], scratch: Callable[[Path], Any]
) -> Pair:
    return Pair(site(FIRST), scratch)


def ends(
    pair: Pair, happens: Callable[[], None], stride: int = 1
) -> Iterator[tuple[int, int, Any]]:
    """Yield step, exit status and site of builds to which something happens, until none is hit."""
    step = 1
    while True:
        site = pair.copy("ended")
        change(site, SECOND)

        def work(site: Any = site, step: int = step) -> None:
            Killer(site.root, step, happens)
            site.build(drafts=True)

        status = in_a_process(work)
        yield step, status, site
        if status == 0:
            return
        step += stride


@pytest.mark.timeout(300)
def test_a_build_killed_at_any_step_leaves_a_usable_site_that_the_next_build_makes_exact(
    pair: Pair,
) -> None:
    step = 0
    for step, status, site in ends(pair, die):
        assert status in {0, -signal.SIGKILL}
        pair.is_usable(site.output)
        if step % 2:
            site.build(drafts=True)
            assert everything(site.output) == pair.second, step
        else:  # what was changed is taken back, and drafts are not wanted any more
            change(site, BACK)
            site.build()
            assert everything(site.output) == pair.first, step

    assert step > 40


@pytest.mark.timeout(300)
def test_a_build_killed_at_any_step_takes_nothing_to_the_next_one_with_other_options(
    pair: Pair,
) -> None:
    """No file has changed since the good build: only the manifest tells of the killed one."""
    step = 0
    for step in range(1, 1000, 3):
        site = pair.copy("ended")
        site.build()

        def work(site: Any = site, step: int = step) -> None:
            Killer(site.root, step, die)
            site.build(drafts=True)

        status = in_a_process(work)
        site.build()
        assert everything(site.output) == pair.first, step
        if status == 0:
            break

    assert step > 20


@pytest.mark.timeout(300)
def test_a_build_that_is_interrupted_leaves_the_old_site_until_it_puts_the_new_one_in_place(
    pair: Pair,
) -> None:
    """Ctrl-C while pages are made leaves every byte of the old site, and nothing staged.

    Only a second one, while that is cleared away, leaves some of it to the next build.
    """
    untouched = 0
    for step, status, site in ends(pair, interrupt, stride=3):
        assert status in {0, 130}
        made = everything(site.output)
        pair.is_usable(site.output)
        untouched += made == pair.first
        site.build(drafts=True)
        assert everything(site.output) == pair.second, step

    assert untouched > 5


@pytest.mark.parametrize("limit", [0, 1, 200, 1000, 2000, 4096, 20_000, 100_000])
def test_a_disk_that_is_full_leaves_a_usable_site(pair: Pair, limit: int) -> None:
    """A limit on the size of files stands for the disk: writing fails in the same places."""
    import resource

    site = pair.copy("full")
    change(site, SECOND)

    def work() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        site.build(drafts=True)

    assert in_a_process(work) in {0, 74}
    pair.is_usable(site.output)
    site.build(drafts=True)
    assert everything(site.output) == pair.second


def as_nobody(folder: Path, work: Callable[[], object]) -> int:
    """Do something in a process that may not write what only root may."""

    def drop() -> None:
        if os.geteuid() == 0:
            os.setuid(65_534)
        work()

    for place in (folder, *folder.parents):
        with contextlib.suppress(OSError):
            if os.geteuid() == 0 and place.stat().st_uid == 0 and "pytest" in str(place):
                place.chmod(0o755)
    return in_a_process(drop)


def test_a_memory_that_cannot_be_written_to_is_done_without(pair: Pair) -> None:
    site = pair.copy("locked")
    change(site, SECOND)
    if os.geteuid() == 0:
        for place in (site.output, *site.output.rglob("*")):
            os.chown(place, 65_534, 65_534)
    for place in (*(site.root / ".sitegen").iterdir(), site.root / ".sitegen"):
        place.chmod(0o555)

    assert as_nobody(site.root, lambda: site.build(drafts=True)) == 0
    assert everything(site.output) == pair.second


@pytest.mark.parametrize("name", ["", "memory.sqlite", "clock", ".lock"])
def test_a_memory_in_whose_place_something_else_stands_is_done_without(
    pair: Pair, name: str
) -> None:
    site = pair.copy("odd")
    change(site, SECOND)
    folder = site.root / ".sitegen"
    if name:
        names = [place.name for place in folder.iterdir() if place.name.endswith(name)]
        for found in names:
            (folder / found).unlink()
            (folder / found / "inner").mkdir(parents=True)
    else:
        shutil.rmtree(folder)
        folder.write_text("a file", encoding="utf-8")

    assert site.build(drafts=True).written
    assert everything(site.output) == pair.second


def start(site: Any, repository: Path, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(repository)}
    return subprocess.Popen(
        [sys.executable, "-m", "sitegen", "build", "--now", "2024-06-01T12:00:00Z", *arguments],
        cwd=site.root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


@pytest.mark.timeout(120)
@pytest.mark.parametrize("others", [("--jobs=1",), ("--no-cache",), ("--output", "else")])
def test_builds_at_once_all_succeed_and_are_exact(
    pair: Pair, repository: Path, others: tuple[str, ...]
) -> None:
    site = pair.copy("twice")
    change(site, SECOND)
    running = [start(site, repository, "--drafts", *more) for more in ((), others, (), others)]
    for process in running:
        told, _ = process.communicate(timeout=100)
        assert process.returncode == 0, told.decode()

    assert everything(site.output) == pair.second
    if "--output" in others:
        assert everything(site.root / "else") == pair.second


@pytest.mark.timeout(120)
def test_builds_at_once_leave_the_result_of_the_last(pair: Pair, repository: Path) -> None:
    site = pair.copy("twice")
    change(site, SECOND)
    running = [start(site, repository, *more) for more in ((), ("--drafts",), ())]
    for process in running:
        told, _ = process.communicate(timeout=100)
        assert process.returncode == 0, told.decode()
    site.build(drafts=True)

    assert everything(site.output) == pair.second


def test_a_memory_that_another_program_holds_is_done_without(pair: Pair) -> None:
    site = pair.copy("held")
    change(site, SECOND)
    with contextlib.closing(sqlite3.connect(site.root / ".sitegen/memory.sqlite")) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        site.build(drafts=True)
        holder.rollback()

    assert everything(site.output) == pair.second
