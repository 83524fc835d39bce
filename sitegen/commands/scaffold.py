"""`sitegen init`, `new`, `theme eject`: the files that an author begins with."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import click

from sitegen.commands.console import Now, prints_problems, site_option
from sitegen.errors import printable


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--comments-apart", "apart", is_flag=True, help="Keep comments in a repository of their own."
)
@click.pass_obj
@prints_problems
def init(now: Now, /, *, folder: Path, apart: bool) -> None:
    """Make a new site in DIR that can be built at once."""
    from sitegen.scaffold.sites import new_site

    for path in new_site(folder, now(), apart=apart):
        click.echo(path)
    place = printable(folder.as_posix())
    click.echo(
        f"\nLook at it with `sitegen serve --site {place}`; `config.yaml` is the first to edit."
    )


@click.command()
@site_option
@click.option(
    "--folder",
    default=None,
    metavar="FOLDER",
    help="Below content/; default articles for an article, the top for a page.",
)
@click.argument("kind", type=click.Choice(["article", "page"]))
@click.argument("title")
@click.pass_obj
@prints_problems
def new(
    now: Now, /, *, root: Path, folder: str | None, kind: Literal["article", "page"], title: str
) -> None:
    """Make the file of a new article or page, as a draft, and print its path."""
    from sitegen.scaffold.documents import new_document

    where = folder if folder is not None else {"article": "articles", "page": ""}[kind]
    if Path(where).is_absolute() or ".." in Path(where).parts:
        raise click.BadParameter("name a folder below content/", param_hint="'--folder'")
    click.echo(printable(new_document(root, kind, title, where, now()), 400))


@click.group()
def theme() -> None:
    """Change how the site looks."""


@theme.command()
@site_option
@click.option(
    "--theme",
    "name",
    default="",
    metavar="NAME",
    help="The theme that gets it; default the site's own, which is made if there is none.",
)
@click.argument("file")
@prints_problems
def eject(*, root: Path, name: str, file: str) -> None:
    """Copy the template FILE of the theme into a theme of the site's own, to be changed there."""
    from sitegen.scaffold import themes
    from sitegen.sources.theme_parameters import theme_name

    if name and not re.fullmatch(theme_name.schema["pattern"], name, re.ASCII):
        raise click.BadParameter("write the name of a folder in themes/", param_hint="'--theme'")
    done = themes.eject(root, file, name)
    click.echo(printable(done.path, 400))
    if not done.is_set:
        click.echo(f"Write `theme: {done.theme}` into config.yaml to use it.")
