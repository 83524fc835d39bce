"""Comments by mail: an mbox, or one file a mail; or mails that hold a comment's file as text.

The article stands in the subject, as its path or its title's slug, or behind a `+` in the
address; an answer belongs where the mail that it answers belongs. A mail whose text is the
YAML of a comment's file, as the site's own link for mail writes it, is that comment.
"""

from __future__ import annotations

import email
import email.policy
import hashlib
import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import getaddresses, parseaddr
from zoneinfo import ZoneInfo

from sitegen.errors import Location, SiteError
from sitegen.importers.comments.exports import Export, Exports
from sitegen.importers.comments.found import Found, TextKind
from sitegen.sources.comments import FOLDER, parse_comment
from sitegen.sources.strict_yaml import STRANGERS

_SEPARATOR = re.compile(rb"From \S*.*\d{4}")
_ESCAPED = re.compile(rb">+From ")
_MOST = 10 << 20  # bytes of one mail that are looked at; the rest is attachments
_ANSWER = re.compile(r"^(?:\s*(?:re|aw|fwd?|wg|sv|antw)\s*:)+\s*", re.IGNORECASE)
_PATH = re.compile(rf"{FOLDER}/([^\s:*?\"<>|]{{1,255}})/([a-z0-9][a-z0-9._-]{{0,79}})\.yaml")
_KEYS = ("author:", "date:", "reply_to:", "subject:", "url:", "format:", "body:")
_ANNOUNCES = re.compile(r"[^>]{0,200}:")
"""The line before a mail that is quoted: `On Monday, Jo wrote:`."""


def found_in(exports: Exports) -> Iterator[Found]:
    """Yield the comment of each mail."""
    pages: dict[str, tuple[str, ...]] = {}
    for export in exports.files():
        for data, line in _mails(export):
            message = email.message_from_bytes(
                data, _class=EmailMessage, policy=email.policy.default
            )
            found = _found(message, Location(export.path, line, 1), pages)
            pages[found.id] = found.pages
            yield found


def _mails(export: Export) -> Iterator[tuple[bytes, int]]:
    """Yield each mail of an mbox with the line at which it begins, unescaped as mboxrd."""
    with export.stream() as stream:
        mail: list[bytes] = []
        start, size, is_mbox, after_blank = 1, 0, False, True
        for number, line in enumerate(stream, 1):
            if after_blank and _SEPARATOR.match(line):
                if is_mbox:
                    yield b"".join(mail), start
                mail, start, size, is_mbox = [], number + 1, 0, True
                continue
            after_blank = not line.strip(b"\r\n")
            size += len(line)
            if size <= _MOST:
                mail.append(line[1:] if is_mbox and _ESCAPED.match(line) else line)
        if b"".join(mail).strip():
            yield b"".join(mail), start


def _header(message: EmailMessage, name: str) -> str:
    try:
        value = str(message[name] or "")
    except (ValueError, TypeError, IndexError, AttributeError):
        return ""  # headers can be broken beyond what the library expects
    return " ".join(value.encode("utf-8", "replace").decode().split())


def _found(message: EmailMessage, place: Location, known: dict[str, tuple[str, ...]]) -> Found:
    name, address = parseaddr(_header(message, "From"))
    text, kind = _text(message)
    own = _named(_header(message, "Message-ID") or text)
    above = (_header(message, "In-Reply-To") or _header(message, "References")).split()
    parent = _named(above[-1]) if above else ""
    subject = _ANSWER.sub("", _header(message, "Subject"))
    private = ("e-mail address",) if address else ()
    if _is_file(text):
        return _own_file(text, subject, place, own, private)
    body, notes = _without_tail(text) if kind == "plain_text" else (text, ())
    pages = (*_pages(message, subject), *known.get(parent, ()))
    return Found(
        place, own, pages, _header(message, "Date"), name or address.partition("@")[0], body, kind,
        parent=parent, private=private, notes=notes,
    )  # fmt: skip


