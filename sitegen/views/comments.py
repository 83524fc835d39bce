"""A thread -> the rows that the theme shows."""

from __future__ import annotations

import msgspec
from markupsafe import Markup

from sitegen.markup.formats import tips
from sitegen.model.threads import Reply, thread
from sitegen.sources.comments import FOLDER, Comment
from sitegen.sources.config import CommentsState, Config
from sitegen.sources.people import Person
from sitegen.views.addresses import address
from sitegen.views.dates import date_view
from sitegen.views.forges import new_file_url, skeleton
from sitegen.views.identicons import identicon, tint
from sitegen.views.records import CommentsView, CommentView, ParentView

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


def comments_view(
    config: Config, page: Page, state: CommentsState, entries: Entries
) -> CommentsView:
    """Return the comments of a document as its page shows them.

    Args:
        config: The site's configuration.
        page: The document's.
        state: Whether they are shown and taken.
        entries: All of them, in any order.
    """
    if state == "hidden":
        return CommentsView(state, 0, (), "", (), "", "", "")
    replies, _ = thread(entry.comment for entry in entries)
    folder = f"{FOLDER}/{page.key}"
    is_open = state == "open"
    count = sum(not reply.comment.removed for reply in replies)
    text_format = config.text_format("")
    return CommentsView(
        state=state,
        count=count,
        thread=_rows(
            replies,
            {entry.comment.id: entry.html for entry in entries},
            config,
            page,
            is_open=is_open,
        ),
        feed_url=address(config, page.url + FEED_NAME) if count else "",
        tips=tips(text_format) if text_format and is_open else (),
        new_url=new_file_url(config.comments, folder) if is_open else "",
        folder=f"{folder}/",
        skeleton=skeleton() if is_open else "",
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
    return tuple(
        msgspec.structs.replace(
            _row(reply, html, config, page, is_open=is_open),
            level=level,
            opens=level > before[index],
            closes=level - after[index],
        )
        for index, (reply, level) in enumerate(zip(replies, levels, strict=True))
    )


def _row(
    reply: Reply, html: dict[str, Markup], config: Config, page: Page, *, is_open: bool
) -> CommentView:
    comment, parent = reply.comment, reply.parent
    date = date_view(comment.date, config.date_format, config.zone, page.language)
    folder = f"{FOLDER}/{page.key}"
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
        reply_url=new_file_url(config.comments, folder, comment.id) if is_open else "",
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
