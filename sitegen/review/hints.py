"""A comment and what is around it -> what a reviewer may want to look at twice, and why."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from sitegen.errors import quoted
from sitegen.markup.untrusted.changes import Change
from sitegen.review.names import foreign_scripts, mixed_word, skeleton
from sitegen.review.readable import Link
from sitegen.review.records import Hint, Reviewed
from sitegen.review.targets import Target
from sitegen.sources.comments import Comment
from sitegen.sources.config import Config

MANY_LINKS = 3
LONG_LINE = 1_000
MANY_FILES = 10
_BURST, _BURST_TIME = 5, dt.timedelta(minutes=5)
_TOLERANCE = dt.timedelta(minutes=10)  # by which clocks differ

_HTML_LINK = re.compile(r"<a\s[^>]{0,2000}?href", re.IGNORECASE)
_BBCODE = re.compile(
    r"\[(?:url|link)\s{0,4}=|\[(?:url|link|img)\]\s{0,4}(?:http|www)", re.IGNORECASE
)
_HOST_NAME = r"(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}"
_NAME_ADDRESS = re.compile(
    rf"https?://|www\.|@{_HOST_NAME}|(?<![\w.]){_HOST_NAME}(?![\w.(])", re.IGNORECASE
)
_NAMED_HOST = re.compile(
    rf"(?:https?://)?(?:[^\s/@]{{1,64}}@)?({_HOST_NAME})(?:[:/?#]\S*)?", re.IGNORECASE
)
_HIDDEN = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufe00-\ufe0e"
    "\U000e0000-\U000e0fff]"
)  # fmt: skip
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_JOINERS = frozenset("\u200c\u200d")  # Persian and emoji are spelt with them
RESERVED = ("admin", "administrator", "moderator", "webmaster", "editor", "support", "staff")
_SPACES = re.compile(r"\W+")


class Around(msgspec.Struct, frozen=True):
    """What hints about one comment depend on beside itself."""

    config: Config
    now: dt.datetime
    target: Target | None
    parent: Comment | None
    is_known_parent: bool
    called: Mapping[str, str]
    """The names in the thread, its own too, that read like its own, by their small letters."""
    repeated: Mapping[str, int]
    """Text -> how often it is in the range and in the threads that it touches."""
    words: re.Pattern[str] | None


def comment_hints(
    comment: Comment, links: Iterable[Link], changes: Iterable[Change], around: Around
) -> tuple[Hint, ...]:
    """Return what is suspicious about one comment."""
    links = tuple(links)
    found = (
        *_of_text(comment, around),
        *_of_links(links),
        *_of_name(comment, around),
        *_of_unseen(comment),
        *_of_time(comment, around),
        *_of_place(comment, around),
    )
    cut = any(change.kind in {"cut", "shown-as-text"} for change in changes)
    whole = (
        (Hint("shown-as-text", "its text format cannot show it as it is meant", "body"),)
        if cut
        else ()
    )
    return (*found, *whole)


def same_text(comment: Comment) -> str:
    """Return what two comments have in common that say the same; empty for a very short text."""
    text = _SPACES.sub(" ", comment.body.casefold()).strip()
    return text if len(text) >= 20 else ""


def word_pattern(words: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds any of some words, whole, in any case; None without words."""
    ordered = sorted({word.casefold() for word in words if word.strip()}, key=len, reverse=True)
    if not ordered:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, ordered))})(?!\w)")


def _of_text(comment: Comment, around: Around) -> Iterator[Hint]:
    body = comment.body
    if _HTML_LINK.search(body):
        yield Hint("html-link", "an HTML link in the text: people paste the address", "body")
    if _BBCODE.search(body):
        yield Hint("bbcode", "bbcode, which no text format here understands", "body")
    language = around.target.language if around.target else around.config.language
    for script, share in foreign_scripts(f"{comment.author} {comment.subject} {body}", language):
        if share > 0.3:
            reason = f"{share:.0%} of its letters are {script.title()}, the page is in {quoted(language)}"
            yield Hint("script", reason)
    said = same_text(comment)
    if said and around.repeated.get(said, 0) > 1:
        yield Hint("repeated", f"the same text stands in {around.repeated[said]} comments", "body")
    if around.words:
        everything = f"{comment.author}\n{comment.subject}\n{comment.url}\n{body}".casefold()
        words = sorted(set(around.words.findall(everything)))
        if words:
            yield Hint("words", f"on the list of words: {', '.join(map(quoted, words[:5]))}")
    longest = max(map(len, body.split("\n")))
    if longest > LONG_LINE:
        yield Hint(
            "long-line",
            f"a line of {longest} characters, of which a diff shows the beginning",
            "body",
        )


