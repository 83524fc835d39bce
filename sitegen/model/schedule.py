"""What decides whether a document is published at this moment, and what is said if it is not."""

from __future__ import annotations

import datetime as dt

import msgspec


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
