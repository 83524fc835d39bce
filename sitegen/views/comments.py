"""A thread -> the rows that the theme shows."""

from __future__ import annotations

import msgspec
from markupsafe import Markup

from sitegen.markup.untrusted.formats import tips
from sitegen.model.threads import Reply, page_count, thread
from sitegen.sources.comment_settings import CommentsState
from sitegen.sources.comments import FOLDER, Comment
from sitegen.sources.config import Config
from sitegen.sources.people import Person
from sitegen.views.addresses import address
from sitegen.views.comment_records import (
    CommentsView,
    CommentView,
    ParentView,
    PointerView,
    ThreadPagerView,
)
from sitegen.views.dates import date_view, written
from sitegen.views.forges import mail_url, skeleton, writing_url
from sitegen.views.identicons import identicon, tint

LEVELS = 4  # how deep replies are indented; 99.7 % of 29,604 real comments are no deeper
FEED_NAME = "comments.xml"


class Page(msgspec.Struct, frozen=True):
    """What a thread shows of the page that it stands on."""

    key: str
    """The document's content path."""
    url: str
    """Its permalink, from the site's home."""
    language: str = "en"
    authors: tuple[Person, ...] = ()


class ThreadEntry(msgspec.Struct, frozen=True):
    """A comment with its sanitized text; made where comment files are read."""

    comment: Comment
    html: Markup


Entries = tuple[ThreadEntry, ...]


def anchor(comment: Comment) -> str:
    """Return the id of a comment's element, which its permalink ends in."""
    return f"comment-{comment.id}"


def nth_page(url: str, number: int) -> str:
    """Return the path of a page of a thread; the first is that of the article."""
    return url if number == 1 else f"{url}comments/{number}/"


def comments_view(
    config: Config, page: Page, state: CommentsState, entries: Entries, number: int = 1
) -> CommentsView:
    """Return the comments of a document as one of its pages shows them.

    Args:
        config: The site's configuration.
        page: The document's.
        state: Whether they are shown and taken.
        entries: All of them, in any order.
        number: Which page of the thread it is, from 1.
    """
    if state == "hidden":
        return CommentsView(state, key=page.key)
    replies, _ = thread(entry.comment for entry in entries)
    folder = f"{FOLDER}/{page.key}"
    is_open = state == "open"
    count = sum(not reply.comment.removed for reply in replies)
    text_format = config.text_format("")
    here = tuple(reply for reply in replies if _page_of(config, reply) == number)
    return CommentsView(
        state=state,
        count=count,
        thread=_rows(
            here,
            {entry.comment.id: entry.html for entry in entries},
            config,
            page,
            is_open=is_open,
        ),
        pager=_pager(config, page, replies, number),
        elsewhere=_pointers(config, page, replies) if number == 1 else (),
        feed_url=address(config, page.url + FEED_NAME) if count else "",
        tips=tips(text_format) if text_format and is_open else (),
        new_url=writing_url(config.comments, page.key) if is_open else "",
        mail_url=mail_url(config.comments, page.key) if is_open else "",
        key=page.key,
        folder=f"{folder}/",
        skeleton=skeleton() if is_open else "",
    )


def _page_of(config: Config, reply: Reply) -> int:
    """Return the page on which a comment stands.

    A page takes so many answers to the article, in order of date: once it is full, newer ones
    go to the next, so that nothing published moves.
    """
    return reply.slot // config.comments.per_page + 1


def places_of(config: Config, url: str, entries: Entries) -> dict[str, str]:
    """Return id -> path of the page, for the comments that do not stand on the document's own."""
    replies, _ = thread(entry.comment for entry in entries)
    return {
        reply.comment.id: nth_page(url, number)
        for reply in replies
        if (number := _page_of(config, reply)) > 1
    }


def _pager(config: Config, page: Page, replies: tuple[Reply, ...], number: int) -> ThreadPagerView:
    slots = max((reply.slot + 1 for reply in replies), default=0)
    count = page_count(slots, config.comments.per_page)
    earlier, later = (
        address(config, nth_page(page.url, other)) + "#comments" if 0 < other <= count else ""
        for other in (number - 1, number + 1)
    )
    return ThreadPagerView(number, count, earlier, later)


def _pointers(config: Config, page: Page, replies: tuple[Reply, ...]) -> tuple[PointerView, ...]:
    return tuple(
        PointerView(
            anchor(reply.comment),
            f"{address(config, nth_page(page.url, number))}#{anchor(reply.comment)}",
            reply.comment.author,
            written(reply.comment.date.astimezone(config.zone), config.date_format, page.language),
        )
        for reply in replies
        if (number := _page_of(config, reply)) > 1 and not reply.comment.removed
    )


def _rows(
    replies: tuple[Reply, ...],
    html: dict[str, Markup],
    config: Config,
    page: Page,
    *,
    is_open: bool,
) -> tuple[CommentView, ...]:
    levels = [min(reply.depth + 1, LEVELS) for reply in replies]
    before = [0, *levels]
    after = [*levels, 0][1:]
    below = _below([reply.depth for reply in replies])
    return tuple(
        msgspec.structs.replace(
            _row(reply, html, config, page, is_open=is_open),
            level=level,
            opens=level > before[index],
            closes=level - after[index],
            replies=below[index],
        )
        for index, (reply, level) in enumerate(zip(replies, levels, strict=True))
    )


def _below(depths: list[int]) -> list[int]:
    """Return how many of a thread stand below each: those that follow it and are deeper.

    >>> _below([0, 1, 2, 1, 0])
    [3, 1, 0, 0, 0]
    """
    counts = [0] * len(depths)
    above: list[int] = []
    for index, depth in enumerate(depths):
        while above and depths[above[-1]] >= depth:
            ended = above.pop()
            counts[ended] += index - ended - 1
        above.append(index)
    for ended in above:
        counts[ended] += len(depths) - ended - 1
    return counts


def _row(
    reply: Reply, html: dict[str, Markup], config: Config, page: Page, *, is_open: bool
) -> CommentView:
    comment, parent = reply.comment, reply.parent
    date = date_view(comment.date, config.date_format, config.zone, page.language)
    above = (
        ParentView("" if parent.removed else parent.author, f"#{anchor(parent)}")
        if parent
        else None
    )
    if comment.removed:
        return CommentView(
            anchor(comment), f"#{anchor(comment)}", date=date, removed=True, parent=above
        )
    return CommentView(
        id=anchor(comment),
        url=f"#{anchor(comment)}",
        author=comment.author,
        author_url=comment.url,
        date=date,
        subject=comment.subject,
        html=html[comment.id],
        source=comment.source,
        reply_url=writing_url(config.comments, page.key, comment.id) if is_open else "",
        parent=above,
        capped=reply.depth >= LEVELS,
        by_author=_is_by_author(config, page, comment),
        identicon=identicon(comment.author),
        tint=tint(comment.author),
    )


def _is_by_author(config: Config, page: Page, comment: Comment) -> bool:
    """Return whether an author of the page wrote a comment.

    A stranger chooses every word of his file, its name and its place: only the list in
    config.yaml counts. The name has to be an author's too, so that a file which is listed
    and then rewritten by another does not keep the mark.
    """
    is_listed = f"{page.key}/{comment.id}" in config.comments.by_author
    return is_listed and any(author.is_called(comment.author) for author in page.authors)
