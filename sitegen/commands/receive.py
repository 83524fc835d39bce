"""`sitegen receive`: the form's end point, and what waits there."""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
from typing import TYPE_CHECKING, Any, NoReturn

import click

from sitegen.commands.console import FINE, PROBLEMS, Now
from sitegen.errors import printable

if TYPE_CHECKING:
    from sitegen.receiver.settings import Settings


@click.command()
@click.option(
    "--port",
    default=8080,
    show_default=True,
    metavar="N",
    type=click.IntRange(0, 65_535),
    help="Where to listen.",
)
@click.option(
    "--bind", default="127.0.0.1", metavar="ADDRESS", help="Who may connect; default this machine."
)
@click.option("--status", is_flag=True, help="Say what waits, and why; 1 if something is stuck.")
@click.option("--digest", is_flag=True, help="List what waits for review.")
@click.option(
    "--event",
    default=None,
    metavar="FILE",
    type=click.File("rb"),
    help="Take the one comment in a file of a GitHub event, without a server.",
)
@click.pass_obj
def receive(now: Now, /, *, port: int, bind: str, **asked: Any) -> None:
    """Take in comments by a form, and make a pull request of each.

    What it has to know is in the environment: at least SITEGEN_RECEIVE_REMOTE.
    """
    from sitegen.receiver.settings import SettingsError, from_environment

    try:
        settings = from_environment(os.environ)
    except SettingsError as error:
        raise click.UsageError(str(error)) from None
    if asked["event"]:
        _take_event(asked["event"].read(), settings, now)
    if asked["status"] or asked["digest"]:
        _report(settings, now, status=asked["status"])
    _serve(settings, now, bind, port)


def _take_event(data: bytes, settings: Settings, now: Now) -> NoReturn:
    from sitegen.receiver.events import form_of_event
    from sitegen.receiver.forms import FormError
    from sitegen.receiver.mirror import GitError
    from sitegen.receiver.without_server import RefusedError, receive

    try:
        form, name = form_of_event(data)
        click.echo(printable(receive(form, name, settings, now)))
    except (FormError, RefusedError, GitError) as error:
        for line in str(error).split("\n"):
            click.echo(printable(line), err=True)
        sys.exit(PROBLEMS)
    sys.exit(FINE)


def _report(settings: Settings, now: Now, *, status: bool) -> NoReturn:
    from sitegen.receiver import reports
    from sitegen.receiver.mirror import GitError
    from sitegen.receiver.starting import courier_of

    courier = courier_of(settings, now)
    if status:
        text, stuck = reports.status(courier, now())
        click.echo(text, nl=False)
        sys.exit(PROBLEMS if stuck else FINE)
    try:
        click.echo(reports.digest(courier, now()), nl=False)
    except GitError as error:
        click.echo(printable(str(error)), err=True)
        sys.exit(PROBLEMS)
    sys.exit(FINE)


def _serve(settings: Settings, now: Now, bind: str, port: int) -> None:
    """Listen until the process is told to end; what waits stays on the disk."""
    from sitegen.receiver.settings import SettingsError
    from sitegen.receiver.starting import listen, opened

    gc.enable()
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr
    )
    logging.getLogger("waitress").setLevel(logging.WARNING)
    try:
        receiver = opened(settings, now)
    except SettingsError as error:
        raise click.UsageError(str(error)) from None
    try:
        server: Any = listen(settings, receiver, bind, port)
    except ImportError:
        receiver.close()
        raise click.UsageError("waitress is missing: pip install 'sitegen[receiver]'") from None
    except OSError as error:
        receiver.close()
        said = error.strerror or error
        raise click.UsageError(f"cannot listen at {bind}, port {port}: {said}") from None
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    click.echo(f"receiving at http://{server.effective_host}:{server.effective_port}/", err=True)
    server.run()
    receiver.close()
