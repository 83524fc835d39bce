"""The only module that opens the site's files: folders -> bytes, bytes -> folders.

Reads regular files only and follows no link, so that a link in a pull request publishes
nothing from elsewhere and a FIFO hangs nothing.
"""

from __future__ import annotations

import errno
import os
import stat
import unicodedata
from collections.abc import Container, Sequence
from pathlib import Path

import msgspec

from sitegen.errors import Location, Problem, SiteError

_MAX_DEPTH = 32
_NEVER = frozenset(
    {".git", ".DS_Store", ".sitegen-manifest", ".sitegen-manifest.new", ".sitegen-staging"}
)
Stamp = tuple[int, int, int, int]
"""Size in bytes, times of modification and of change in nanoseconds, number of the inode."""


class SourceFile(msgspec.Struct, frozen=True):
    """A regular file, not read yet."""

    path: str
    """From the root of the scan, POSIX, in Unicode's composed form."""
    file: str
    """Where it is, as the file system spells it."""
    stamp: Stamp


class Scan(msgspec.Struct, frozen=True):
    """The files below some folders, in an order that does not depend on the file system."""

    files: tuple[SourceFile, ...]
    problems: tuple[Problem, ...]
    taken: int
    """When the scan began, by the file system's own clock, in nanoseconds since 1970."""


def scan(
    root: Path, folders: Sequence[str], taken: int = 0, *, hidden: Container[str] = ()
) -> Scan:
    """Return every regular file below some folders of a root.

    Args:
        root: Absolute or relative to the working directory.
        folders: POSIX paths from the root; `""` is the root itself. One that is not there is empty.
        taken: The time at the beginning, by the file system's clock.
        hidden: The folders among them whose hidden files count.

    A link, a device or an unreadable folder is a problem, not a file.
    """
    link = _link_on_the_way(root, folder)
    if link:
        return Listing((), (_link_problem(link),))
    files: list[SourceFile] = []
    problems: list[Problem] = []
    for folder in folders:
        _scan_folder(root, folder, folder in hidden, files, problems)
    return Scan(tuple(files), tuple(problems), taken)


def _scan_folder(
    root: Path, folder: str, hidden: bool, files: list[SourceFile], problems: list[Problem]
) -> None:
    pending = [(f"{folder}/" if folder else "", str(root / folder), 0)]
    while pending:
<<<<<<< HEAD
        path, place, depth = pending.pop()
        if depth > _MAX_DEPTH:
            problems.append(
                Problem("file", f"folders are nested more than {_MAX_DEPTH} deep", Location(path))
            )
            continue
        for entry in _entries(place, path, problems):
            if entry.name.startswith("."):
                continue
            below = f"{path}/{unicodedata.normalize('NFC', entry.name)}"
            if entry.is_symlink() or (os.name == "nt" and _is_junction(entry)):
                problems.append(_link_problem(below))
            elif entry.is_dir(follow_symlinks=False):
                pending.append((below, Path(entry.path), depth + 1))
            elif entry.is_file(follow_symlinks=False):
                files.append(
                    SourceFile(below, entry.path, entry.stat(follow_symlinks=False).st_size)
                )
            else:
                problems.append(_device_problem(below))
    return Listing(tuple(sorted(files, key=lambda file: file.path)), tuple(problems))


def _entries(place: Path, path: str, problems: list[Problem]) -> list[os.DirEntry[str]]:
    """Return what lies directly in a folder; nothing if it is not there or cannot be read."""
    try:
        return list(os.scandir(place))
    except FileNotFoundError:
        return []
    except OSError as error:
        message = f"the folder cannot be read: {error.strerror}"
        problems.append(Problem("file", message, Location(path)))
        return []


def _link_on_the_way(root: Path, folder: str) -> str:
    """Return the first part of a folder's path that is a link; empty if none is."""
    parts = PurePosixPath(folder).parts
    ways = (PurePosixPath(*parts[:count]) for count in range(1, len(parts) + 1))
    return next((str(way) for way in ways if (root / way).is_symlink()), "")


def _link_problem(path: str) -> Problem:
    hint = "put the file itself here; links are never followed"
    return Problem("link", "this is a link to somewhere else", Location(path), hint)


def _device_problem(path: str) -> Problem:
    return Problem("file", "this is neither a file nor a folder", Location(path), "delete it")


def _is_junction(entry: os.DirEntry[str]) -> bool:
    attributes = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
