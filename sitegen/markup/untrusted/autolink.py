"""Plain text -> HTML in which web and e-mail addresses are links; everything else is escaped.

One pass from trigger to trigger (`://`, `www.`, `@`), each looked at once and never further
than its own address reaches, so that time grows with the length of the text and with
nothing else: `a@a@a@…` takes bleach.linkify minutes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sitegen.markup.escaping import escape, escape_attribute
from sitegen.markup.untrusted.addresses import HOST_CHARACTERS, LABEL, is_ordinary, safe_address
from sitegen.markup.untrusted.trailing import trimmed

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_CAPTION = 72
REL = "nofollow ugc noopener"

_TRIGGERS = ("://", "@", "www.", "WWW.", "Www.")
_SCHEME = re.compile(r"(?<![A-Za-z0-9_])https?$", re.IGNORECASE)
_NEVER_BEFORE_WWW = re.compile(r"[A-Za-z0-9_@./:-]")

# Scripts that are written without blanks: an address may begin where they end, and its host
# ends where they begin (`見http://example.com見`).
_CJK = (
    "\u1100-\u11ff\u2e80-\u2fef\u3005-\u3007\u3031-\u9fff\uac00-\ud7ff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_LABEL = re.compile(LABEL)
# No top-level name holds a symbol: `www.example.com👍` ends before it.
_SYMBOLS = "\u2190-\u2bff\U0001f000-\U0001faff"
_LAST_LABEL = re.compile(f"[{_CJK}]+|(?:(?![{_CJK}{_SYMBOLS}])[{HOST_CHARACTERS}_-])+")
_MAX_HOST = 253
_HOST_RUN = re.compile(f"[{HOST_CHARACTERS}._-]{{1,{_MAX_HOST + 1}}}")
_IPV4 = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}", re.ASCII)
# The commonest host at once: letters, digits and hyphens, and nothing after it to think about.
_COMMON_HOST = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,10}[a-z]{2,63}(?=[/?#\s]|\Z)",
    re.IGNORECASE | re.ASCII,
)
_ENDS_HOST = frozenset(("", "/", "?", "#", " ", "\n"))
_USER_INFO = re.compile(r"[^\s/?#<>()\[\]{}]{0,256}@")
_PORT = re.compile(r":[0-9]{1,5}(?![0-9])")
# Ends at blanks, angle brackets, quotes, vertical bars (tables) and full-width punctuation.
_REST = re.compile(
    '[/?#][^\\s<>"`|\\\\\u00ab\u00bb\u201c-\u201f\u2039\u203a\u3000-\u3002\uff01\uff0c\uff1a\uff1b\uff1f\uff5c\uff61\uff64]*+'
)
_LOCAL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-")
_MAX_LOCAL = 254
_NEVER_AFTER_EMAIL = re.compile(r"[@_-]|:[A-Za-z0-9/]")


def has_addresses(text: str) -> bool:
    """Return whether a text holds anything that could be an address."""
    if "://" in text or "@" in text:
        return True
    return "www." in text or "WWW." in text or "Www." in text


def linked(text: str, accepts: Callable[[str], bool]) -> str:
    """Return a text as HTML with links; `accepts` is the second gate's opinion of an odd address.

    >>> linked("see www.example.com.", lambda address: True)
    'see <a href="http://www.example.com" rel="nofollow ugc noopener">www.example.com</a>.'
    """
    parts: list[str] = []
    done = refused = 0
    for position, trigger in _triggers(text):
        if position < done or position < refused:
            continue
        found = _address(text, position, trigger, done)
        if found is None:
            continue
        start, end, address = found
        if safe_address(address) != address or not (is_ordinary(address) or accepts(address)):
            # Text as a whole: looked at once more from within, a long one would cost its square.
            refused = max(end, position + 1)
            continue
        parts += (escape(text[done:start]), link(address, text[start:end]))
        done = end
    parts.append(escape(text[done:]))
    return "".join(parts)


def link(address: str, caption: str) -> str:
    """Return a link; the caption is cut to what fits a line, the address never."""
    if len(caption) > MAX_CAPTION:
        caption = caption[: MAX_CAPTION - 1].rstrip(".") + "…"
    return f'<a href="{escape_attribute(address)}" rel="{REL}">{escape(caption)}</a>'


def _triggers(text: str) -> list[tuple[int, str]]:
    """Return (position, trigger) of all triggers in order; five plain searches beat one pattern."""
    found = []
    for trigger in _TRIGGERS:
        position = text.find(trigger)
        while position >= 0:
            found.append((position, trigger))
            position = text.find(trigger, position + 1)
    found.sort()
    return found


def _address(text: str, position: int, trigger: str, done: int) -> tuple[int, int, str] | None:
    """Return (start, end, address) of what stands at a trigger, not before `done`.

    An empty address: text up to `end`, and no other address may begin in it.
    """
    if trigger == "@":
        return _email(text, position, done)
    if trigger == "://":
        scheme = _SCHEME.search(text[max(done, position - 6) : position])
        if scheme is None:
            return None
        start = position - len(scheme[0])
        end = _host_end(text, position + 3, dots=0)
    else:
        start = position
        if start > done and _NEVER_BEFORE_WWW.match(text, start - 1):
            return None
        end = _host_end(text, start, dots=2)
    if end is None:
        return None
    if text[end : end + 1] not in _ENDS_HOST:
        # `https://bank.example@evil.example` goes to evil.example: no link at all.
        if user := _USER_INFO.match(text, end):
            return start, user.end(), ""
        if port := _PORT.match(text, end):
            end = port.end()
    if rest := _REST.match(text, end):
        end = trimmed(text, start, end, rest.end())
    address = text[start:end]
    return start, end, address if trigger == "://" else f"http://{address}"


def _host_end(text: str, start: int, *, dots: int) -> int | None:
    """Return where the host that begins at `start` ends; None if none with so many dots does."""
    if (common := _COMMON_HOST.match(text, start)) and common[0].count(".") >= dots:
        return common.end()
    run = _HOST_RUN.match(text, start)
    if run is None or len(run[0]) > _MAX_HOST:
        return None
    labels: list[str] = []
    for label in run[0].split("."):
        if not _LABEL.fullmatch(label):
            # `example.com_` and `example.com-`: a name goes on that is no host's.
            if label and labels and _LABEL.match(label):
                labels.append(label)
            break
        labels.append(label)
    if not labels:
        return None
    last = _LAST_LABEL.match(labels[-1])
    labels[-1] = last[0].rstrip("_-") if last else ""
    host = ".".join(labels)
    if len(labels) <= dots or not _plausible(host, labels):
        return None
    return start + len(host)


def _plausible(host: str, labels: list[str]) -> bool:
    if len(labels) == 1:
        return len(host) > 1 and not host.isdigit() and host.isascii()
    return not labels[-1].isdigit() or _IPV4.fullmatch(host) is not None


def _email(text: str, at: int, done: int) -> tuple[int, int, str] | None:
    start = at
    earliest = max(done, at - _MAX_LOCAL - 1)
    while start > earliest and text[start - 1] in _LOCAL:
        start -= 1
    while start < at and text[start] == ".":
        start += 1
    if (
        start == at
        or at - start > _MAX_LOCAL
        or text[at - 1] == "."
        or not _email_may_begin(text, start, done)
    ):
        return None
    end = _host_end(text, at + 1, dots=1)
    if end is None:
        return None
    if after := _NEVER_AFTER_EMAIL.match(text, end):
        return start, after.end(), ""
    address = f"mailto:{text[start:end]}"
    if text[max(done, start - 7) : start].lower() == "mailto:":
        start -= 7
    return start, end, address


def _email_may_begin(text: str, start: int, done: int) -> bool:
    """Return whether nothing before an address shows that it is the rest of something else."""
    if start == done:
        return True
    before = text[start - 1]
    if before == ":":
        # `https://user:secret@example.com` is no e-mail address.
        word = text[max(done, start - 64) : start].rsplit(None, 1)[-1]
        return "//" not in word and "@" not in word
    if before in "/@" or (before == "." and text[start - 2 : start - 1] == '"'):
        return False
    return not before.isalnum() or re.match(f"[{_CJK}]", before) is not None
