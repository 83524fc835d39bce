"""Comment files that were made -> the site's folder: all of them, or none."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from sitegen import disk
from sitegen.build.lock import locked
from sitegen.errors import Location, Problem, SiteError

_NEW, _ANEW, _OLD = "new", "anew", "old"
"""Below the folder of what waits: files that are not there yet, that replace one, and that were replaced."""
_BEGUN = "begun"
"""A file that is there from the first move on: without it, nothing of the site was touched."""


class Landing:
    """Files wait beside the site's cache, on the same disk, until all of them are there.

    Then each is moved to its place, which needs no more room and cannot be seen half done.
    Whatever fails on the way is undone, so that the site is as it was. A process that is killed
    before the moves leaves the site as it was, too; one that is killed amid them is made good
    by the next, which moves the rest.
    """

    def __init__(self, root: Path, place: Path) -> None:
        """Take the site's folder, and that in which its comments/ lies."""
        self._root = place
        memory = root / ".sitegen"
        self._made_memory = not memory.exists()
        self._memory = memory
        self._folder: Path | None = None
        self._checked: set[str] = set()
        self._stack = contextlib.ExitStack()
        self.count = 0
        """Files that wait."""
        self.completed = 0
        """Files of an earlier import that was killed amid its moves."""

    def __enter__(self) -> Self:
        if not self._made_memory:
            self._lock()
            for folder in sorted(self._memory.glob("import-*/")):
                if (folder / _BEGUN).exists():
                    self._complete(folder)
                shutil.rmtree(folder, ignore_errors=True)
        return self

    def _lock(self) -> None:
        """Wait until no other import of this site is under way."""
        self._stack.enter_context(locked(self._memory / "import.lock", lambda: None))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._stack.close()
        if self._folder is not None and self._made_memory:
            with contextlib.suppress(OSError):
                (self._memory / "import.lock").unlink()
                self._memory.rmdir()

    def put(self, path: str, text: str, *, replaces: bool = False) -> None:
        """Let a file wait for its place; with `replaces`, one is there already."""
        above = path.rpartition("/")[0]
        if above not in self._checked:
            if link := disk.link_on_the_way(self._root, above):
                raise SiteError(Problem("link", "this is a link to somewhere else", Location(link)))
            self._checked.add(above)
        if self._folder is None:
            if self._made_memory:
                self._lock()
            self._folder = Path(tempfile.mkdtemp(prefix="import-", dir=self._memory))
        disk.write_new(
            self._folder, f"{_ANEW if replaces else _NEW}/{path}", text.encode("utf-8", "replace")
        )
        self.count += 1

    def land(self) -> None:
        """Move every file to its place.

        Raises:
            SiteError: One could not be moved; all that was moved before is back.
        """
        if self._folder is None:
            return
        folders: list[Path] = []
        path = ""
        journal = self._folder / _BEGUN
        try:
            with journal.open("w", encoding="utf-8") as moved:
                for path in _files(self._folder / _NEW):
                    folders += _make_folders((self._root / path).parent)
                    self._bring(path, moved)
                for path in _files(self._folder / _ANEW):
                    self._exchange(path)
        except OSError as error:
            self._undo(journal, folders)
            message = f"the file cannot be written: {error.strerror}; nothing was"
            raise SiteError(Problem("file", message, Location(path))) from None
        except BaseException:
            self._undo(journal, folders)
            raise

    def _bring(self, path: str, moved: IO[str]) -> None:
        assert self._folder is not None
        place = self._root / path
        if place.is_symlink() or place.exists():
            raise FileExistsError(errno.EEXIST, "it is there already")
        moved.write(f"{path}\n")
        (self._folder / _NEW / path).rename(place)

    def _exchange(self, path: str) -> None:
        assert self._folder is not None
        old = self._folder / _OLD / path
        old.parent.mkdir(parents=True, exist_ok=True)
        (self._root / path).rename(old)
        (self._folder / _ANEW / path).rename(self._root / path)

    def _undo(self, journal: Path, folders: list[Path]) -> None:
        assert self._folder is not None
        if journal.exists():
            for path in journal.read_text(encoding="utf-8").splitlines():
                with contextlib.suppress(OSError):
                    (self._root / path).unlink()
        for path in _files(self._folder / _OLD):
            (self._folder / _OLD / path).replace(self._root / path)
        for folder in reversed(folders):
            with contextlib.suppress(OSError):
                folder.rmdir()
        journal.unlink(missing_ok=True)

    def _complete(self, folder: Path) -> None:
        """Move what an import that was killed has left; what has come to be there since stays."""
        for kind in (_NEW, _ANEW):
            for path in _files(folder / kind):
                place = self._root / path
                if disk.link_on_the_way(self._root, path) or (kind == _NEW and place.exists()):
                    continue
                place.parent.mkdir(parents=True, exist_ok=True)
                (folder / kind / path).replace(place)
                self.completed += 1


def _files(folder: Path) -> Iterator[str]:
    """Yield the path of every file below a folder, as it will be called in the site."""
    for top, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            yield (Path(top) / name).relative_to(folder).as_posix()


def _make_folders(folder: Path) -> list[Path]:
    """Make a folder and those above it; return those that were not there, the outermost first."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for one in reversed(missing):
        one.mkdir()
    return missing[::-1]
