"""What became of each comment of an import -> what people are told, and lines for machines."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self

import click

from sitegen.commands.console import plural, refuse
from sitegen.errors import printable
from sitegen.importers.comments.report import NO_ARTICLE, kind_of

if TYPE_CHECKING:
    from sitegen.importers.comments.bringing import Brought
    from sitegen.importers.comments.report import Outcome, Totals

_SHOWN = 5
"""How many comments are printed that the same is to be said of."""


def print_missing(totals: Totals, map_file: Path | None) -> None:
    """Print the first pages that no article was found for, and what to do about all of them."""
    for page, (number, path, line) in list(totals.missing.items())[:_SHOWN]:
        place = f"{printable(path)}:{line}" if line else printable(path)
        click.echo(f"{place}: no article: {printable(page)}: {plural(number, 'comment')}", err=True)
    if totals.missing:
        filled = f"they are in {printable(str(map_file))}: fill them in"
        cure = filled if map_file else "name a file with --map"
        click.echo(f"{plural(len(totals.missing), 'page')} without an article; {cure}", err=True)


class Report:
    """Prints what people should look at, and writes everything for machines."""

    def __init__(self, path: Path | None, *, updates: bool) -> None:
        """Take the file for machines, `-` for standard output; and whether differences are shown."""
        self._path = path
        self._updates = updates
        self._stream: IO[str] | None = None
        self._shown: Counter[str] = Counter()
        self._more = 0
        self.on_stdout = path is not None and str(path) == "-"

    def __enter__(self) -> Self:
        if self.on_stdout:
            self._stream = sys.stdout
        elif self._path is not None:
            try:
                self._stream = self._path.open("w", encoding="utf-8", errors="backslashreplace")
            except OSError as error:
                refuse("--report", error.strerror or "it cannot be written")
        return self

    def __exit__(self, *exception: object) -> None:
        if self._stream is not None and not self.on_stdout:
            self._stream.close()

    def take(self, outcome: Outcome) -> None:
        """Write one outcome, and print it if somebody should look."""
        if self._stream is not None:
            import msgspec

            self._stream.write(msgspec.json.encode(outcome).decode("utf-8", "replace") + "\n")
        said = _said(outcome)
        if not said:
            return
        reason = kind_of(outcome.notes[0]) if outcome.notes else outcome.outcome
        self._shown[reason] += 1
        if outcome.outcome != "updated" and self._shown[reason] > _SHOWN:
            self._more += 1
            return
        place = (
            f"{printable(outcome.path)}:{outcome.line}" if outcome.line else printable(outcome.path)
        )
        click.echo(f"{place}: {printable(outcome.id, 80)}: {printable(said)}", err=True)
        if outcome.difference and (self._updates or outcome.outcome == "differs"):
            for line in outcome.difference.split("\n"):
                click.echo(f"  {printable(line, 400)}", err=True)

    def end(self, totals: Totals) -> None:
        """Write the counts."""
        if self._more:
            cure = "" if self._path else "; --report FILE has all"
            click.echo(f"… and {self._more} more{cure}", err=True)
        if self._stream is not None:
            self._stream.write(json.dumps({"totals": totals.as_json()}, ensure_ascii=False) + "\n")


def _said(outcome: Outcome) -> str:
    """Return what people should know about one comment; empty for what went as it should."""
    if outcome.outcome == "left":
        if outcome.notes == (NO_ARTICLE,):
            return ""  # its page is told once, with all its comments
        return f"left: {'; '.join(outcome.notes)}"
    if outcome.outcome == "differs":
        return "it is here and says something else; --update would write it anew"
    if outcome.outcome == "updated":
        return "written anew"
    if outcome.lost:
        return f"words that will not be shown: {' '.join(outcome.lost)}"
    return ""


def print_totals(done: Brought, *, dry_run: bool, err: bool) -> None:
    """Print how many comments were brought, and what was left and changed."""
    totals: Totals = done.totals
    fates = totals.fates
    if done.completed:
        files = plural(done.completed, "file")
        click.echo(f"an earlier import was cut off: its last {files} came first", err=True)
    rows = [f"{plural(totals.read, 'comment')} read"]
    tombs = f" ({totals.removed} as tombstones)" if totals.removed else ""
    rows.append(f"{fates['added']} {'would be added' if dry_run else 'added'}{tombs}")
    rows += [f"{fates[fate]} {word}" for fate, word in _FATES.items() if fates[fate]]
    click.echo(", ".join(rows), err=err)
    tables = (("left", totals.left), ("note", totals.notes), ("left behind", totals.private))
    for label, counts in tables:
        for reason, number in counts.most_common():
            click.echo(f"  {number:>6} {label}: {printable(reason)}", err=err)
    for kind, number in totals.changes.most_common():
        click.echo(f"  {number:>6} text: {kind}", err=err)
    if totals.addresses_in_texts:
        said = "text: an e-mail address stands in it, which its writer published"
        click.echo(f"  {totals.addresses_in_texts:>6} {said}", err=err)
    kept = sum(fates.values()) - fates["left"] - totals.losing
    if totals.losing:
        click.echo(f"{kept} keep every word, {totals.losing} do not", err=err)
    if not done.written:
        click.echo("nothing was written", err=True)


_FATES = {
    "updated": "updated",
    "unchanged": "here already",
    "differs": "here but different",
    "left": "left",
}
