"""Arguments in, exit status out: 0 fine, 1 the site has problems, 2 wrong usage."""

from __future__ import annotations

import datetime as dt
import gc
import os
import sys

import click

from sitegen.commands.build import build, check
from sitegen.commands.comments import comments
from sitegen.commands.comments_export import comments_erase, comments_export
from sitegen.commands.comments_import import comments_import
from sitegen.commands.completion import completion
from sitegen.commands.console import refuse
from sitegen.commands.import_site import import_site
from sitegen.commands.receive import receive
from sitegen.commands.scaffold import init, new, theme
from sitegen.commands.schema import schema
from sitegen.commands.serve import serve
from sitegen.commands.version import version_option


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@version_option
@click.pass_context
def main(context: click.Context) -> None:
    """Build a site from Markdown articles and comment files."""
    context.obj = now
    gc.disable()  # a command is over before collecting would pay
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


for command in (
    init,
    new,
    serve,
    theme,
    import_site,
    comments,
    receive,
    build,
    check,
    schema,
    completion,
):
    main.add_command(command)
for command in (comments_import, comments_export, comments_erase):
    comments.add_command(command)


def now() -> dt.datetime:
    """Return what every command takes for the present: SOURCE_DATE_EPOCH, else the clock."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return clock()
    if not epoch.isascii() or not epoch.isdigit() or len(epoch) > 11:
        refuse("SOURCE_DATE_EPOCH", "it is not a number of seconds since 1970")
    return dt.datetime.fromtimestamp(int(epoch), dt.UTC)


def clock() -> dt.datetime:
    """Return the time, to the microsecond."""
    return dt.datetime.now(dt.UTC)  # noqa: TID251 - the one place where the clock enters
