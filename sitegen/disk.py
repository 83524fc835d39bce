"""The only module that opens the site's files: folders -> bytes, bytes -> folders.

Reads regular files only and follows no link, so that a link in a pull request publishes
nothing from elsewhere and a FIFO hangs nothing.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import unicodedata
from collections.abc import Container, Iterable
from operator import attrgetter
from pathlib import Path, PurePosixPath

import msgspec

from sitegen.errors import Location, Problem, SiteError

CONFIG, CONTENT, COMMENTS, STATIC, THEMES = "config.yaml", "content", "comments", "static", "themes"
"""Where a site keeps what."""
TOOL = "(sitegen)"  # before the paths of files that come with the tool
_MAX_DEPTH = 32
_PIECE = 1 << 20  # bytes read at once from a file that is longer than it looked
_NEVER = frozenset(
    {".git", ".DS_Store", ".sitegen-manifest", ".sitegen-manifest.new", ".sitegen-staging"}
)
Stamp = tuple[int, int, int, int]
"""Size in bytes, times of modification and of change in nanoseconds, number of the inode."""


class SourceFile(msgspec.Struct, frozen=True):
    """A regular file, not read yet."""

    path: str
    """From the root of the scan, POSIX, in Unicode's composed form."""
    root: str
    stamp: Stamp
    spelling: str = ""

    @property
    def file(self) -> str:
        """Where it is; `spelling` is its path as the file system writes it, if that is another."""
        return f"{self.root}/{self.spelling or self.path}"


class Scan(msgspec.Struct, frozen=True):
    """The files below some folders, in an order that does not depend on the file system."""

    files: tuple[SourceFile, ...]
    problems: tuple[Problem, ...]
    taken: int = 0
    """When it began, by the file system's own clock, in nanoseconds since 1970; 0 if nobody asked."""


def scan(root: Path, folders: Iterable[str], *, hidden: Container[str] = ()) -> Scan:
    """Return every regular file below some folders of a root.

    Args:
        root: Absolute or relative to the working directory.
        folders: POSIX paths from the root; `""` is the root itself. One that is not there is empty.
        hidden: The folders among them whose hidden files count.

    A link, a device or an unreadable folder is a problem, not a file.
    """
    files: list[SourceFile] = []
    problems: list[Problem] = []
    for folder in folders:
        if link := link_on_the_way(root, folder):
            problems.append(_no_file(link, is_link=True))
            continue
        _scan_folder(root, folder, folder in hidden, files, problems)
    return Scan(tuple(files), tuple(problems))


def config_file(root: Path) -> SourceFile:
    """Return the file that makes a folder a site.

    Raises:
        SiteError: There is none.
    """
    file = find(root, CONFIG)
    if file is None:
        hint = "run sitegen in the folder of a site, or name it with --site DIR"
        message = "there is no config.yaml here, so this is not a site"
        raise SiteError(Problem("no-site", message, Location(CONFIG), hint))
    return file


def scan_site(root: Path, apart: Path, taken: int) -> Scan:
    """Return every file that a build may read: the site's, its comments/ in `apart`, the tool's themes."""
    own = scan(root, (CONTENT, STATIC, THEMES), hidden=[STATIC])
    talk = scan(apart, [COMMENTS])
    tool = scan(package_root(), [THEMES]).files
    themes = (SourceFile(f"{TOOL}/{one.path}", one.root, one.stamp, one.path) for one in tool)
    files = (*filter(None, [find(root, CONFIG)]), *own.files, *talk.files, *themes)
    return Scan(files, (*own.problems, *talk.problems), taken)


def _scan_folder(
    root: Path, folder: str, hidden: bool, files: list[SourceFile], problems: list[Problem]
) -> None:
    top, start = str(root), f"{folder}/" if folder else ""
    pending = [(start, start, 0)]
    while pending:
        prefix, spelt, depth = pending.pop()
        try:
            with os.scandir(f"{top}/{spelt}") as found:
                entries = sorted(found, key=attrgetter("name"))
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
            own = spelt + name
            try:
                info = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue  # an editor's file that was there for a moment
            if stat.S_ISREG(info.st_mode):
                files.append(SourceFile(path, top, _stamp(info), "" if own == path else own))
            elif stat.S_ISDIR(info.st_mode) and not _is_link(info):
                below.append((f"{path}/", f"{own}/", depth + 1))
            else:
                problems.append(_no_file(path, is_link=_is_link(info)))
        if depth == _MAX_DEPTH and below:
            message = f"folders are nested more than {_MAX_DEPTH} deep"
            problems.append(Problem("file", message, Location(prefix.rstrip("/"))))
            continue
        pending += reversed(below)


