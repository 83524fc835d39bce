"""`sitegen import`: another generator's folder -> articles and pages of a site."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sitegen.commands.console import (
    FINE,
    PROBLEMS,
    format_option,
    plural,
    print_counts,
    print_problems,
    prints_problems,
)
from sitegen.errors import has_errors

SYSTEMS = ("hugo", "jekyll", "pelican")


@click.command("import")
@click.argument("system", type=click.Choice(SYSTEMS))
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option(
    "--to",
    "site",
    default=".",
    type=click.Path(path_type=Path, file_okay=False),
    help="The site's folder; made if it is not there.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be brought and what would not.")
@format_option
@prints_problems
def import_site(*, system: str, folder: Path, site: Path, dry_run: bool, form: str) -> None:
    """Bring articles, pages and files from the FOLDER of another generator.

    What could not be brought, or not as it was, is told with its place. No file is written over.
    """
    from sitegen.importers.moving import move

    moved = move(system, folder, site, dry_run=dry_run)
    print_problems(moved.problems, form)
    counts = (plural(number, kind) for kind, number in sorted(moved.counts.items()))
    print_counts(moved.problems)
    found = ", ".join(counts) or "nothing"
    click.echo(f"{found} {'brought' if moved.written else 'found'}", err=form != "text")
    if not moved.written:
        click.echo("nothing was written", err=True)
    in_the_way = not moved.written and not dry_run
    sys.exit(PROBLEMS if in_the_way or has_errors(moved.problems) else FINE)
