"""`sitegen comments export` and `erase`: comments out of a site."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO

import click

from sitegen.commands.console import (
    FINE,
    PROBLEMS,
    plural,
    print_problems,
    prints_problems,
    site_option,
)
from sitegen.errors import printable

EXPORTS = ("jsonl", "wordpress", "disqus")


@click.command("export")
@click.argument("system", type=click.Choice(EXPORTS), default="jsonl")
@site_option
@click.option("--author", default="", metavar="NAME", help="Only what this person wrote.")
@click.option(
    "--output",
    default="-",
    type=click.File("w", encoding="utf-8", lazy=True),
    help="Write to this file instead of the terminal.",
)
@prints_problems
def comments_export(*, system: str, root: Path, author: str, output: IO[str]) -> None:
    """Write all comments in the form of another SYSTEM: jsonl (ours), wordpress or disqus.

    A file that cannot be read is told, and the others are written all the same.
    """
    from sitegen.leaving.exporting import EXPORTS as WRITERS
    from sitegen.leaving.gathering import Gathering, same_name

    site = Gathering(root)
    for piece in WRITERS[system](site, lambda one: not author or same_name(one.author, author)):
        output.write(piece)
    print_problems(site.problems, "text")
    sys.exit(PROBLEMS if site.problems else FINE)


@click.command("erase")
@site_option
@click.option("--author", required=True, metavar="NAME", help="Whose comments; as it is written.")
@click.option("--dry-run", is_flag=True, help="Only say what would be erased.")
@prints_problems
def comments_erase(*, root: Path, author: str, dry_run: bool) -> None:
    """Replace what a person wrote by tombstones, so that threads stay and nothing of the person does.

    Comments of others that hold the name are listed. The history in git still has everything.
    """
    from sitegen.leaving.erasing import erase

    erased = erase(root, author, dry_run=dry_run)
    for path in erased.paths:
        click.echo(printable(path, 400))
    for path in erased.mentions:
        said = "the name stands in this comment of somebody else"
        click.echo(f"{printable(path, 400)}: {said}", err=True)
    word = "would be erased" if dry_run else "erased"
    click.echo(f"{plural(len(erased.paths), 'comment')} {word}", err=True)
