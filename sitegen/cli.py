"""Arguments in, exit status out: 0 fine, 1 the site has problems, 2 wrong usage."""

from __future__ import annotations

import datetime as dt
import functools
import gc
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sitegen import __version__, arrivals, authors, departures, migrating, moderation, receiving
from sitegen.errors import has_errors, printable
from sitegen.telling import (
    FINE,
    PROBLEMS,
    Progress,
    count,
    format_option,
    plural,
    refuse,
    site_option,
    tell,
)

if TYPE_CHECKING:
    from sitegen.build.pipeline import Options, Report

SCHEMAS = ("config", "front-matter", "comment", "comment-line", "theme", "review")


def build_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that build and check share: what is due, where it will be, how strict to be."""
    for option in (
        format_option,
        click.option("--strict", is_flag=True, help="Take warnings for errors."),
        click.option(
            "--now",
            default=None,
            metavar="TIME",
            help="Build as if at this time; default SOURCE_DATE_EPOCH, else the clock.",
        ),
        click.option("--future", is_flag=True, help="Publish articles whose date has not come."),
        click.option("--drafts", is_flag=True, help="Publish drafts."),
        click.option(
            "--base-url",
            default=None,
            metavar="URL",
            help="Address of the home page, instead of config.yaml's.",
        ),
        site_option,
    ):
        command = option(command)
    return command


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="sitegen %(version)s")
@click.pass_context
def main(context: click.Context) -> None:
    """Build a site from Markdown articles and comment files."""
    context.obj = functools.partial(_now, None)
    gc.disable()  # a command is over before collecting would pay
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


for command in (
    *(authors.init, authors.new, authors.serve, authors.theme),
    arrivals.import_site,
    moderation.comments,
    receiving.receive,
):
    main.add_command(command)
for command in (migrating.comments_import, departures.comments_export, departures.comments_erase):
    moderation.comments.add_command(command)


@main.command()
@build_options
@click.option(
    "--output",
    default=None,
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the site is written; default output/ in the site's folder.",
)
@click.option(
    "--jobs",
    default=0,
    metavar="N",
    type=click.IntRange(0),
    help="Processes; default one a processor.",
)
@click.option(
    "--no-cache", is_flag=True, help="Neither use nor keep what earlier builds found out."
)
@click.option("--verify", is_flag=True, help="Then build anew elsewhere and compare every byte.")
@click.option(
    "--explain", default="", metavar="PATH", help="Say why this output is made or left alone."
)
@click.option(
    "--changes",
    default=None,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the changed and removed outputs to this file, as JSON.",
)
def build(
    *, no_cache: bool, changes: Path | None, verify: bool, explain: str, **asked: Any
) -> None:
    """Build the site; nothing is written unless everything is fine."""
    started = time.perf_counter()
    options = _options(
        **asked, remember=not no_cache, explain=explain.replace("\\", "/").lstrip("/")
    )
    report = _run(options, asked["form"])
    _summarise(report, time.perf_counter() - started, for_people=asked["form"] == "text")
    if report.written and changes:
        import json

        changed, removed = report.written.changed, report.written.removed
        text = json.dumps({"changed": changed, "removed": removed}, indent=1)
        changes.write_text(f"{text}\n", encoding="utf-8")
    if report.written and verify:
        _verify(options, asked["form"])
    sys.exit(PROBLEMS if report.written is None else FINE)


@main.command()
@build_options
def check(**asked: Any) -> None:
    """Say everything that build would say, and check links and anchors, without writing."""
    report = _run(_options(**asked, output=None, write=False), asked["form"])
    count(report.problems)
    sys.exit(PROBLEMS if has_errors(report.problems) else FINE)


def _options(
    *,
    root: Path,
    output: Path | None,
    base_url: str | None,
    drafts: bool,
    future: bool,
    now: str | None,
    form: str,
    **others: Any,
) -> Options:
    """Return what the command line asks for."""
    from sitegen.build.pipeline import Options
    from sitegen.model.due import Clock

    del form
    if base_url is not None:
        from sitegen.sources.config import base_url as checked_base_url

        cure = "write an address such as https://example.org/"
        base_url = checked_base_url(base_url) or refuse("--base-url", cure)
    clock = Clock(_now(now), drafts, future)
    return Options(root, output or root / "output", clock, base_url, **others)


def _run(options: Options, form: str) -> Report:
    """Build or check a site and print its problems."""
    from sitegen.build.pipeline import build

    def waiting() -> None:
        click.echo("waiting for another build of this site to end", err=True)

    with Progress("Building") as progress:
        report = build(options, progress, waiting)
    tell(report.problems, form)
    return report


def _verify(options: Options, form: str) -> None:
    """Compare the output with that of a clean build; leave with an error if they differ."""
    from sitegen.build.verify import differences

    problems = differences(options)
    tell(problems, form)
    if problems:
        click.echo(f"{plural(len(problems), 'output')} differ from a clean build", err=True)
        sys.exit(PROBLEMS)
    click.echo("the output is that of a clean build, byte for byte")


def clock() -> dt.datetime:
    """Return the time, to the microsecond."""
    return dt.datetime.now(dt.UTC)  # noqa: TID251 - the one place where the clock enters


def _now(text: str | None) -> dt.datetime:
    """Return the moment of the build: the option, else SOURCE_DATE_EPOCH, else the clock."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if text is None and epoch:
        if not epoch.isascii() or not epoch.isdigit() or len(epoch) > 11:
            refuse("SOURCE_DATE_EPOCH", "it is not a number of seconds since 1970")
        return dt.datetime.fromtimestamp(int(epoch), dt.UTC)
    if text is None:
        return clock()
    from zoneinfo import ZoneInfo

    from sitegen.sources.moments import NotAMomentError, parse_moment

    try:
        return parse_moment(text, ZoneInfo("UTC"))
    except NotAMomentError as error:
        reason, hint = error.args
        refuse("--now", f"{reason}; {hint}")