def link_on_the_way(root: Path, path: str) -> str:
    """Return the first part of a path below a root that is a link; empty if none is."""
    parts = PurePosixPath(path).parts
    for count in range(1, len(parts) + 1):
        way = PurePosixPath(*parts[:count])
        with contextlib.suppress(OSError, ValueError):  # nothing is there, or nothing can be
            if _is_link(os.lstat(root / way)):
                return str(way)
    return ""


def _is_link(info: os.stat_result) -> bool:
    """Return whether something is a link: on Windows, a junction is a folder that is one."""
    attributes = getattr(info, "st_file_attributes", 0)
    return stat.S_ISLNK(info.st_mode) or bool(attributes & stat.FILE_ATTRIBUTE_REPARSE_POINT)


def _no_file(path: str, *, is_link: bool) -> Problem:
    if is_link:
        hint = "put the file itself here; links are never followed"
        return Problem("link", "this is a link to somewhere else", Location(path), hint)
    return Problem("file", "this is neither a file nor a folder", Location(path), "delete it")


def read(file: SourceFile, limit: int | None = None) -> bytes:
    """Return a file's bytes; with a limit, more than that only to tell that it is too long.

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
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise SiteError(_no_file(file.path, is_link=False))
        wanted = file.stamp[0] if limit is None else min(file.stamp[0], limit)
        content = os.read(descriptor, wanted + 1)
        # Exactly what was announced, and not the byte more that was asked for: this is the end.
        while content and len(content) != wanted and (limit is None or len(content) <= limit):
            more = os.read(descriptor, _PIECE)
            if not more:
                break
            content += more
    except OSError as error:
        message = f"the file cannot be read: {error.strerror}"
        raise SiteError(Problem("file", message, Location(file.path))) from None
    else:
        return content
    finally:
        os.close(descriptor)


def find(root: Path, path: str) -> SourceFile | None:
    """Return one regular file of a folder; None if there is none, or a link in its place."""
    if link_on_the_way(root, path):
        return None
    try:
        info = (root / path).stat(follow_symlinks=False)
    except OSError:
        return None
    return SourceFile(path, str(root), _stamp(info)) if stat.S_ISREG(info.st_mode) else None


def look(root: Path, paths: Iterable[str]) -> list[SourceFile]:
    """Return those of some files of a folder that are there, without listing the folder.

    Args:
        root: The folder.
        paths: POSIX, from the root. What is no regular file, or has a link on its way, is left out.
    """
    top = str(root)
    is_folder = {"": True}
    found = []
    for path in paths:
        if not _is_below_folders(top, path.rpartition("/")[0], is_folder):
            continue
        try:
            info = os.lstat(f"{top}/{path}")
        except OSError:
            continue
        if stat.S_ISREG(info.st_mode):
            found.append(SourceFile(path, top, _stamp(info)))
    return found


def _is_below_folders(top: str, path: str, known: dict[str, bool]) -> bool:
    """Return whether a path and all above it are folders and no links; what is found is kept."""
    if path not in known:
        known[path] = False
        if _is_below_folders(top, path.rpartition("/")[0], known):
            with contextlib.suppress(OSError):
                info = os.lstat(f"{top}/{path}")
                known[path] = stat.S_ISDIR(info.st_mode) and not _is_link(info)
    return known[path]


def is_empty(folder: Path) -> bool:
    """Return whether there is nothing in a folder, or no folder."""
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is None
    except FileNotFoundError:
        return True
    except OSError:
        return False


def _stamp(info: os.stat_result) -> Stamp:
    return (info.st_size, info.st_mtime_ns, info.st_ctime_ns, info.st_ino)


def package_root() -> Path:
    """Return the folder whose themes/ come with the tool: the package, or the checkout it stands in."""
    package = Path(__file__).parent
    return package if (package / "themes").is_dir() else package.parent


def make_folder(place: Path) -> bool:
    """Make a folder if need be; return whether it can be written to."""
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(place, os.W_OK)


def write_new(root: Path, path: str, data: bytes) -> None:
    """Write a file that is not there yet; a `SiteError` if it is, or if a link is on its way."""
    if link := link_on_the_way(root, path):
        raise SiteError(_no_file(link, is_link=True))
    try:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        with (root / path).open("xb") as stream:
            stream.write(data)
    except OSError as error:
        message = f"the file cannot be written: {error.strerror}"
        raise SiteError(Problem("file", message, Location(path))) from None


def write_over(root: Path, path: str, data: bytes) -> None:
    """Put other bytes into a file that is there, so that no build sees half of them or a second file."""
    if find(root, path) is None:
        raise SiteError(Problem("file", "the file is not there any more", Location(path)))
    beside = PurePosixPath(path).with_name(f".{PurePosixPath(path).name}.new")
    with contextlib.suppress(OSError):
        (root / beside).unlink()  # what a crash left, or a link that a stranger sent
    write_new(root, str(beside), data)
    (root / beside).replace(root / path)