def _pages(message: EmailMessage, subject: str) -> tuple[str, ...]:
    """Return what a mail says of its article: a path in its subject, a part of its address, its subject."""
    receivers = getaddresses([_header(message, "To"), _header(message, "Delivered-To")])
    parts = [address.partition("@")[0].partition("+")[2] for _, address in receivers]
    paths = [word for word in subject.split() if "/" in word]
    return tuple(dict.fromkeys(one for one in (*paths, *parts, subject) if one))


def _is_file(text: str) -> bool:
    """Return whether a text begins as a comment's file does, after notes and empty lines."""
    lines = (
        line for line in text.split("\n") if line.strip() and not line.lstrip().startswith("#")
    )
    return next(lines, "").startswith(_KEYS)


def _own_file(
    text: str, subject: str, place: Location, own: str, private: tuple[str, ...]
) -> Found:
    """Return the comment whose file a mail holds."""
    path = _PATH.search(f"{subject}\n{text}"[: STRANGERS.size])
    article, name = (path[1], path[2]) if path else (subject, own)
    target = path[1] if path else "-"
    try:
        one = parse_comment(f"{FOLDER}/{target}/{name}.yaml", text.encode(), ZoneInfo("UTC"))
    except SiteError as error:
        left = "; ".join(problem.message for problem in error.problems)
        return Found(place, own, (article,), left=left, private=private)
    return Found(
        place, one.id, (article,), one.date.isoformat(), one.author, one.body, "as_is", one.format,
        one.reply_to, one.subject, one.url, one.source, one.removed, private=private,
    )  # fmt: skip


def _named(message_id: str) -> str:
    """Return the id of a mail's comment; a Message-ID looks like an e-mail address, so it is not kept."""
    return f"mail-{hashlib.sha256(message_id.strip('<> ').encode()).hexdigest()[:12]}"


def _text(message: EmailMessage) -> tuple[str, TextKind]:
    """Return the text of a mail, and whether it is HTML; attachments are none."""
    part = message.get_body(("plain", "html"))
    if part is None:
        return "", "plain_text"
    try:
        content = str(part.get_content())
    except (LookupError, ValueError, KeyError, AttributeError):
        payload = part.get_payload(decode=True)
        content = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    text = content.replace("\r\n", "\n").encode("utf-8", "replace").decode()
    if part.get_content_subtype() == "html":
        return text, "html"
    if part.get_param("format") == "flowed":
        text = _unflowed(text, joins=part.get_param("delsp") == "yes")
    return text, "plain_text"


def _unflowed(text: str, *, joins: bool) -> str:
    """Return text whose lines were broken for the way (RFC 3676) with them whole again."""
    lines: list[str] = []
    flows = False
    for line in text.split("\n"):
        if flows and lines and not line.startswith(">"):
            lines[-1] = (lines[-1][:-1] if joins else lines[-1]) + line
        else:
            lines.append(line.removeprefix(" "))
        flows = line.endswith(" ") and line != "-- "
    return "\n".join(lines)


def _without_tail(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a text without signature and without the mail that it answers, quoted below it."""
    notes = []
    kept, signature, _ = text.partition("\n-- \n")
    if signature:
        notes.append("its signature was left behind")
    shorter = _without_quote(kept.rstrip())
    if shorter.strip() and shorter.strip() != kept.strip():
        notes.append("the mail that it quotes at its end was left behind")
        kept = shorter
    return kept, tuple(notes)


def _without_quote(text: str) -> str:
    """Return a text without the quoted lines at its end, and the line that announces them."""
    lines = text.split("\n")
    end = len(lines)
    while end and lines[end - 1].lstrip()[:1] in {"", ">"}:
        end -= 1
    if end < len(lines) and end and _ANNOUNCES.fullmatch(lines[end - 1]):
        end -= 1
    return "\n".join(lines[:end])
