"""Documents and a moment -> which are published and take comments then, and when that changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:  # a build with nothing to do knows a clock, and reads no configuration
    from sitegen.sources.comment_settings import CommentsState
    from sitegen.sources.config import Config
    from sitegen.sources.content import Document


class Clock(msgspec.Struct, frozen=True):
    """What decides whether a document is due."""

    now: dt.datetime
    drafts: bool = False
    future: bool = False


class HeldBack(msgspec.Struct, frozen=True):
    """A document that is not published, why, and from when on it will be."""

    path: str
    reason: str
    due: dt.datetime | None = None


def due(documents: Iterable[Document], clock: Clock) -> tuple[list[Document], list[HeldBack]]:
    """Return what is published now, and what is not and why."""
    published = []
    held_back = []
    for document in documents:
        if document.draft and not clock.drafts:
            held_back.append(HeldBack(document.path, "draft"))
        elif document.date and document.date > clock.now and not clock.future:
            held_back.append(HeldBack(document.path, "future", document.date))
        elif document.expires and document.expires <= clock.now:
            held_back.append(HeldBack(document.path, "expired", document.expires))
        else:
            published.append(document)
    return published, held_back


def comments_state(config: Config, document: Document, now: dt.datetime) -> CommentsState:
    """Return whether a document shows and takes comments at a moment."""
    closing = _closing(config, document)
    if closing and closing <= now:
        return "closed"
    default = config.comments.default if document.kind == "article" else "hidden"
    return document.comments or default


def _closing(config: Config, document: Document) -> dt.datetime | None:
    """Return when a document's comments close by themselves; one that states its own never do."""
    days = config.comments.close_after_days
    is_timed = (
        document.kind == "article"
        and document.comments is None
        and config.comments.default == "open"
    )
    return document.date + dt.timedelta(days=days) if days and document.date and is_timed else None


def changes_of(
    config: Config, documents: Iterable[Document], clock: Clock
) -> Iterator[dt.datetime]:
    """Yield every moment at which the passing of time changes what is published."""
    for document in documents:
        if document.draft and not clock.drafts:
            continue
        closing = _closing(config, document)
        if document.date and not clock.future:
            yield document.date
        if document.expires:
            yield document.expires
        if closing:
            yield closing
