"""A form -> the comment's file and how it will look, or what is wrong field by field.

The file is judged by what judges it in `comments check`: `read_entry` and `thread`, where a
warning counts as an error.
"""

from __future__ import annotations

import datetime as dt
import re

import msgspec
from markupsafe import Markup

from sitegen.build.reading import read_entry
from sitegen.errors import Problem, SiteError
from sitegen.model.threads import thread
from sitegen.receiver.forms import Form
from sitegen.receiver.published import Article
from sitegen.sources.comments import FOLDER, Comment, dump_comment

FIELDS = ("author", "url", "subject", "body", "reply_to")


class Checked(msgspec.Struct, frozen=True):
    """What was found out about a form."""

    path: str
    """Of the comment's file, in the repository that takes it."""
    text: str
    """Of the comment's file."""
    html: Markup | None = None
    """How its body will look; None if there are faults."""
    faults: tuple[str, ...] = ()
    """The fields that have to be mended."""


def check(form: Form, article: Article, now: dt.datetime, name: str) -> Checked:
    """Return the file that a form becomes, judged as the reviewers' own check will judge it.

    Args:
        form: What was sent.
        article: What it answers.
        now: When it came; the fraction of a second is dropped.
        name: The comment's id.
    """
    inner = f"{FOLDER}/{article.key}/{name}.yaml"
    path = article.place + inner
    comment = Comment(
        path=inner,
        id=name,
        target=article.key,
        date=now.replace(microsecond=0),
        author=form.author,
        body=form.body,
        reply_to=form.reply_to,
        subject=form.subject,
        url=form.url,
    )
    try:
        text = dump_comment(comment)
        data = text.encode()
    except UnicodeEncodeError:
        return Checked(path, "", faults=tuple(one for one in FIELDS if _unfit(getattr(form, one))))
    warnings: list[Problem] = []
    try:
        entry = read_entry(article.config, inner, data, warnings)
    except SiteError as error:
        return Checked(path, text, faults=_fields_of(error.problems, text))
    if warnings or entry.comment.body != form.body:
        return Checked(path, text, faults=("body",))
    _, problems = thread((*article.thread, entry.comment))
    if any(problem.location.path == inner for problem in problems):
        return Checked(path, text, faults=("reply_to",))
    return Checked(path, text, entry.html)


def _unfit(text: str) -> bool:
    return re.search("[\ud800-\udfff]", text) is not None


def _fields_of(problems: tuple[Problem, ...], text: str) -> tuple[str, ...]:
    """Return the fields that problems of the file are about; the body's, if it cannot be told."""
    found = set()
    lines = text.split("\n")
    for problem in problems:
        named = re.fullmatch(r"key `([a-z_]+)` is missing", problem.message)
        above = lines[: problem.location.line][::-1]
        keys = (re.match(r"([a-z_]+): ", line) for line in above)
        key = named[1] if named else next((one[1] for one in keys if one), "")
        found.add(key if key in FIELDS else "body")
    return tuple(name for name in FIELDS if name in found)
