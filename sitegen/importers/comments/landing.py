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
from sitegen.errors import Location, Problem, SiteError


class Landing:
    """Files wait beside the site's cache, on the same disk, until all of them are there.

    Then each is moved to its place, which needs no more room and cannot be seen half done.
    Whatever fails on the way is undone, so that the site is as it was.
    """

    def __init__(self, root: Path, place: Path) -> None:
        """Take the site's folder, and that in which its comments/ lies."""
        self._root = place
        memory = root / ".sitegen"
        self._made_memory = not memory.exists()
        self._memory = memory
        self._folder: Path | None = None
        self._replaced: set[str] = set()
        self.count = 0
        """Files that wait."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            if self._made_memory:
                with contextlib.suppress(OSError):
                    self._memory.rmdir()

    def put(self, path: str, text: str, *, replaces: bool = False) -> None:
        """Let a file wait for its place; with `replaces`, one is there already."""
        if link := disk.link_on_the_way(self._root, path):
            raise SiteError(Problem("link", "this is a link to somewhere else", Location(link)))
        if self._folder is None:
            self._memory.mkdir(exist_ok=True)
            self._folder = Path(tempfile.mkdtemp(prefix="import-", dir=self._memory))
        disk.write_new(self._folder / "new", path, text.encode("utf-8", "replace"))
        self.count += 1
        if replaces:
            self._replaced.add(path)

    def land(self) -> None:
        """Move every file to its place.

        Raises:
            SiteError: One could not be moved; all that was moved before is back.
        """
        if self._folder is None:
            return
        journal = self._folder / "moved"
        folders: list[Path] = []
        path = ""
        try:
            with journal.open("w", encoding="utf-8") as moved:
                for path in _files(self._folder / "new"):
                    self._move(path, folders, moved)
        except OSError as error:
            self._undo(journal, folders)
            message = f"the file cannot be written: {error.strerror}; nothing was"
            raise SiteError(Problem("file", message, Location(path))) from None
        except BaseException:
            self._undo(journal, folders)
            raise

    def _move(self, path: str, folders: list[Path], moved: IO[str]) -> None:
        assert self._folder is not None
        place = self._root / path
        folders += _make_folders(place.parent)
        if path in self._replaced:
            old = self._folder / "old" / path
            old.parent.mkdir(parents=True, exist_ok=True)
            place.rename(old)
        elif place.is_symlink() or place.exists():
            raise FileExistsError(errno.EEXIST, "it is there already")
        moved.write(f"{path}\n")
        (self._folder / "new" / path).rename(place)

    def _undo(self, journal: Path, folders: list[Path]) -> None:
        assert self._folder is not None
        if journal.exists():
            for path in journal.read_text(encoding="utf-8").splitlines():
                with contextlib.suppress(OSError):
                    (self._root / path).unlink()
        for path in self._replaced:
            old = self._folder / "old" / path
            if old.exists():
                old.rename(self._root / path)
        for folder in reversed(folders):
            with contextlib.suppress(OSError):
                folder.rmdir()


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
