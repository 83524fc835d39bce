"""`sitegen comments`: review, check, render, new, remove and rename."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sitegen.commands.console import (
    FINE,
    PROBLEMS,
    Now,
    format_option,
    plural,
    print_counts,
    print_problems,
    prints_problems,
    refuse,
    site_option,
)
from sitegen.errors import printable

if TYPE_CHECKING:
    from sitegen.review.records import Review
    from sitegen.review.reviewing import Ground


@click.group()
def comments() -> None:
    """Review, check, render, write and remove comments."""


@comments.command("review")
@site_option
@click.option("--files", is_flag=True, help="Review files or folders that lie in comments/.")
@click.option(
    "--format",
    "form",
    default="text",
    type=click.Choice(["text", "markdown", "github", "json", "sarif", "html"]),
    help="How the review is written.",
)
@click.argument("places", metavar="[BASE[..HEAD] | PATH…]", nargs=-1)
@click.pass_obj
@prints_problems
def comments_review(
    now: Now, /, *, root: Path, files: bool, form: str, places: tuple[str, ...]
) -> None:
    """Show a reviewer what the comments of a branch say, how they will look, and what is odd.

    Compares HEAD with where it left BASE, by default the default branch. Ends with status 1 if
    something may not be merged as it is; hints decide nothing.
    """
    from sitegen.review import gathering

    if files:
        wanted = [Path(place) for place in places] or [gathering.comments_place(root)]
        review, ground = gathering.review_files(root, wanted, now())
    elif len(places) > 1:
        raise click.UsageError("name one BASE, or files with --files")
    else:
        review, ground = gathering.review_range(root, "".join(places), now())
    click.echo(_report(form, root, review, ground), nl=False)
    sys.exit(PROBLEMS if review.verdict == "fails" else FINE)


def _report(form: str, root: Path, review: Review, ground: Ground) -> str:
    """Return a review in a format; only what that needs is imported."""
    if form == "html":
        from sitegen.review.pages import as_page

        return as_page(root, review, ground)
    if form == "markdown":
        from sitegen.review.markdown import as_markdown

        return as_markdown(review)
    if form == "json":
        from sitegen.review.exchange import as_json

        return as_json(review)
    if form in {"github", "sarif"}:
        from sitegen.review.annotations import as_annotations, as_scan

        return as_annotations(review) if form == "github" else as_scan(review)
    from sitegen.review.terminal import as_terminal

    return as_terminal(review)


@comments.command("check")
@site_option
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@format_option
@click.option("--fix", is_flag=True, help="Move comments after an article that was moved.")
@prints_problems
def comments_check(*, root: Path, paths: tuple[Path, ...], form: str, fix: bool) -> None:
    """Check comment files: all of them, or those at PATHS. Warnings count as errors."""
    from sitegen.build.checks import check_comments

    if fix:
        from sitegen.build.following import follow_articles

        for old, new in follow_articles(root):
            click.echo(f"moved {printable(old)} to {printable(new)}", err=form != "text")
    checked, problems = check_comments(root, paths)
    print_problems(problems, form)
    print_counts(problems)
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
@prints_problems
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


@comments.command("new")
@site_option
@click.argument("article")
@click.option("--author", required=True, metavar="NAME", help="Who writes it.")
@click.option("--reply-to", default="", metavar="ID", help="The comment that is answered.")
@click.option("--subject", default="", help="A subject line.")
@click.option("--body", default=None, help="The text; default standard input.")
@click.option("--format-name", default="", metavar="NAME", help="Its text format.")
@click.pass_obj
@prints_problems
def comments_new(now: Now, /, *, root: Path, article: str, body: str | None, **said: str) -> None:
    """Write the file of a new comment on ARTICLE, and print its path.

    ARTICLE is a file below content/, or its content path, as in posts/trip.
    """
    from sitegen.review.keeping import new_comment

    if body is None:
        body = sys.stdin.buffer.read().decode("utf-8", "replace")
    click.echo(printable(new_comment(root, article, body, now(), **said), 400))


@comments.command("remove")
@site_option
@click.argument("path", type=click.Path(path_type=Path))
@prints_problems
def comments_remove(root: Path, path: Path) -> None:
    """Take the comment at PATH away; if it has replies, a tombstone keeps their place."""
    from sitegen.review.keeping import remove_comment

    for done in remove_comment(root, path):
        click.echo(printable(done, 400))


@comments.command("rename")
@site_option
@click.argument("path", type=click.Path(path_type=Path))
@click.argument("name", metavar="ID")
@prints_problems
def comments_rename(root: Path, path: Path, name: str) -> None:
    """Give the comment at PATH another id, and tell its replies."""
    from sitegen.review.keeping import rename_comment

    for done in rename_comment(root, path, name):
        click.echo(printable(done, 400))
