"""The only module that opens the site's files: folders -> bytes, bytes -> folders.

Reads regular files only and follows no link, so that a link in a pull request publishes
nothing from elsewhere and a FIFO hangs nothing. Writes all or nothing: outputs are staged
inside the output folder and moved into place at the end; what the tool did not write is
never touched.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import stat
import unicodedata
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Self

import msgspec

from sitegen.errors import Location, Problem, SiteError, quoted

MANIFEST = ".sitegen-manifest"
STAGING = ".sitegen-staging"
_MAX_DEPTH = 32


class SourceFile(msgspec.Struct, frozen=True):
    """A regular file of the site, not read yet."""

    path: str
    """From the site's root, POSIX, in Unicode's composed form."""
    file: str
    """Where it is, as the file system spells it."""
    size: int
    """Bytes."""


class Listing(msgspec.Struct, frozen=True):
    """The files below a folder, by path, and what cannot be read there."""

    files: tuple[SourceFile, ...]
    problems: tuple[Problem, ...]


def list_files(root: Path, folder: str) -> Listing:
    """Return every regular file below a folder of the site; hidden ones are passed over.

    A link, a device or an unreadable folder is a problem, not a file.
    """
    files: list[SourceFile] = []
    problems: list[Problem] = []
    pending = [(folder, root / folder, 0)]
    while pending:
        path, place, depth = pending.pop()
        if depth > _MAX_DEPTH:
            problems.append(
                Problem("file", f"folders are nested more than {_MAX_DEPTH} deep", Location(path))
            )
            continue
        try:
            entries = list(os.scandir(place))
        except FileNotFoundError:
            continue
        except OSError as error:
            problems.append(
                Problem("file", f"the folder cannot be read: {error.strerror}", Location(path))
            )
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            below = f"{path}/{unicodedata.normalize('NFC', entry.name)}"
            if entry.is_symlink() or (os.name == "nt" and _is_junction(entry)):
                hint = "put the file itself here; links are never followed"
                problems.append(
                    Problem("link", "this is a link to somewhere else", Location(below), hint)
                )
            elif entry.is_dir(follow_symlinks=False):
                pending.append((below, Path(entry.path), depth + 1))
            elif entry.is_file(follow_symlinks=False):
                files.append(
                    SourceFile(below, entry.path, entry.stat(follow_symlinks=False).st_size)
                )
            else:
                hint = "delete it"
                problems.append(
                    Problem("file", "this is neither a file nor a folder", Location(below), hint)
                )
    return Listing(tuple(sorted(files, key=lambda file: file.path)), tuple(problems))


def _is_junction(entry: os.DirEntry[str]) -> bool:
    attributes = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
    return bool(attributes & getattr(stat, "FILE_ATTRIBUTE_REPARSE_POINT", 0))


def read(file: SourceFile, limit: int | None = None) -> bytes:
    """Return a file's bytes; with a limit, at most one more, which tells that it is too long.

    Raises:
        SiteError: It cannot be read, or is a link by now.
    """
    flags = (
        os.O_RDONLY
        | getattr(os, "O_NOFOLLOW", 0)
        | getattr(os, "O_BINARY", 0)
        | getattr(os, "O_NONBLOCK", 0)
    )
    try:
        descriptor = os.open(file.file, flags)
    except OSError as error:
        reason = "it is a link" if error.errno == errno.ELOOP else error.strerror
        raise SiteError(
            Problem("file", f"the file cannot be read: {reason}", Location(file.path))
        ) from None
    with os.fdopen(descriptor, "rb") as stream:
        return stream.read() if limit is None else stream.read(limit + 1)


def read_one(root: Path, path: str) -> bytes | None:
    """Return the bytes of one file of the site; None if there is no such file."""
    place = root / path
    if not place.is_file():
        return None
    return read(SourceFile(path, str(place), place.stat().st_size))


def package_root() -> Path:
    """Return the folder whose themes/ come with the tool: the package, or the checkout it stands in."""
    package = Path(__file__).parent
    return package if (package / "themes").is_dir() else package.parent


def digest(content: bytes) -> str:
    """Return the SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


class Written(msgspec.Struct, frozen=True):
    """What a commit did, as output paths."""

    changed: tuple[str, ...]
    unchanged: int
    removed: tuple[str, ...]


