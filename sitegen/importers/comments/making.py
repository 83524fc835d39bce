"""A comment as it was found -> the comment as its file will say it, and all that is different."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Mapping
from zoneinfo import ZoneInfo

import msgspec

from sitegen.errors import SiteError, quoted
from sitegen.importers.comments.dates import has_zone, moment_of
from sitegen.importers.comments.found import Found
from sitegen.importers.comments.html_text import canonical
from sitegen.importers.comments.words import lost_words
from sitegen.markup.untrusted.characters import plain_characters
from sitegen.markup.untrusted.formats import DEFAULT_FORMAT, TextFormat, render_comment
from sitegen.sources.comments import (
    FOLDER,
    INVISIBLE,
    MAX_BODY,
    WEB,
    Comment,
    dump_comment,
    parse_comment,
)
from sitegen.sources.dates import NotAMomentError

NOBODY = "Anonymous"
_MAX_SOURCE = 10 * MAX_BODY  # characters; not even its tags make a text of ours so much longer
# It is looked for at the beginnings of words only: one of a million letters is read once, not from each.
_EMAIL = re.compile(r"(?<![^\s@<>()\"',;:])[^\s@<>()\"',;:]+@[^\s@<>()\"',;:]+\.[^\s@<>()\"',;:]+")
_AVATAR = re.compile(r"gravatar\.com/avatar|/avatars?/|[0-9a-fA-F]{32}")
_FORMATS = {"html": DEFAULT_FORMAT, "html_lines": DEFAULT_FORMAT}


class Made(msgspec.Struct, frozen=True):
    """What became of one comment."""

    found: Found
    comment: Comment | None
    """None if it cannot be brought."""
    notes: tuple[str, ...] = ()
    """Why it cannot, or what is not as it was."""
    changes: tuple[str, ...] = ()
    """What the text format does not show as it stands in the file."""
    lost: tuple[str, ...] = ()
    """Words of the source that the page will not show."""


class Maker:
    """Makes comments for one site."""

    def __init__(self, zone: ZoneInfo, formats: Mapping[str, TextFormat], default: str) -> None:
        self._zone = zone
        self._formats = formats
        self._default = default

    def moment(self, found: Found) -> dt.datetime | None:
        """Return when a comment was written, or None if that cannot be told."""
        try:
            return moment_of(found.date, self._zone)
        except NotAMomentError:
            return None

    def make(self, found: Found, target: str, name: str, reply_to: str) -> Made:
        """Return the comment below `target` with this id, which answers `reply_to`."""
        date = self.moment(found)
        if date is None:
            said = f"its date {quoted(found.date)} is none" if found.date else "it has no date"
            return Made(found, None, (said,))
        path = f"{FOLDER}/{target}/{name}.yaml"
        notes = (
            []
            if has_zone(found.date)
            else [f"its date has no zone, so that of {self._zone} was taken"]
        )
        if found.removed:
            comment = Comment(path, name, target, date, reply_to=reply_to, removed=True)
            return self._checked(found, comment, notes)
        if len(found.body) > _MAX_SOURCE:
            return Made(found, None, (_too_long(found.body),))
        if found.kind == "as_is":
            url, subject, author, body = found.url, found.subject, found.author, found.body
        else:
            body = _body(found)
            author, url = _author(found, notes), _url(found, notes)
            subject = _subject(found, body, notes)
        if not body.strip():
            return Made(found, None, ("its text is empty",))
        if len(body) > MAX_BODY:
            return Made(found, None, (_too_long(body),))
        comment = Comment(
            path, name, target, date, author, body, reply_to, subject, url,
            format=found.format or _FORMATS.get(found.kind, "" if found.kind == "as_is" else found.kind),
            source=found.source if re.fullmatch(WEB, found.source) else "",
        )  # fmt: skip
        return self._checked(found, comment, notes)

    def _checked(self, found: Found, comment: Comment, notes: list[str]) -> Made:
        """Return a comment only if the site will be able to read it."""
        data = dump_comment(comment).encode("utf-8", "replace")
        try:
            comment = parse_comment(comment.path, data, self._zone)
        except SiteError as error:
            return Made(found, None, tuple(problem.message for problem in error.problems))
        text_format = self._formats.get(comment.format or self._default)
        if comment.removed or text_format is None:
            return Made(found, comment, tuple(notes))
        shown = render_comment(comment.body, text_format, "comment-")
        changes = tuple(f"{one.kind}: {quoted(one.found)}" for one in shown.changes)
        return Made(found, comment, tuple(notes), changes, lost_words(found, shown.html))


def _too_long(text: str) -> str:
    return f"its text has {len(text):,} characters, at most {MAX_BODY:,} are allowed"


def _body(found: Found) -> str:
    if found.kind in {"html", "html_lines"}:
        text = canonical(plain_characters(found.body), keeps_lines=found.kind == "html_lines")
    else:
        text = plain_characters(found.body).strip("\n").rstrip()
    return f"{text}\n" if 0 < len(text) < MAX_BODY else text


def _one_line(text: str, found: Found) -> str:
    text = html.unescape(text) if found.kind in {"html", "html_lines"} else text
    plain = "".join(
        character
        for character in plain_characters(text)
        if character in "\u200c\u200d" or character.isprintable() or character.isspace()
    )
    return " ".join(INVISIBLE.sub("", plain).split())


def _author(found: Found, notes: list[str]) -> str:
    """Return the name; an e-mail address in it is not published."""
    name = _one_line(found.author, found)
    if address := _EMAIL.search(name):
        notes.append("its name holds an e-mail address, which was left behind")
        rest = " ".join(_EMAIL.sub(" ", name).replace("<>", " ").split()).strip(" <>()\"'")
        name = rest or address[0].partition("@")[0]
    if len(name) > 80:
        notes.append(f"its name has {len(name)} characters and was cut")
        name = name[:79] + "…"
    if not name:
        notes.append(f"it has no name, so {NOBODY} was written")
    return name or NOBODY


def _url(found: Found, notes: list[str]) -> str:
    url = found.url.strip()
    if url and re.match(r"www\.|[\w-]+(\.[\w-]+)*\.[a-z]{2,}(/|$)", url):
        url = f"http://{url}"
    if not url or url in {"http://", "https://"}:
        return ""
    if _EMAIL.search(url) or _AVATAR.search(url):
        notes.append(
            "its web address holds an e-mail address or the hash of one, and was left behind"
        )
        return ""
    if re.fullmatch(WEB, url) and len(url) <= 2000 and plain_characters(url) == url:
        return url
    notes.append(f"its web address {quoted(url)} is none")
    return ""


def _subject(found: Found, body: str, notes: list[str]) -> str:
    """Return the subject; one that only repeats how the text begins is none."""
    subject = _one_line(found.subject, found)
    plain = " ".join(re.sub(r"<[^<>]*>", " ", body).split())
    if plain.startswith(subject.rstrip(" .…")):
        return ""
    if _EMAIL.search(subject):
        notes.append("its subject holds an e-mail address, which was left behind")
        subject = " ".join(_EMAIL.sub(" ", subject).split())
    if len(subject) > 120:
        notes.append(f"its subject has {len(subject)} characters and was cut")
        subject = subject[:119] + "…"
    return subject
