"""The bytes of a file -> its text, and the lines of it that problems speak of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from sitegen.errors import Location, Problem, SiteError

_BOM = "\ufeff"


def decode(data: bytes, path: str) -> str:
    """Return a file's text: UTF-8, line ends as LF, a byte order mark at the start dropped.

    Raises:
        SiteError: The bytes are not UTF-8; the problem names line and column.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        good = data[: error.start].decode("utf-8").replace("\r\n", "\n")
        line, column = good.count("\n") + 1, len(good) - good.rfind("\n")
        location = Location(path, line, column)
        message = f"byte {error.start} (0x{data[error.start]:02x}) is not UTF-8"
        raise SiteError(Problem("encoding", message, location, "save the file as UTF-8")) from None
    text = text.removeprefix(_BOM)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def with_excerpts(problems: Iterable[Problem], text: str, first_line: int = 1) -> Iterator[Problem]:
    """Yield the problems with the lines of `text` that they speak of; only faults pay for it."""
    lines = text.split("\n")
    for problem in problems:
        place = problem.location
        index = place.line - first_line
        if place.line and not place.text and 0 <= index < len(lines):
            place = msgspec.structs.replace(place, text=lines[index])
            yield msgspec.structs.replace(problem, location=place)
        else:
            yield problem