class OutputFolder:
    """The folder that is published: stage files one by one, then commit them all.

    The manifest inside lists every file that the tool wrote, as `sha256sum` would, so that
    `sha256sum -c .sitegen-manifest` checks a published copy. It is written before files are
    moved (naming old and new ones) and again at the end: a build that was killed in between
    is repaired by the next one, and nothing that others put there is ever removed.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.staging = root / STAGING
        self.owned = _read_manifest(root / MANIFEST)
        self.planned: dict[str, str] = {}
        self.changed: list[str] = []

    def __enter__(self) -> Self:
        self.discard()
        return self

    def __exit__(self, *exception: object) -> None:
        self.discard()
        with contextlib.suppress(OSError):
            self.root.rmdir()  # only if it is empty, so only if nothing was ever published

    def stage(self, path: str, content: bytes) -> None:
        """Plan an output; its bytes are written aside unless they are in place already."""
        self.planned[path] = digest(content)
        if self._is_in_place(path, content):
            return
        self._refuse_foreign(path)
        self.changed.append(path)
        target = self.staging / path
        try:
            target.write_bytes(content)
        except FileNotFoundError:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)

    def stage_copy(self, path: str, source: SourceFile) -> None:
        """Plan an output that is a copy of a file of the site."""
        self.stage(path, read(source))

    def _is_in_place(self, path: str, content: bytes) -> bool:
        target = self.root / path
        try:
            if target.stat(follow_symlinks=False).st_size != len(content) or target.is_symlink():
                return False
            return target.read_bytes() == content
        except OSError:
            return False

    def _refuse_foreign(self, path: str) -> None:
        target = self.root / path
        if path not in self.owned and os.path.lexists(target):  # noqa: TID251 - pathlib has no lexists
            message = f"the output {quoted(path)} would replace a file that this tool did not write"
            hint = f"move {quoted(str(target))} away, or choose another folder with --output"
            raise SiteError(Problem("foreign-output", message, Location(path), hint))

    def commit(self) -> Written:
        """Put everything in place, remove what is no longer planned, and say what was done."""
        stale = sorted(set(self.owned) - set(self.planned))
        unchanged = len(self.planned) - len(self.changed)
        if self.changed or stale or self.planned != self.owned:
            self.root.mkdir(parents=True, exist_ok=True)
            self._write_manifest({**self.owned, **self.planned})
            for path in stale:
                self._remove(path)
            if self.staging.exists():
                _move_into(self.staging, self.root)
            self._write_manifest(self.planned)
        return Written(tuple(sorted(self.changed)), unchanged, tuple(stale))

    def discard(self) -> None:
        """Throw away what is staged."""
        if self.staging.exists():
            shutil.rmtree(self.staging)

    def _remove(self, path: str) -> None:
        target = self.root / path
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            target.unlink()
        for parent in PurePosixPath(path).parents:
            try:
                (self.root / parent).rmdir() if str(parent) != "." else None
            except OSError:
                return  # not empty: somebody's files, or ours that stay

    def _write_manifest(self, files: Mapping[str, str]) -> None:
        lines = [f"{files[path]}  {path}\n" for path in sorted(files)]
        temporary = self.root / (MANIFEST + ".new")
        temporary.write_text("".join(lines), encoding="utf-8", newline="\n")
        temporary.replace(self.root / MANIFEST)


def _read_manifest(path: Path) -> dict[str, str]:
    """Return output path -> digest; empty if the manifest is missing or damaged.

    A line that leads out of the folder is dropped: the manifest decides what is deleted.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    owned = {}
    for line in lines:
        mark, _, name = line.partition("  ")
        parts = PurePosixPath(name).parts
        if (
            len(mark) == 64
            and parts
            and ".." not in parts
            and not name.startswith("/")
            and ":" not in parts[0]
        ):
            owned[name] = mark
    return owned


def _move_into(source: Path, target: Path) -> None:
    """Move everything below `source` into `target`, whole folders where the target has none."""
    pending = [(source, target)]
    while pending:
        here, there = pending.pop()
        for entry in list(os.scandir(here)):
            destination = there / entry.name
            if entry.is_dir() and destination.is_dir() and not destination.is_symlink():
                pending.append((Path(entry.path), destination))
            else:
                if destination.is_dir() and not destination.is_symlink():
                    shutil.rmtree(destination) if not any(destination.iterdir()) else None
                Path(entry.path).replace(destination)
