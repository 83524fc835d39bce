"""Moments -> what people and machines read; the same in every locale."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from sitegen.views.records import DateView

# strftime asks the C library for names and for what it does not know; these are ours.
_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_DIRECTIVE = re.compile("%(.)")


def iso(moment: dt.datetime) -> str:
    """Return a moment in RFC 3339, in UTC, to the second.

    >>> iso(dt.datetime(2018, 2, 19, 9, 30, tzinfo=dt.UTC))
    '2018-02-19T09:30:00Z'
    """
    return moment.astimezone(dt.UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def written(moment: dt.datetime, pattern: str) -> str:
    """Return a moment by a pattern of strftime's directives, with English names.

    >>> written(dt.datetime(2018, 2, 19, 9, 30, tzinfo=dt.UTC), "%a, %d/%m/%Y - %H:%M")
    'Mon, 19/02/2018 - 09:30'
    """
    return _DIRECTIVE.sub(lambda match: _part(moment, match[1]), pattern)


def _part(moment: dt.datetime, letter: str) -> str:
    month, day = _MONTHS[moment.month - 1], _DAYS[moment.weekday()]
    hour = moment.hour % 12 or 12
    match letter:
        case "a":
            return day[:3]
        case "A":
            return day
        case "b":
            return month[:3]
        case "B":
            return month
        case "e":
            return str(moment.day)
        case "I":
            return f"{hour:02}"
        case "p":
            return "AM" if moment.hour < 12 else "PM"
        case "j":
            return f"{moment.timetuple().tm_yday:03}"
        case "Z":
            return moment.tzname() or ""
        case "z":
            return f"{moment:%z}"
        case "%":
            return "%"
    numbers = {
        "d": moment.day,
        "m": moment.month,
        "H": moment.hour,
        "M": moment.minute,
        "S": moment.second,
        "y": moment.year % 100,
    }
    return f"{moment.year:04}" if letter == "Y" else f"{numbers[letter]:02}"


def date_view(moment: dt.datetime, pattern: str, zone: ZoneInfo) -> DateView:
    """Return a moment as templates see it."""
    return DateView(written(moment.astimezone(zone), pattern), iso(moment))