def _summarise(report: Report, seconds: float, *, for_people: bool) -> None:
    """Say what was built; where machines read problems on standard output, beside it."""
    for held in report.held_back:
        due = f", due {held.due.isoformat()}" if held.reason == "future" and held.due else ""
        since = f" since {held.due.isoformat()}" if held.reason == "expired" and held.due else ""
        click.echo(f"not published: {printable(held.path)}: {held.reason}{since}{due}", err=True)
    if report.next_change:
        click.echo(f"next scheduled change: {report.next_change.isoformat()}", err=True)
    if report.explanation:
        click.echo(report.explanation, err=not for_people)
    count(report.problems)
    if report.written is None:
        click.echo("nothing was written", err=True)
        return
    written = report.written
    click.echo(
        f"{plural(report.articles, 'article')}, {plural(report.comments, 'comment')}: "
        f"{len(written.changed)} written, {written.unchanged} unchanged, {len(written.removed)} removed "
        f"in {seconds:.2f} s",
        err=not for_people,
    )


@main.command()
@click.argument("name", type=click.Choice(SCHEMAS))
@site_option
def schema(name: str, root: Path) -> None:
    """Print the JSON Schema of a kind of file, for editors and CI.

    That of the front matter has the taxonomies of the site.
    """
    import json

    from sitegen import disk
    from sitegen.review.exchange import json_schema
    from sitegen.sources import comment_lines, comments, config, front_matter, theme
    from sitegen.sources.schema import Key, keys_schema

    settings = disk.find(root, disk.CONFIG)
    taxonomies = config.stand_in(disk.read(settings)).taxonomies if settings else ()
    tables: dict[str, tuple[tuple[Key, ...], str]] = {
        "config": (config.KEYS, "config.yaml of a sitegen site"),
        "front-matter": (front_matter.keys_for(taxonomies), "Front matter of an article or page"),
        "comment": (comments.KEYS, "One comment: comments/<content path>/<id>.yaml"),
        "comment-line": (comment_lines.KEYS, "One line of `sitegen comments export`"),
        "theme": (theme.KEYS, "theme.yaml of a sitegen theme"),
    }
    keys, about = tables.get(name, ((), ""))
    described = keys_schema(keys, f"sitegen {name}", about) if keys else json_schema()
    click.echo(json.dumps(described, indent=2, ensure_ascii=False))
