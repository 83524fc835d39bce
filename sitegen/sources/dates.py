"""The text of a date -> an aware moment in UTC.

Read by our own pattern, never by YAML: PyYAML leaves half of the forms found in real
blogs as text and raises on dates that do not exist.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from zoneinfo import ZoneInfo

_DATE = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})"
    r"(?:(?:[Tt]|[ ]+)(?P<hour>\d{1,2}):(?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?:\.(?P<fraction>\d{1,9}))?)?"
    r"[ ]*(?P<zone>[Zz]|UTC|GMT|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)
_EPOCH = re.compile(r"\d{9,10}", re.ASCII)
_MONTHS = calendar.month_name
_EXAMPLE = "write YYYY-MM-DD, or with time and zone 2024-02-29T10:00:00+01:00"
_MAX_OFFSET_HOURS = 14  # Kiribati; no zone is further from UTC
FIRST_YEAR, LAST_YEAR = 1000, 2999


class NotAMomentError(ValueError):
    """The text is no date; `args` are the reason and the cure."""


def parse_moment(text: str, zone: ZoneInfo) -> dt.datetime:
    """Return the moment that a date means, in UTC.

    Args:
        text: A date, a date with a local time, RFC 3339 (with 0 to 9 fraction digits, a blank
            for the T, one-digit hours), or seconds since 1970 (9 or 10 digits).
        zone: What a date or time without a zone is meant in.

    Raises:
        NotAMomentError: With the reason and the cure.

    >>> parse_moment("2014-01-02 9:00:00 -0400", ZoneInfo("UTC")).isoformat()
    '2014-01-02T13:00:00+00:00'
    """
    if _EPOCH.fullmatch(text):
        return dt.datetime.fromtimestamp(int(text), dt.UTC)
    match = _DATE.fullmatch(text.strip())
    if match is None:
        raise NotAMomentError("it is not in a form that is known", _EXAMPLE)
    year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
    _check_day(year, month, day)
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    if hour > 23 or minute > 59 or second > 59:
        raise NotAMomentError(
            "there is no such time of day", "hours go to 23, minutes and seconds to 59"
        )
    microsecond = int((match["fraction"] or "").ljust(6, "0")[:6])
    moment = dt.datetime(
        year, month, day, hour, minute, second, microsecond, _zone(match["zone"], zone)
    )
    utc = moment.astimezone(dt.UTC)
    _check_year(utc.year)  # what is written is the UTC year, and has to be read again
    return utc


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotAMomentError(f"the year is not between {FIRST_YEAR} and {LAST_YEAR}", _EXAMPLE)


def _check_day(year: int, month: int, day: int) -> None:
    _check_year(year)
    if not 1 <= month <= 12:
        raise NotAMomentError(f"there is no month {month:02}", _EXAMPLE)
    days = calendar.monthrange(year, month)[1]
    if not 1 <= day <= days:
        raise NotAMomentError(f"{_MONTHS[month]} {year} has {days} days", _EXAMPLE)


def _zone(text: str | None, site_zone: ZoneInfo) -> dt.tzinfo:
    if text is None:
        return site_zone
    if text in {"Z", "z", "UTC", "GMT"}:
        return dt.UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if minutes > 59 or hours * 60 + minutes > _MAX_OFFSET_HOURS * 60:
        raise NotAMomentError(
            "no time zone is that far from UTC", "write Z, or an offset such as +01:00"
        )
    offset = dt.timedelta(hours=hours, minutes=minutes)
    return dt.timezone(-offset if text[0] == "-" else offset)
