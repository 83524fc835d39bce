"""Comments on their way: on the disk before the answer, there until a forge has them, never twice."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

_KEPT = 30 * 86_400  # seconds for which it is known that a comment was sent


class Letter(msgspec.Struct, frozen=True):
    """An accepted comment that no forge has yet."""

    id: str
    path: str
    """Of its file, in the repository that takes it."""
    article: str
    text: str
    """Of its file."""
    received: int
    """Seconds since 1970."""
    digest: str
    """Of what was sent; another text with the same id is another comment."""
    commit: str = ""
    """Its commit, written down before it is pushed."""
    attempts: int = 0
    trouble: str = ""
    """Why the last attempt failed."""


class Receipt(msgspec.Struct, frozen=True):
    """What is kept of a comment that a forge has: neither its text nor its writer."""

    id: str
    path: str
    article: str
    received: int
    digest: str
    link: str
    """Of its pull request, where the forge tells."""


class Spool:
    """Two folders: `waiting` holds letters, `sent` receipts; a file appears whole or not at all."""

    def __init__(self, folder: Path) -> None:
        """Take the folder, which is made if need be."""
        self.waiting = folder / "waiting"
        self.sent = folder / "sent"
        for place in (self.waiting, self.sent):
            place.mkdir(parents=True, exist_ok=True)

    def accept(self, letter: Letter) -> None:
        """Put a letter on the disk for good; one with its id that is there already stays.

        Raises:
            OSError: It could not be written; nothing is kept of it.
        """
        rough = self._write(self.waiting, letter.id, letter)
        try:
            with contextlib.suppress(FileExistsError):
                os.link(rough, self.waiting / f"{letter.id}.json")
        finally:
            rough.unlink(missing_ok=True)
        _sync_folder(self.waiting)

    def find(self, name: str) -> Letter | Receipt | None:
        """Return what is there of a comment."""
        return _read(self.sent / f"{name}.json", Receipt) or _read(
            self.waiting / f"{name}.json", Letter
        )

    def waits(self, name: str) -> bool:
        """Return whether a letter is there."""
        return (self.waiting / f"{name}.json").exists()

    def letters(self) -> Iterator[Letter]:
        """Yield the letters in the order of `names`; one that was sent before a crash is cleared away."""
        for name in self.names():
            if (self.sent / f"{name}.json").exists():
                (self.waiting / f"{name}.json").unlink(missing_ok=True)
                continue
            letter = _read(self.waiting / f"{name}.json", Letter)
            if letter:
                yield letter

    def names(self) -> list[str]:
        """Return the ids of what waits; what was written down longest ago comes first."""
        files = []
        with os.scandir(self.waiting) as entries:
            for entry in entries:
                if entry.name.endswith(".json"):
                    with contextlib.suppress(FileNotFoundError):  # sent a moment ago
                        files.append((entry.stat().st_ctime_ns, entry.name.removesuffix(".json")))
        return [name for _, name in sorted(files)]

    def note(self, letters: Iterable[Letter]) -> None:
        """Write down what has become of letters so far; all of it is on the disk at the end."""
        for letter in letters:
            rough = self._write(self.waiting, letter.id, letter)
            rough.replace(self.waiting / f"{letter.id}.json")
        _sync_folder(self.waiting)

    def finish(self, links: Mapping[Letter, str]) -> None:
        """Turn letters into receipts: first all receipts, then the letters go."""
        for letter, link in links.items():
            kept = (letter.id, letter.path, letter.article, letter.received, letter.digest)
            rough = self._write(self.sent, letter.id, Receipt(*kept, link))
            rough.replace(self.sent / f"{letter.id}.json")
        _sync_folder(self.sent)
        for letter in links:
            (self.waiting / f"{letter.id}.json").unlink(missing_ok=True)

    def withdraw(self, name: str) -> None:
        """Forget a letter whose sender is told that it was not taken."""
        (self.waiting / f"{name}.json").unlink(missing_ok=True)

    def receipts(self) -> Iterator[Receipt]:
        """Yield what was sent, in the order of ids."""
        for place in sorted(self.sent.glob("*.json")):
            receipt = _read(place, Receipt)
            if receipt:
                yield receipt

    def forget(self, now: float) -> None:
        """Throw away receipts of more than a month ago, and what a crash left half written."""
        for receipt in self.receipts():
            if now - receipt.received > _KEPT:
                (self.sent / f"{receipt.id}.json").unlink(missing_ok=True)
        for place in (*self.waiting.glob("*.new"), *self.sent.glob("*.new")):
            with contextlib.suppress(FileNotFoundError):
                if now - place.stat().st_mtime > 3600:
                    place.unlink()

    def _write(self, folder: Path, name: str, value: Letter | Receipt) -> Path:
        """Write a file that nobody looks at yet; it is on the disk when this returns."""
        rough = folder / f"{name}-{os.getpid()}-{threading.get_ident()}.new"
        try:
            with rough.open("wb") as stream:
                stream.write(msgspec.json.encode(value))
                stream.flush()
                os.fsync(stream.fileno())
        except OSError:
            rough.unlink(missing_ok=True)
            raise
        return rough


_Value = TypeVar("_Value", Letter, Receipt)


def _read(place: Path, kind: type[_Value]) -> _Value | None:
    try:
        return msgspec.json.decode(place.read_bytes(), type=kind)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def _sync_folder(folder: Path) -> None:
    """Let the names in a folder outlive a power cut; Windows does so by itself."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
