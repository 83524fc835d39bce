"""The commands of those who look after comments: comments check, render."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sitegen.telling import (
    FINE,
    PROBLEMS,
    count,
    format_option,
    plural,
    refuse,
    site_option,
    tell,
    telling,
)


@click.group()
def comments() -> None:
    """Check and render comments."""


@comments.command("check")
@site_option
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@format_option
def comments_check(root: Path, paths: tuple[Path, ...], form: str) -> None:
    """Check comment files: all of them, or those at PATHS. Warnings count as errors."""
    from sitegen.build.checks import check_comments

    checked, problems = check_comments(root, paths)
    tell(problems, form)
    count(problems)
    click.echo(f"{plural(checked, 'comment')} checked", err=form != "text")
    sys.exit(PROBLEMS if problems else FINE)


@comments.command("render")
@site_option
@click.option(
    "--format-name", default=None, metavar="NAME", help="Text format; default restricted_html."
)
@click.option(
    "--jsonl",
    is_flag=True,
    help='One {"id", "body", "format"} a line in, one {"id", "html", "changes"} a line out.',
)
@telling
def comments_render(root: Path, format_name: str | None, jsonl: bool) -> None:
    """Render the text on standard input as the build would."""
    from sitegen.build import rendering

    formats = rendering.text_formats(root)
    source = sys.stdin.buffer
    if jsonl:
        sys.exit(
            PROBLEMS if rendering.render_lines(source, formats, format_name, click.echo) else FINE
        )
    name = format_name or "restricted_html"
    if name not in formats:
        refuse("--format-name", f"known: {', '.join(sorted(formats))}")
    click.echo(rendering.render_text(source.read(), formats[name]), nl=False)
