"""`sitegen comments import`: another system's export -> comment files, and a report."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Any

import click

from sitegen.commands.console import (
    FINE,
    PROBLEMS,
    Progress,
    prints_problems,
    refuse,
    site_option,
)
from sitegen.errors import printable

SYSTEMS = (
    *("comentario", "commento", "disqus", "drupal", "github", "isso", "jekyll", "jsonl"),
    *("mastodon", "mbox", "remark42", "staticman", "webmention", "wordpress"),
)
FETCHED = ("github", "mastodon", "webmention")
"""Systems with a public API."""


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
    from sitegen.commands.import_report import Report, print_missing, print_totals
    from sitegen.importers.comments import fetching
    from sitegen.importers.comments.bringing import bring
    from sitegen.importers.comments.exports import Exports

    gc.enable()  # an export can be larger than memory, unlike a site
    _check(system, files, address)
    if address:
        files = (fetching.fetch(system, address, root, _tell_page),)
    size, read = Exports(files).size(), 0
    bars = (Progress("Reading"), Progress("Writing"))
    with bars[0] as progress, bars[1] as made, Report(report_file, updates=update) as report:

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
    print_totals(done, dry_run=dry_run, err=report.on_stdout)
    print_missing(done.totals, map_file)
    sys.exit(PROBLEMS if done.totals.missing else FINE)


def _tell_page(address: str) -> None:
    click.echo(printable(address, 400), err=True)


def _check(system: str, files: tuple[Path, ...], address: str) -> None:
    """Refuse what cannot be meant: neither files nor an address, or a system that nobody can ask."""
    if bool(files) == bool(address):
        refuse("FILES", "name files, or an address with --from")
    if address and system not in FETCHED:
        refuse("--from", f"{system} cannot be asked; these can: {', '.join(FETCHED)}")
