"""A thread -> the rows that the theme shows."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from sitegen.markup.formats import TextFormat, tips
from sitegen.model.site import Site
from sitegen.model.threads import Reply
from sitegen.sources.comments import Comment
from sitegen.sources.config import Config
from sitegen.sources.content import Document
from sitegen.views.addresses import address
from sitegen.views.dates import date_view
from sitegen.views.forges import new_file_url, skeleton
from sitegen.views.identicons import identicon, tint
from sitegen.views.records import CommentsView, CommentView, ParentView

LEVELS = 4  # how deep replies are indented; 99.7 % of 29,604 real comments are no deeper
FEED_NAME = "comments.xml"

Typesetter = Callable[[str, TextFormat, str], Markup]
"""`markup.formats.comment_html`, or the same remembered."""


def anchor(comment: Comment) -> str:
    """Return the id of a comment's element, which its permalink ends in."""
    return f"comment-{comment.id}"


def comment_body(comment: Comment, config: Config, typeset: Typesetter) -> Markup:
    """Return the sanitized text of a comment; empty for a removed one."""
    text_format = config.text_format(comment.format)
    if comment.removed or text_format is None:
        return Markup("")
    return typeset(comment.body, text_format, f"{anchor(comment)}-")


def comments_view(document: Document, site: Site, typeset: Typesetter) -> CommentsView:
    """Return the comments of a document as its page shows them."""
    config = site.config
    state = site.comments[document.key]
    replies = site.threads.get(document.key, ())
    folder = f"comments/{document.key}"
    is_open = state == "open"
    count = shown_count(replies)
    text_format = config.text_format("")
    return CommentsView(
        state=state,
        count=count,
        thread=_rows(replies, config, is_open, folder, typeset),
        feed_url=address(config, site.permalinks[document.path] + FEED_NAME) if count else "",
        tips=tips(text_format) if text_format and is_open else (),
        new_url=new_file_url(config.comments, folder) if is_open else "",
        folder=f"{folder}/",
        skeleton=skeleton() if is_open else "",
    )


def shown_count(replies: tuple[Reply, ...]) -> int:
    """Return how many comments a thread shows, tombstones aside."""
    return sum(not reply.comment.removed for reply in replies)


def _rows(
    replies: tuple[Reply, ...], config: Config, is_open: bool, folder: str, typeset: Typesetter
) -> tuple[CommentView, ...]:
    levels = [min(reply.depth + 1, LEVELS) for reply in replies]
    following = [*levels, 0][1:]
    zone = config.zone
    rows = []
    before = 0
    for reply, level, after in zip(replies, levels, following, strict=True):
        comment, parent = reply.comment, reply.parent
        rows.append(
            CommentView(
                id=anchor(comment),
                url=f"#{anchor(comment)}",
                author="" if comment.removed else comment.author,
                author_url="" if comment.removed else comment.url,
                date=date_view(comment.date, config.date_format, zone),
                subject="" if comment.removed else comment.subject,
                html=comment_body(comment, config, typeset),
                removed=comment.removed,
                source=comment.source,
                reply_url=new_file_url(config.comments, folder, comment.id)
                if is_open and not comment.removed
                else "",
                parent=ParentView("" if parent.removed else parent.author, f"#{anchor(parent)}")
                if parent
                else None,
                level=level,
                opens=level > before,
                closes=level - after,
                capped=reply.depth >= LEVELS,
                identicon="" if comment.removed else identicon(comment.author),
                tint=tint(comment.author),
            )
        )
        before = level
    return tuple(rows)
