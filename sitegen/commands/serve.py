"""`sitegen serve`: the site on a local server while it is written."""

from __future__ import annotations

import errno
from pathlib import Path

import click

from sitegen.commands.console import Now, site_option

_NO_LISTENING = {errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES, errno.EAFNOSUPPORT}


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

    from sitegen.model.schedule import Clock
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
