"""What templates see of a thread: more of the theme interface."""

from __future__ import annotations

from typing import Literal

import msgspec
from markupsafe import Markup

from sitegen.views.part_records import DateView


class ParentView(msgspec.Struct, frozen=True):
    """What a reply answers."""

    author: str
    url: str


class CommentView(msgspec.Struct, frozen=True):
    """One comment of a thread, in reading order.

    A thread is flat, since templates must not be recursive; `opens` and `closes` say where
    lists begin and end, so that nested lists come out of one loop.
    """

    id: str
    """Of its element: `comment-2018-02-20-ada`."""
    url: str
    """Its permalink within the page: `#comment-2018-02-20-ada`."""
    date: DateView
    author: str = ""
    author_url: str = ""
    subject: str = ""
    html: Markup = Markup("")
    """Its text, sanitized."""
    removed: bool = False
    """It is a tombstone: only its place in the thread is left."""
    source: str = ""
    """Where it was published first, if it was imported."""
    reply_url: str = ""
    """Where an answer to it is written; empty when none are taken."""
    parent: ParentView | None = None
    level: int = 1
    """Depth at which it is shown, from 1; deeper replies stay at the last level."""
    replies: int = 0
    """How many comments answer it, or an answer to it."""
    opens: bool = False
    """It is the first of a list of its level."""
    closes: int = 0
    """How many lists end after it; -1 when the next comment is an answer to it."""
    capped: bool = False
    """It answers a comment of its own level, so its place does not tell whom it answers."""
    by_author: bool = False
    """By an author of the page, as only the site's own files can say."""
    identicon: str = ""
    """Path of a pattern drawn from the author's name, to be stroked in the box `0 0 5 5`."""
    tint: int = 0
    """From 0 to 7, the same for the same name: a colour to tell speakers apart by."""


class ThreadPagerView(msgspec.Struct, frozen=True):
    """Where a page stands among those of a long thread, the oldest comments first."""

    number: int = 1
    count: int = 1
    earlier: str = ""
    """Address of the page before; empty on the first, which is the article's own."""
    later: str = ""


class PointerView(msgspec.Struct, frozen=True):
    """A comment that stands on a further page, for whoever looks for it on the first."""

    id: str
    """The id that its element has there."""
    url: str
    author: str
    date: str


class CommentsView(msgspec.Struct, frozen=True):
    """The comments of a page and the way to add one."""

    state: Literal["open", "closed", "hidden"]
    count: int = 0
    """Comments that are shown on all pages, tombstones aside."""
    thread: tuple[CommentView, ...] = ()
    """Those of this page."""
    pager: ThreadPagerView = ThreadPagerView()
    elsewhere: tuple[PointerView, ...] = ()
    """On the page of the article, the first thousand comments of further pages: an address that ends
    in the id of one of them finds it from there, wherever it stands."""
    feed_url: str = ""
    """Atom feed of this thread; empty while there is no comment."""
    tips: tuple[str, ...] = ()
    """What the text format allows, one line each."""
    new_url: str = ""
    """Where a comment is written: the receiver's page, else the forge's for a new file, filled in;
    empty if the site has neither."""
    mail_url: str = ""
    """A draft of an e-mail with a comment's file; empty if the site takes none."""
    key: str = ""
    """What a form calls the page: its content path."""
    folder: str = ""
    """Where a comment's file belongs: `comments/posts/trip/`."""
    skeleton: str = ""
    """The text of a new comment's file."""