=======
        prefix, place, depth = pending.pop()
        try:
            entries = sorted(os.scandir(place), key=_by_name)
        except FileNotFoundError:
            continue
        except OSError as error:
            message = f"the folder cannot be read: {error.strerror}"
            problems.append(Problem("file", message, Location(prefix.rstrip("/"))))
            continue
        below = []
        for entry in entries:
            name = entry.name
            if name[0] == "." and (not hidden or name in _NEVER):
                continue
            path = prefix + (name if name.isascii() else unicodedata.normalize("NFC", name))
            info = entry.stat(follow_symlinks=False)
            mode = info.st_mode
            if stat.S_ISREG(mode):
                files.append(SourceFile(path, entry.path, _stamp(info)))
            elif stat.S_ISDIR(mode) and not _is_junction(info):
                below.append((f"{path}/", entry.path, depth + 1))
            else:
                problems.append(_no_file(path, is_link=stat.S_ISLNK(mode) or stat.S_ISDIR(mode)))
        if depth == _MAX_DEPTH and below:
            message = f"folders are nested more than {_MAX_DEPTH} deep"
            problems.append(Problem("file", message, Location(prefix.rstrip("/"))))
            continue
        pending += reversed(below)


def _by_name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _is_junction(info: os.stat_result) -> bool:
    """Return whether a folder on Windows is a link to another place."""
    attributes = getattr(info, "st_file_attributes", 0)
>>>>>>> main
    return bool(attributes & getattr(stat, "FILE_ATTRIBUTE_REPARSE_POINT", 0))


def _no_file(path: str, *, is_link: bool) -> Problem:
    if is_link:
        hint = "put the file itself here; links are never followed"
        return Problem("link", "this is a link to somewhere else", Location(path), hint)
    return Problem("file", "this is neither a file nor a folder", Location(path), "delete it")


def read(file: SourceFile, limit: int | None = None) -> bytes:
    """Return a file's bytes; with a limit, at most one more, which tells that it is too long.

    Raises:
        SiteError: It cannot be read, or is a link or no file any more.
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
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise SiteError(_device_problem(file.path))
        return stream.read() if limit is None else stream.read(limit + 1)


def find(root: Path, path: str) -> SourceFile | None:
    """Return one regular file of a folder; None if there is none, or a link in its place."""
    place = root / path
    try:
        info = place.stat(follow_symlinks=False)
    except OSError:
        return None
    return SourceFile(path, str(place), _stamp(info)) if stat.S_ISREG(info.st_mode) else None


def _stamp(info: os.stat_result) -> Stamp:
    return (info.st_size, info.st_mtime_ns, info.st_ctime_ns, info.st_ino)


def package_root() -> Path:
    """Return the folder whose themes/ come with the tool: the package, or the checkout it stands in."""
    package = Path(__file__).parent
    return package if (package / "themes").is_dir() else package.parent


<<<<<<< HEAD
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
        self.free: set[str] = set()
        """Folders on the way to outputs in which nothing of others stands in the way."""

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
        in_the_way = self._foreign(path)
        if in_the_way is not None:
            message = f"the output {quoted(path)} would replace a file that this tool did not write"
            hint = f"move {quoted(str(in_the_way))} away, or choose another folder with --output"
            raise SiteError(Problem("foreign-output", message, Location(path), hint))

    def _foreign(self, path: str) -> Path | None:
        """Return what somebody else put where this output, or a folder on its way, has to be."""
        target = self.root / path
        for parent in [str(parent) for parent in PurePosixPath(path).parents][-2::-1]:
            if parent in self.free:
                continue
            place = self.root / parent
            if place.is_symlink() or (place.exists() and not place.is_dir()):
                if parent not in self.owned or place.is_symlink():
                    return place
                return None  # a file of ours, which the commit removes first
            self.free.add(parent)
        if path in self.owned or not os.path.lexists(target):  # noqa: TID251 - pathlib has no lexists
            return None
        if target.is_symlink() or not target.is_dir():
            return target
        below = (place for place in target.rglob("*") if place.is_symlink() or not place.is_dir())
        return next(
            (place for place in below if place.relative_to(self.root).as_posix() not in self.owned),
            None,
        )

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
        """Remove a file that the manifest names, unless it is by now something else's place."""
        if _link_on_the_way(self.root, str(PurePosixPath(path).parent)):
            return
        target = self.root / path
        if target.is_dir() and not target.is_symlink():
            return
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
=======
def make_folder(place: Path) -> bool:
    """Make a folder if need be; return whether it can be written to."""
>>>>>>> main
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(place, os.W_OK)


<<<<<<< HEAD
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
                    # Empty by now, but for folders: what was in it has been removed.
                    for folder in (*sorted(destination.rglob("*"), reverse=True), destination):
                        folder.rmdir()
                Path(entry.path).replace(destination)
=======
def is_settled(stamp: Stamp, taken: int) -> bool:
    """Return whether an equal stamp means an equal file: git's rule for racy entries.

    A file that was changed just before it was looked at may be changed again within one tick
    of the file system's clock without showing it. Clocks of whole seconds get two of them.
    """
    latest = max(stamp[1], stamp[2])
    coarse = latest % 1_000_000_000 == 0
    return latest + (2_000_000_000 if coarse else 50_000_000) < taken
>>>>>>> main
