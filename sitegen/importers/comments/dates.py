"""The date of a comment in any of the forms that systems write -> a moment in UTC."""

from __future__ import annotations

import datetime as dt
import email.utils
import re
from zoneinfo import ZoneInfo

from sitegen.sources.dates import FIRST_YEAR, LAST_YEAR, NotAMomentError, parse_moment

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_SECONDS = re.compile(r"\d{9,10}(?:\.\d{1,9})?", re.ASCII)
_MILLISECONDS = re.compile(r"\d{12,13}", re.ASCII)
_ZONED = re.compile(r"(?:[Zz]|UTC|GMT|[+-]\d{2}:?\d{2})\s*$", re.ASCII)


def moment_of(text: str, zone: ZoneInfo) -> dt.datetime:
    """Return the moment that a date means.

    Args:
        text: What `parse_moment` reads; seconds or milliseconds since 1970; the date of a mail
            (RFC 5322, 3.3), with or without its day of the week.
        zone: What a time without a zone is meant in.

    Raises:
        NotAMomentError: With the reason and the cure.

    >>> moment_of("Mon, 05 Aug 2012 10:00:00 -0400", ZoneInfo("UTC")).isoformat()
    '2012-08-05T14:00:00+00:00'
    """
    text = text.strip()
    if _MILLISECONDS.fullmatch(text):
        moment = _EPOCH + dt.timedelta(milliseconds=int(text))
    elif _SECONDS.fullmatch(text):
        seconds, _, fraction = text.partition(".")
        moment = _EPOCH + dt.timedelta(
            seconds=int(seconds), microseconds=int(fraction.ljust(6, "0")[:6])
        )
    elif (mail := _mail_date(text)) is not None:
        moment = (mail if mail.tzinfo else mail.replace(tzinfo=zone)).astimezone(dt.UTC)
    else:
        moment = parse_moment(text, zone)
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise NotAMomentError(f"the year is not between {FIRST_YEAR} and {LAST_YEAR}", "")
    return moment


def has_zone(text: str) -> bool:
    """Return whether a date says by itself which moment it means.

    >>> has_zone("2014-01-02 9:00:00 -0400"), has_zone("2014-01-02 9:00:00"), has_zone("1603428181")
    (True, False, True)
    """
    text = text.strip()
    return text.replace(".", "").isdigit() or _ZONED.search(text) is not None


def _mail_date(text: str) -> dt.datetime | None:
    if not re.match(r"[A-Za-z]|\d{1,2} [A-Za-z]", text):
        return None
    try:
        return email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
