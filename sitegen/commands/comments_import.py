"""`sitegen comments import`: another system's export -> comment files, and a report."""

from __future__ import annotations

import gc
import json
import sys
from collections import Counter
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

import click

from sitegen.commands.console import (
    FINE,
    PROBLEMS,
    Progress,
    plural,
    prints_problems,
    refuse,
    site_option,
)
from sitegen.errors import printable
from sitegen.importers.comments.report import NO_ARTICLE, kind_of

if TYPE_CHECKING:
    from sitegen.importers.comments.bringing import Brought
    from sitegen.importers.comments.report import Outcome, Totals

SYSTEMS = (
    *("comentario", "commento", "disqus", "drupal", "github", "isso", "jekyll", "jsonl"),
    *("mastodon", "mbox", "remark42", "staticman", "webmention", "wordpress"),
)
FETCHED = ("github", "mastodon", "webmention")
"""Systems with a public API."""
_SHOWN = 5
"""How many comments are printed that the same is to be said of."""


@click.command("import")
@click.argument("system", type=click.Choice(SYSTEMS))
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True))
@site_option
@click.option(
    "--from",
    "address",
    default="",
    metavar="URL",
    help="github, mastodon, webmention: fetch from there, over HTTPS, instead of reading FILES.",
)
@click.option(
    "--map",
    "map_file",
    default=None,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Lines of `page -> content path`; pages without an article are added, for you to fill in.",
)
@click.option(
    "--report",
    "report_file",
    default=None,
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="Write what became of each comment here, one JSON object a line, the counts last.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be brought and what would not.")
@click.option(
    "--update", is_flag=True, help="Write comments anew that the export has otherwise; shows how."
)
@click.option(
    "--order",
    default="name",
    type=click.Choice(["name", "date"]),
    help="staticman: how comments are counted where a reply names a position; default name.",
)
@click.option(
    "--text",
    default=None,
    type=click.Choice(["html", "markdown", "plain_text"]),
    help="staticman, jekyll: how texts are written; default: each is looked at.",
)
@click.option(
    "--pingbacks", is_flag=True, help="wordpress, webmention: bring mentions by other sites too."
)
@prints_problems
def comments_import(
    *,
    system: str,
    files: tuple[Path, ...],
    root: Path,
    address: str,
    map_file: Path | None,
    report_file: Path | None,
    dry_run: bool,
    update: bool,
    **reading: Any,
) -> None:
    """Bring comments into the site from the FILES or folders of another SYSTEM.

    All of them are written, or none is; what is there already stays as it is. No e-mail
    address, no picture, no address of a machine is ever written.
    """
    from sitegen.importers.comments import fetching
    from sitegen.importers.comments.bringing import bring
    from sitegen.importers.comments.exports import Exports

    gc.enable()  # an export can be larger than memory, unlike a site
    _check(system, files, address)
    if address:
        files = (fetching.fetch(system, address, root, lambda said: click.echo(said, err=True)),)
    size, read = Exports(files).size(), 0
    bars = (Progress("Reading"), Progress("Writing"))
    with bars[0] as progress, bars[1] as made, _Report(report_file, updates=update) as report:

        def step(count: int) -> None:
            nonlocal read
            read += count
            progress(read, size)

        exports = Exports(files, step=step, **reading)
        asked: dict[str, Any] = {"map_file": map_file, "update": update, "dry_run": dry_run}
        done = bring(system, exports, root, report.take, made=made, **asked)
        report.end(done.totals)
    if address and not dry_run:
        fetching.forget(files[0])
    _summarise(done, dry_run=dry_run, err=report.on_stdout)
    _tell_missing(done.totals, map_file)
    sys.exit(PROBLEMS if done.totals.missing else FINE)


def _check(system: str, files: tuple[Path, ...], address: str) -> None:
    """Refuse what cannot be meant: neither files nor an address, or a system that nobody can ask."""
    if bool(files) == bool(address):
        refuse("FILES", "name files, or an address with --from")
    if address and system not in FETCHED:
        refuse("--from", f"{system} cannot be asked; these can: {', '.join(FETCHED)}")


def _tell_missing(totals: Totals, map_file: Path | None) -> None:
    """Print the first pages that no article was found for, and what to do about all of them."""
    for page, (number, path, line) in list(totals.missing.items())[:_SHOWN]:
        place = f"{printable(path)}:{line}" if line else printable(path)
        click.echo(f"{place}: no article: {printable(page)}: {plural(number, 'comment')}", err=True)
    if totals.missing:
        filled = f"they are in {printable(str(map_file))}: fill them in"
        cure = filled if map_file else "name a file with --map"
        click.echo(f"{plural(len(totals.missing), 'page')} without an article; {cure}", err=True)


class _Report:
    """Prints what people should look at, and writes everything for machines."""

    def __init__(self, path: Path | None, *, updates: bool) -> None:
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


def _summarise(done: Brought, *, dry_run: bool, err: bool) -> None:
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
