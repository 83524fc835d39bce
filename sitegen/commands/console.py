"""What the commands share: the options for the site and the format, and what is said on the terminal."""

from __future__ import annotations

import datetime as dt
import functools
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NoReturn

import click

from sitegen.errors import PROBLEM_FORMATS, Problem, Severity, SiteError

FINE, PROBLEMS = 0, 1
Now = Callable[[], dt.datetime]
"""What a command asks for the time: the context's object."""

site_option = click.option(
    "--site",
    "root",
    default=".",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="The site's folder.",
)
format_option = click.option(
    "--format",
    "form",
    default="text",
    type=click.Choice(list(PROBLEM_FORMATS)),
    help="How problems are written.",
)


def print_problems(problems: Iterable[Problem], form: str) -> None:
    """Print problems: for people on standard error, for machines on standard output."""
    click.echo(PROBLEM_FORMATS[form](problems), nl=False, err=form == "text")


def print_counts(problems: tuple[Problem, ...]) -> None:
    """Say on standard error how many problems there are, if there are any."""
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    warnings = len(problems) - errors
    if problems:
        click.echo(f"{plural(errors, 'error')}, {plural(warnings, 'warning')}", err=True)


def plural(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> plural(2, "comment")
    '2 comments'
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def refuse(option: str, reason: str) -> NoReturn:
    """End with status 2, since an option's value cannot be meant."""
    raise click.BadParameter(reason, param_hint=f"'{option}'")


def prints_problems(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let problems of the site be printed, and the command end with status 1."""

    @functools.wraps(command)
    def command_that_prints(*arguments: Any, **options: Any) -> None:
        try:
            command(*arguments, **options)
        except SiteError as error:
            print_problems(error.problems, "text")
            sys.exit(PROBLEMS)

    return command_that_prints


class Progress:
    """A bar on a terminal, once a work has taken more than a second."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.started = time.monotonic()
        self.bar: Any = None

    def __enter__(self) -> Callable[[int, int], None]:
        return self.step

    def __exit__(self, *exception: object) -> None:
        if self.bar is not None:
            self.bar.render_finish()

    def step(self, done: int, total: int) -> None:
        """Show that so much of the whole is done."""
        if self.bar is None:
            if not sys.stderr.isatty() or time.monotonic() - self.started < 1:
                return
            self.bar = click.progressbar(
                length=total, file=sys.stderr, label=self.label, update_min_steps=25
            )
        self.bar.update(done - self.bar.pos)
        if done >= total:
            self.bar.render_finish()
            self.bar = None
