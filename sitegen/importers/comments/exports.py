"""The files of an export, as they are given on the command line -> streams, texts, JSON; with progress."""

from __future__ import annotations

import contextlib
import gzip
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Literal, cast

import msgspec

from sitegen import disk
from sitegen.errors import Location, Problem, SiteError
from sitegen.importers.comments.found import TextKind
from sitegen.importers.texts import decoded

_MOST = 512 << 20  # bytes of one file that is read whole; streams have no limit
Step = Callable[[int], None]


class Export:
    """One file of an export."""

    def __init__(self, path: str, file: Path, step: Step) -> None:
        self.path = path
        """As it is called in messages: from the folder that was given, or as it was given."""
        self.file = file
        self._step = step

    def stream(self) -> BinaryIO:
        """Return the bytes of the file, unpacked if it is packed by gzip; the caller closes it."""
        try:
            raw = self.file.open("rb")
        except OSError as error:
            raise self.problem(0, f"the file cannot be read: {error.strerror}") from None
        counted = cast("BinaryIO", io.BufferedReader(_Counted(raw, self._step), 1 << 16))
        if raw.peek(2)[:2] == b"\x1f\x8b":
            return cast("BinaryIO", gzip.GzipFile(fileobj=counted))
        return counted

    def data(self) -> bytes:
        """Return all bytes of the file.

        Raises:
            SiteError: It cannot be read, or holds more than can be read at once.
        """
        with self.stream() as stream:
            data = stream.read(_MOST + 1)
        if len(data) > _MOST:
            cure = "split it into files of whole records, and name them all"
            raise self.problem(0, f"the file holds more than {_MOST >> 20} MiB", cure)
        return data

    def text(self) -> str:
        """Return the file's text with LF line ends; bytes that are not UTF-8 as Windows' Latin."""
        return decoded(self.data())

    def json(self) -> tuple[Any, Lines]:
        """Return what a file of JSON holds, and where in it things stand.

        Raises:
            SiteError: It is not JSON; the problem names the line.
        """
        data = self.data().removeprefix(b"\xef\xbb\xbf")
        try:
            return msgspec.json.decode(data), Lines(self.path, data)
        except (msgspec.DecodeError, RecursionError) as error:
            raise self.not_json(error, data) from None

    def json_lines(self) -> Iterator[tuple[Any, Location]]:
        """Yield each line's value with its place; an empty line is passed over."""
        with self.stream() as stream:
            for number, line in enumerate(stream, 1):
                if not line.strip():
                    continue
                try:
                    value = msgspec.json.decode(line.removeprefix(b"\xef\xbb\xbf"))
                except (msgspec.DecodeError, RecursionError) as error:
                    raise self.problem(number, f"this line is not JSON: {error}") from None
                yield value, Location(self.path, number, 1)

    def not_json(self, error: Exception, data: bytes) -> SiteError:
        """Return the problem of a file that is not JSON, with the line that the decoder names."""
        said = str(error)
        digits = said.rpartition("byte ")[2].rstrip(")")
        line = data.count(b"\n", 0, int(digits)) + 1 if digits.isdigit() else 1
        return self.problem(line, f"this is not JSON: {said}")

    def problem(self, line: int, message: str, hint: str = "") -> SiteError:
        """Return the error for something in this file that cannot be read."""
        return SiteError(
            Problem("import", message, Location(self.path, line, 1 if line else 0), hint)
        )


class Exports:
    """All that was given on the command line: files, and how to read them."""

    def __init__(
        self,
        paths: tuple[Path, ...],
        *,
        order: Literal["name", "date"] = "name",
        text: TextKind | None = None,
        pingbacks: bool = False,
        step: Step = lambda _: None,
    ) -> None:
        self.paths = paths
        self.order = order
        """How comments are counted where replies name a position."""
        self.text = text
        """How bodies are written, where the export does not say; None to look at each."""
        self.pingbacks = pingbacks
        """Whether mentions by other sites are comments."""
        self._step = step

    def files(self) -> Iterator[Export]:
        """Yield every file; of a folder, those below it, in the order of their names.

        Raises:
            SiteError: There is no such file.
        """
        for path in self.paths:
            if path.is_dir():
                for file in sorted(disk.scan(path, [""]).files, key=lambda one: one.path):
                    yield Export(file.path, Path(file.file), self._step)
            elif path.is_file():
                yield Export(path.as_posix(), path, self._step)
            else:
                raise SiteError(
                    Problem("import", "there is no such file", Location(path.as_posix()))
                )

    def size(self) -> int:
        """Return how many bytes will be read."""
        return sum(export.file.stat().st_size for export in self.files())


class Lines:
    """The lines at which the records of a file of JSON stand; found in one pass for each key."""

    def __init__(self, path: str, data: bytes) -> None:
        self._path = path
        self._data = data
        self._known: dict[str, dict[str, list[int]]] = {}
        self._line = 0

    def of(self, key: str, value: object) -> Location:
        """Return where a key has a value, at or below what was asked for last; else the file.

        Args:
            key: As JSON has it, of ASCII.
            value: A text or a number.
        """
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._lines(key)
        found = known.get(str(value), ())
        if not found:
            return Location(self._path)
        self._line = next((line for line in found if line >= self._line), found[0])
        return Location(self._path, self._line, 1)

    def _lines(self, key: str) -> dict[str, list[int]]:
        """Return value -> lines at which the key has it."""
        found: dict[str, list[int]] = {}
        line, at = 1, 0
        for match in re.finditer(_ROW % key.encode(), self._data):
            line += self._data.count(b"\n", at, match.start())
            at = match.start()
            text = match[1].decode("utf-8", "replace")
            if text.startswith('"'):
                with contextlib.suppress(msgspec.DecodeError):
                    text = str(msgspec.json.decode(match[1]))
            lines = found.setdefault(text, [])
            if len(lines) < _MOST_LINES:  # a value that says so little names no place
                lines.append(line)
        return found


_ROW = rb'"%b"\s*:\s*("(?:[^"\\]|\\.)*"|[^\s,}\]]+)'
_MOST_LINES = 20


class _Counted(io.RawIOBase):
    """A file that says how far it has been read."""

    def __init__(self, raw: io.BufferedReader, step: Step) -> None:
        self._raw = raw
        self._step = step

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = self._raw.readinto(buffer)
        self._step(count)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()
