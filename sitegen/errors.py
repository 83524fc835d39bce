"""What an author or a stranger got wrong: its place, its sentence, its cure.

One exception, `SiteError`, carries any number of problems; parsers raise it, the
loops that call them collect, and the user sees every problem of every file at once.
"""

from __future__ import annotations

import enum
import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from urllib.parse import quote

import msgspec


class Severity(enum.StrEnum):
    """How much a problem matters: an error stops the build from publishing."""

    ERROR = "error"
    WARNING = "warning"


class Location(msgspec.Struct, frozen=True, order=True):
    """A place in a source file; line and column count from 1, 0 means the whole file.

    `text` is the line as it stands in the file and `width` the number of characters
    meant, for the excerpt below a message. Neither takes part in identity.
    """

    path: str
    line: int = 0
    column: int = 0
    text: str = ""
    width: int = 1


class Problem(msgspec.Struct, frozen=True):
    """One thing that must or may be mended."""

    code: str
    """Stable name of the kind of problem, as in the manual: `date`, `unknown-key`."""
    message: str
    """What was found and what was expected: lower case, no full stop."""
    location: Location
    hint: str = ""
    """The cure, in the imperative."""
    severity: Severity = Severity.ERROR


class SiteError(Exception):
    """The site has problems; nothing was published."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        return as_text(self.problems)


MAX_PRINTED = 200
_RUNNER_COMMAND = re.compile(r":(?=:)|#(?=#\[)")


def printable(text: str, limit: int = MAX_PRINTED) -> str:
    r"""Return text from outside as one line that cannot speak to a terminal or a CI runner.

    Everything but letters, marks, digits, punctuation, symbols and the blank is shown as
    an escape, so no control sequence, line break or direction mark gets through; the text
    is cut at `limit` characters; `::` and `##[` are broken, since runners of forges read
    commands from what a step prints.

    >>> printable("\x1b[31m::error::pwned\n")
    '\\u001b[31m: :error: :pwned\\u000a'
    """
    cut = text if len(text) <= limit else text[: limit - 1] + "…"
    shown = cut if cut.isprintable() else "".join(map(_visible, cut))
    return _RUNNER_COMMAND.sub(lambda match: match[0] + " ", shown)


def _visible(character: str) -> str:
    if character == " " or character.isprintable():
        return character
    code = ord(character)
    if unicodedata.category(character) == "Zs":
        return " "
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def quoted(text: str, limit: int = 60) -> str:
    """Return text from outside in backticks, safe to print.

    >>> quoted("2024-02-30")
    '`2024-02-30`'
    """
    return f"`{printable(text, limit)}`"


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems without repeats, by path, line and column; errors first at one place."""
    unique = {
        (p.location.path, p.location.line, p.location.column, p.severity, p.message): p
        for p in problems
    }
    return [unique[key] for key in sorted(unique)]


MAX_MESSAGE = 2000


def _sayable(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems in order, with nothing in them that speaks to a terminal or a runner.

    Texts from outside are quoted where a message is made; this is the fence behind that one.
    """
    return [
        msgspec.structs.replace(
            problem,
            message=printable(problem.message, MAX_MESSAGE),
            hint=printable(problem.hint, MAX_MESSAGE),
        )
        for problem in in_order(problems)
    ]


def has_errors(problems: Iterable[Problem]) -> bool:
    """Return whether any of the problems stops a build."""
    return any(problem.severity is Severity.ERROR for problem in problems)


def as_text(problems: Iterable[Problem]) -> str:
    """Return problems as people read them: place, sentence, excerpt, cure."""
    return "".join(_problem_text(problem) for problem in _sayable(problems))


def _problem_text(problem: Problem) -> str:
    place = problem.location
    position = f":{place.line}:{place.column}" if place.line else ""
    lines = [f"{printable(place.path)}{position}: {problem.severity}: {problem.message}"]
    if place.line and place.text:
        lines += _excerpt(place)
    if problem.hint:
        lines.append(f"  hint: {problem.hint}")
    return "\n".join(lines) + "\n"


def _excerpt(place: Location) -> list[str]:
    """Return the line and a row of carets below it, both cut to what a terminal shows."""
    room = 100
    start = max(0, place.column - 1 - room // 2) if place.column > room else 0
    window = place.text[start : start + room]
    before = printable(place.text[start : max(start, place.column - 1)], limit=10 * room)
    marked = printable(
        place.text[place.column - 1 : place.column - 1 + place.width], limit=10 * room
    )
    carets = "^" * max(1, min(len(marked), room - len(before)))
    label = f"{place.line:>4}"
    return [
        f"{label} | {printable(window, limit=10 * room)}",
        f"{' ' * 4} | {' ' * len(before)}{carets}",
    ]


def as_github(problems: Iterable[Problem]) -> str:
    """Return problems as workflow commands, which GitHub shows beside the changed lines."""
    rows = []
    for problem in _sayable(problems):
        place = problem.location
        where = f"file={_github_value(place.path)}"
        if place.line:
            where += f",line={place.line},col={place.column}"
        body = problem.message + (f" ({problem.hint})" if problem.hint else "")
        rows.append(f"::{problem.severity} {where},title={problem.code}::{_github_data(body)}\n")
    return "".join(rows)


def _github_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _github_value(text: str) -> str:
    return _github_data(printable(text)).replace(":", "%3A").replace(",", "%2C")


def as_json(problems: Iterable[Problem]) -> str:
    """Return problems as one JSON document: `{"problems": [{code, severity, path, …}]}`."""
    rows = [
        {
            "code": problem.code,
            "severity": problem.severity,
            "path": printable(problem.location.path),
            "line": problem.location.line,
            "column": problem.location.column,
            "message": problem.message,
            "hint": problem.hint,
        }
        for problem in _sayable(problems)
    ]
    return json.dumps({"problems": rows}, ensure_ascii=False, indent=2) + "\n"


def as_sarif(problems: Iterable[Problem]) -> str:
    """Return problems in SARIF 2.1.0, the format of code scanning services."""
    ordered = _sayable(problems)
    results = [
        {
            "ruleId": problem.code,
            "level": str(problem.severity),
            "message": {"text": problem.message + (f"; {problem.hint}" if problem.hint else "")},
            "locations": [{"physicalLocation": _sarif_place(problem.location)}],
        }
        for problem in ordered
    ]
    rules = [{"id": code} for code in sorted({problem.code for problem in ordered})]
    driver = {"name": "sitegen", "rules": rules}
    run = {"tool": {"driver": driver}, "results": results, "columnKind": "unicodeCodePoints"}
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _sarif_place(place: Location) -> dict[str, object]:
    physical: dict[str, object] = {"artifactLocation": {"uri": quote(printable(place.path))}}
    if place.line:
        physical["region"] = {"startLine": place.line, "startColumn": max(1, place.column)}
    return physical


PROBLEM_FORMATS: dict[str, Callable[[Iterable[Problem]], str]] = {
    "text": as_text,
    "github": as_github,
    "json": as_json,
    "sarif": as_sarif,
}
