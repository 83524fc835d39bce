"""The folder that is published: files are staged one by one, then put in place all at once.

What the tool did not write is never touched. The manifest inside lists every file that it
wrote, as `sha256sum` would, so that `sha256sum -c .sitegen-manifest` checks a published
copy. It is written before files are moved (naming old and new ones) and again at the end:
a build that was killed in between is repaired by the next one.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Self

import msgspec

from sitegen.build.manifest import (
    MANIFEST,
    is_spelled_so,
    manifest_says,
    manifest_text,
    read_manifest,
    spellings,
)
from sitegen.errors import Location, Problem, SiteError, quoted
from sitegen.sources.file_names import same_place

STAGING = ".sitegen-staging"
_NEW_MANIFEST = ".sitegen-manifest.new"


class Written(msgspec.Struct, frozen=True):
    """What a commit did, as output paths."""

    changed: tuple[str, ...]
    unchanged: int
    removed: tuple[str, ...]


class Staged(msgspec.Struct, frozen=True):
    """An output that is ready: its digest, and whether its bytes differ from those in place."""

    path: str
    sha256: str
    changed: bool


class OutputFolder:
    """Stages and commits the files of one output folder; staging may happen in any process."""

    def __init__(
        self, root: Path, owned: Mapping[str, str] | None = None, *, is_new: bool = False
    ) -> None:
        """Take a folder in hand.

        Args:
            root: The folder; it need not exist.
            owned: Output path -> SHA-256 of files that are known to be the tool's, beside
                those that the folder's manifest names.
            is_new: It is known that nothing lies in the folder, so nothing is looked for.
        """
        self.is_new = is_new
        self.root = root
        self.staging = root / STAGING
        self.owned = {**(owned or {}), **read_manifest(root / MANIFEST)}
        self.free: set[str] = set()
        """Folders on the way to outputs in which nothing of others stands in the way."""

    def __enter__(self) -> Self:
        self.discard()
        return self

    def __exit__(self, *exception: object) -> None:
        self.discard()
        with contextlib.suppress(OSError):
            self.root.rmdir()  # only if it is empty, so only if nothing was ever published

    def stage(self, path: str, content: bytes) -> Staged:
        """Write an output aside, unless its bytes are in place already.

        Raises:
            SiteError: A file stands there that the tool did not write, or the disk is full.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        if not self.is_new:
            if not self._other_spellings(path) and self._is_in_place(path, content):
                return Staged(path, sha256, changed=False)
            self._refuse_foreign(path)
        target = self.staging / path
        with _writing_to(self.root):
            try:
                target.write_bytes(content)
            except FileNotFoundError:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
        return Staged(path, sha256, changed=True)

    def _is_in_place(self, path: str, content: bytes) -> bool:
        target = self.root / path
        try:
            info = target.stat(follow_symlinks=False)
            if info.st_size != len(content) or target.is_symlink():
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
        for parent in [str(parent) for parent in PurePosixPath(path).parents][-2::-1]:
            place = self.root / parent
            if parent in self.free:
                continue
            if place.is_symlink():
                return place
            if place.exists() and not place.is_dir():
                # A file of ours goes before anything is moved: it is no longer planned.
                return None if self._is_known(parent) else place
            self.free.add(parent)
        target = self.root / path
        if target.is_dir() and not target.is_symlink():
            files = (one for one in target.rglob("*") if one.is_symlink() or not one.is_dir())
            return next((file for file in files if not self._is_ours(file)), None)
        is_there = target.is_symlink() or target.exists()
        return target if is_there and not self._is_known(path) else None

    def _is_known(self, path: str) -> bool:
        """Return whether what lies at a path is the tool's, whatever the case of its letters there."""
        others = self._other_spellings(path)
        return path in self.owned or (
            any(is_spelled_so(self.root, other) for other in others)
            and not is_spelled_so(self.root, path)
        )

    def _other_spellings(self, path: str) -> set[str]:
        """Return the tool's files that some file systems do not tell from the one at a path.

        Where `Logo.png` becomes `logo.png`, the new one is not in place because the old one is:
        that goes before anything is moved.
        """
        return self._spellings.get(same_place(path), set()) - {path}

    @functools.cached_property
    def _spellings(self) -> dict[str, set[str]]:
        return spellings(self.owned)

    def _is_ours(self, file: Path) -> bool:
        return self._is_known(file.relative_to(self.root).as_posix())

    def commit(self, planned: Mapping[str, str], changed: Collection[str]) -> Written:
        """Put everything in place, remove what is no longer planned, and say what was done.

        Args:
            planned: Every output path -> its SHA-256.
            changed: The paths that were staged.

        Raises: SiteError if the disk is full; the next build mends what is half done.
        """
        stale = sorted(set(self.owned) - set(planned))
        if changed or stale or not manifest_says(self.root, planned):
            with _writing_to(self.root):
                self.root.mkdir(parents=True, exist_ok=True)
                self._write_manifest({**self.owned, **planned})
                for path in stale:
                    self._remove(path)
                if self.staging.exists():
                    _move_into(self.staging, self.root)
                self._write_manifest(planned)
        return Written(tuple(sorted(changed)), len(planned) - len(changed), tuple(stale))

    def discard(self) -> None:
        """Throw away what is staged, and what a killed build left half written."""
        if self.staging.exists():
            shutil.rmtree(self.staging)
        if (self.root / _NEW_MANIFEST).exists():
            (self.root / _NEW_MANIFEST).unlink()

    def _remove(self, path: str) -> None:
        """Remove a file that the manifest names, unless its place is something else's by now."""
        target = self.root / path
        above = (self.root / parent for parent in PurePosixPath(path).parents[:-1])
        if any(place.is_symlink() for place in above):
            return
        if target.is_dir() and not target.is_symlink():
            return
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            target.unlink()
        for parent in PurePosixPath(path).parents[:-1]:
            try:
                (self.root / parent).rmdir()
            except OSError:
                return  # not empty: somebody's files, or ours that stay

    def _write_manifest(self, files: Mapping[str, str]) -> None:
        temporary = self.root / _NEW_MANIFEST
        temporary.write_bytes(manifest_text(files))
        temporary.replace(self.root / MANIFEST)


@contextlib.contextmanager
def _writing_to(root: Path) -> Iterator[None]:
    """Make a problem of an output folder that takes no more."""
    try:
        yield
    except OSError as error:
        message = f"the output cannot be written: {error.strerror}"
        problem = Problem("output", message, Location(str(root)), "make room, and build once more")
        raise SiteError(problem) from error


def is_at_rest(root: Path) -> bool:
    """Return whether no build of this folder was killed: nothing of one lies about."""
    return not (root / STAGING).exists() and not (root / _NEW_MANIFEST).exists()


def _move_into(source: Path, target: Path) -> None:
    """Move everything below `source` into `target`, whole folders where the target has none.

    The system is asked to move, and not whether it can: its answer is true of this moment even
    where names are remembered for a while, by every spelling of theirs.
    """
    pending = [(source, target)]
    while pending:
        here, there = pending.pop()
        for entry in list(os.scandir(here)):
            destination = there / entry.name
            try:
                Path(entry.path).replace(destination)
            except OSError:
                if not destination.is_dir() or destination.is_symlink():
                    raise
                if entry.is_dir():
                    pending.append((Path(entry.path), destination))
                    continue
                # A file takes the place of a folder, in which there are only folders by now.
                for folder in (*sorted(destination.rglob("*"), reverse=True), destination):
                    folder.rmdir()
                Path(entry.path).replace(destination)
