"""The commands of those who write: serve, init, new, theme eject."""

from __future__ import annotations

import errno
import re
from pathlib import Path
from typing import Literal

import click

from sitegen.errors import printable
from sitegen.telling import Now, site_option, telling


@click.command()
@site_option
@click.option(
    "--port",
    default=8000,
    show_default=True,
    metavar="N",
    type=click.IntRange(0, 65_535),
    help="Where to listen; the next free port if this one is taken.",
)
@click.option(
    "--bind",
    default="127.0.0.1",
    metavar="ADDRESS",
    help="Who may connect; default this machine only, 0.0.0.0 for the whole network.",
)
@click.option("--drafts", is_flag=True, help="Show drafts.")
@click.option("--future", is_flag=True, help="Show articles whose date has not come.")
@click.option("--open", "browse", is_flag=True, help="Open the home page in a browser.")
@click.pass_obj
def serve(
    now: Now, /, *, root: Path, port: int, bind: str, drafts: bool, future: bool, browse: bool
) -> None:
    """Show the site on a local server, and build it anew as its files are saved."""
    import socket

    from sitegen.model.due import Clock
    from sitegen.serve import running

    def ready(url: str) -> None:
        if browse:
            import webbrowser

            webbrowser.open(url)

    settings = running.Settings(root, port, bind)
    try:
        running.serve(settings, lambda: Clock(now(), drafts, future), click.echo, ready)
    except (OSError, UnicodeError, OverflowError) as error:
        if (
            isinstance(error, OSError)
            and error.errno not in _NO_LISTENING
            and not isinstance(error, socket.gaierror)
        ):
            raise
        said = getattr(error, "strerror", None) or str(error)
        raise click.UsageError(f"cannot listen at {bind}, port {port}: {said}") from None


_NO_LISTENING = {errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES, errno.EAFNOSUPPORT}


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--comments-apart", "apart", is_flag=True, help="Keep comments in a repository of their own."
)
@click.pass_obj
@telling
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
@telling
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
@telling
def eject(*, root: Path, name: str, file: str) -> None:
    """Copy the template FILE of the theme into a theme of the site's own, to be changed there."""
    from sitegen.scaffold import themes
    from sitegen.sources.parameters import theme_name

    if name and not re.fullmatch(theme_name.schema["pattern"], name, re.ASCII):
        raise click.BadParameter("write the name of a folder in themes/", param_hint="'--theme'")
    done = themes.eject(root, file, name)
    click.echo(printable(done.path, 400))
    if not done.is_set:
        click.echo(f"Write `theme: {done.theme}` into config.yaml to use it.")