def _of_links(links: tuple[Link, ...]) -> Iterator[Hint]:
    inside = [link for link in links if link.where == "body" and link.host]
    if len(inside) >= MANY_LINKS:
        yield Hint("many-links", f"{len(inside)} links", "body")
    for link in links:
        named = _NAMED_HOST.fullmatch(link.text.strip()) if link.where == "body" else None
        real = {_bare(link.host), _bare(link.shown_host)}
        if named and link.host and _bare(named[1]) not in real:
            reason = f"the link {quoted(link.text)} leads to {quoted(link.host, 120)}"
            yield Hint("link-elsewhere", reason, "body")
        if link.host != link.shown_host:
            reason = f"the host {quoted(link.shown_host)} is really {quoted(link.host, 120)}"
            yield Hint("foreign-host", reason, link.where)


def _bare(host: str) -> str:
    return host.lower().removeprefix("www.").rstrip(".")


def _of_name(comment: Comment, around: Around) -> Iterator[Hint]:
    name = comment.author
    if _NAME_ADDRESS.search(name):
        yield Hint("name-address", f"an address in the name {quoted(name)}", "author")
    config = around.config
    looks = skeleton(name)
    own = f"{comment.target}/{comment.id}" in config.comments.by_author
    taken = [
        config.author,
        *(n for one in config.authors for n in (one.id, one.name, *one.aliases)),
    ]
    meant = next((known for known in (*taken, *RESERVED) if known and skeleton(known) == looks), "")
    if looks and meant and not own:
        who = "an author of the site" if meant in taken else "somebody with rights"
        yield Hint(
            "name-reserved", f"the name {quoted(name)} reads like {who}, {quoted(meant)}", "author"
        )
    others = (known for small, known in around.called.items() if small != name.casefold())
    if looks and (other := next(others, "")):
        reason = f"the name {quoted(name)} reads like {quoted(other)}, who wrote here too"
        yield Hint("name-alike", reason, "author")
    if mixed := mixed_word(name):
        yield Hint(
            "mixed-scripts", f"the word {quoted(mixed)} mixes letters of several scripts", "author"
        )


def _of_unseen(comment: Comment) -> Iterator[Hint]:
    for field in ("author", "subject", "body"):
        found = [one for one in _HIDDEN.findall(getattr(comment, field)) if one not in _JOINERS]
        found += _lonely_joiners(getattr(comment, field))
        turning = sorted({f"U+{ord(one):04X}" for one in found if one in _BIDI})
        hiding = sorted({f"U+{ord(one):04X}" for one in found if one not in _BIDI})
        if turning:
            yield Hint(
                "bidi", f"characters that turn the direction: {', '.join(turning[:5])}", field
            )
        if hiding:
            yield Hint("invisible", f"characters that nobody sees: {', '.join(hiding[:5])}", field)


def _lonely_joiners(text: str) -> list[str]:
    """Return joiners between ASCII characters, where no script needs them."""
    return [
        one
        for index, one in enumerate(text)
        if one in _JOINERS
        and text[max(0, index - 1) : index].isascii()
        and text[index + 1 : index + 2].isascii()
    ]


def _of_time(comment: Comment, around: Around) -> Iterator[Hint]:
    if comment.date > around.now + _TOLERANCE:
        yield Hint("date-future", f"its date {comment.date:%Y-%m-%d %H:%M} has not come", "date")
    article = around.target.date if around.target else None
    # An article's date often is a day without a time.
    if article and comment.date < article - dt.timedelta(days=1):
        reason = f"its date {comment.date:%Y-%m-%d} is before the article's, {article:%Y-%m-%d}"
        yield Hint("date-early", reason, "date")


def _of_place(comment: Comment, around: Around) -> Iterator[Hint]:
    target = around.target
    if target and target.state != "open":
        yield Hint("closed", f"comments of {quoted(target.path, 120)} are {target.state}")
    if target and target.is_draft:
        yield Hint("closed", f"{quoted(target.path, 120)} is a draft")
    if comment.reply_to and not around.is_known_parent:
        reason = f"there is no comment {quoted(comment.reply_to)} to reply to"
        yield Hint("parent-unknown", reason, "reply_to")
    elif around.parent and around.parent.removed:
        yield Hint(
            "parent-removed",
            f"it answers {quoted(around.parent.id)}, which was removed",
            "reply_to",
        )


def range_hints(reviewed: Iterable[Reviewed]) -> tuple[Hint, ...]:
    """Return what is suspicious about a range as a whole."""
    added = [one for one in reviewed if one.kind == "added"]
    dates = sorted(one.comment.date for one in added if one.comment)
    found = []
    if len(added) > MANY_FILES:
        found.append(Hint("many-files", f"{len(added)} comments in one range"))
    bursts = zip(dates, dates[_BURST - 1 :], strict=False)
    if any(last - first <= _BURST_TIME for first, last in bursts):
        found.append(
            Hint("burst", f"{_BURST} comments or more within five minutes, by their dates")
        )
    return tuple(found)
