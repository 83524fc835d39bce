"""`sitegen build` and `check`: what is asked -> a build, and what was found and written."""

from __future__ import annotations

import datetime as dt
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sitegen.commands.console import (
    FINE,
    PROBLEMS,
    Now,
    Progress,
    format_option,
    plural,
    print_counts,
    print_problems,
    refuse,
    site_option,
)
from sitegen.commands.remote_cache import remote_cache_options
from sitegen.errors import has_errors, printable

if TYPE_CHECKING:
    from sitegen.build.pipeline import Options, Report

_ADDRESS = re.compile(r"dask://[^\s/]+:[0-9]{1,5}|[A-Za-z_][\w.]*:[A-Za-z_][\w.]*", re.ASCII)


def _moment(
    _context: click.Context, _option: click.Parameter, text: str | None
) -> dt.datetime | None:
    """Return what --now names, if it is given."""
    if text is None:
        return None
    from zoneinfo import ZoneInfo

    from sitegen.sources.dates import NotAMomentError, parse_moment

    try:
        return parse_moment(text, ZoneInfo("UTC"))
    except NotAMomentError as error:
        reason, hint = error.args
        refuse("--now", f"{reason}; {hint}")


def _executor(_context: click.Context, _option: click.Parameter, address: str) -> str:
    """Return the address of an executor, if it can be one."""
    if address and not _ADDRESS.fullmatch(address):
        refuse("--executor", "write dask://HOST:PORT or module:factory")
    return address


def _build_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that build and check share: what is due, where it will be, how strict to be."""
    for option in (
        format_option,
        click.option("--strict", is_flag=True, help="Take warnings for errors."),
        click.option(
            "--now",
            "moment",
            default=None,
            metavar="TIME",
            callback=_moment,
            help="Build as if at this time; default SOURCE_DATE_EPOCH, else the clock.",
        ),
        click.option(
            "--executor",
            default="",
            metavar="ADDRESS",
            callback=_executor,
            help="Who reads and renders: dask://HOST:PORT or module:factory.",
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


@click.command()
@_build_options
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
    help="Processes, or workers of the executor; default as many as there are.",
)
@click.option(
    "--no-cache", is_flag=True, help="Neither use nor keep what earlier builds found out."
)
@remote_cache_options
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
@click.pass_obj
def build(
    now: Now, /, *, no_cache: bool, changes: Path | None, verify: bool, explain: str, **asked: Any
) -> None:
    """Build the site; nothing is written unless everything is fine."""
    started = time.perf_counter()
    options = _options(
        now=now, **asked, remember=not no_cache, explain=explain.replace("\\", "/").lstrip("/")
    )
    report = _run(options, asked["form"])
    _summarise(report, time.perf_counter() - started, for_people=asked["form"] == "text")
    if report.written and changes:
        import json

        changed, removed = report.written.changed, report.written.removed
        text = json.dumps({"changed": changed, "removed": removed}, indent=1)
        try:
            changes.write_text(f"{text}\n", encoding="utf-8")
        except OSError as error:
            refuse("--changes", error.strerror or "it cannot be written")
    if report.written and verify:
        _verify(options, asked["form"])
    sys.exit(PROBLEMS if report.written is None else FINE)


@click.command()
@_build_options
@click.pass_obj
def check(now: Now, /, **asked: Any) -> None:
    """Say everything that build would say, and check links and anchors, without writing."""
    report = _run(_options(now=now, **asked, output=None, write=False), asked["form"])
    print_counts(report.problems)
    sys.exit(PROBLEMS if has_errors(report.problems) else FINE)


def _options(
    *,
    now: Now,
    root: Path,
    output: Path | None,
    base_url: str | None,
    drafts: bool,
    future: bool,
    moment: dt.datetime | None,
    form: str,
    **others: Any,
) -> Options:
    """Return what the command line asks for."""
    from sitegen.build.pipeline import Options
    from sitegen.model.schedule import Clock

    del form
    if base_url is not None:
        from sitegen.sources.config_kinds import base_url as checked_base_url

        cure = "write an address such as https://example.org/"
        base_url = checked_base_url(base_url) or refuse("--base-url", cure)
    clock = Clock(moment or now(), drafts, future)
    return Options(root, output or root / "output", clock, base_url, **others)


def _run(options: Options, form: str) -> Report:
    """Build or check a site and print its problems."""
    from sitegen.build.pipeline import build

    def waiting() -> None:
        click.echo("waiting for another build of this site to end", err=True)

    with Progress("Building") as progress:
        report = build(options, progress, waiting)
    print_problems(report.problems, form)
    return report


def _verify(options: Options, form: str) -> None:
    """Compare the output with that of a clean build; leave with an error if they differ."""
    from sitegen.build.verify import differences

    problems = differences(options)
    print_problems(problems, form)
    if problems:
        click.echo(f"{plural(len(problems), 'output')} differ from a clean build", err=True)
        sys.exit(PROBLEMS)
    click.echo("the output is that of a clean build, byte for byte")


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
    print_counts(report.problems)
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
