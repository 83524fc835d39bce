"""A thread -> the rows that the theme shows."""

from __future__ import annotations

import msgspec
from markupsafe import Markup

from sitegen.markup.untrusted.formats import tips
from sitegen.model.threads import Reply, page_count
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
from sitegen.views.parts import Part, Pointer, anchor

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


def nth_page(url: str, number: int) -> str:
    """Return the path of a page of a thread; the first is that of the article."""
    return url if number == 1 else f"{url}comments/{number}/"


def comments_view(
    config: Config, page: Page, state: CommentsState, part: Part, number: int = 1
) -> CommentsView:
    """Return the comments of a document as one of its pages shows them.

    Args:
        config: The site's configuration.
        page: The document's.
        state: Whether they are shown and taken.
        part: Those of this page, and what is to know of the others.
        number: Which page of the thread it is, from 1.
    """
    if state == "hidden":
        return CommentsView(state, key=page.key)
    folder = f"{FOLDER}/{page.key}"
    is_open = state == "open"
    text_format = config.text_format("")
    return CommentsView(
        state=state,
        count=part.count,
        thread=_rows(part, config, page, is_open=is_open),
        pager=_pager(config, page, part.slots, number),
        elsewhere=tuple(_pointer_view(config, page, pointer) for pointer in part.elsewhere),
        feed_url=address(config, page.url + FEED_NAME) if part.count else "",
        tips=tips(text_format) if text_format and is_open else (),
        new_url=writing_url(config.comments, page.key) if is_open else "",
        mail_url=mail_url(config.comments, page.key) if is_open else "",
        key=page.key,
        folder=f"{folder}/",
        skeleton=skeleton() if is_open else "",
    )


def _pager(config: Config, page: Page, slots: int, number: int) -> ThreadPagerView:
    count = page_count(slots, config.comments.per_page)
    earlier, later = (
        address(config, nth_page(page.url, other)) + "#comments" if 0 < other <= count else ""
        for other in (number - 1, number + 1)
    )
    return ThreadPagerView(number, count, earlier, later)


def _pointer_view(config: Config, page: Page, pointer: Pointer) -> PointerView:
    return PointerView(
        pointer.id,
        f"{address(config, nth_page(page.url, pointer.number))}#{pointer.id}",
        pointer.author,
        written(pointer.date.astimezone(config.zone), config.date_format, page.language),
    )


def _rows(part: Part, config: Config, page: Page, *, is_open: bool) -> tuple[CommentView, ...]:
    replies, html = part.replies, part.html
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
