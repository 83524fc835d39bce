"""Moments -> what people and machines read; the same in every locale of the machine."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Callable
from zoneinfo import ZoneInfo

from sitegen.views.part_records import DateView

# strftime asks the C library for names and for what it does not know; these names are ours.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DIRECTIVE = re.compile("%(.)")
_PARTS: dict[str, Callable[[dt.datetime], str]] = {
    "a": lambda moment: _DAYS[moment.weekday()][:3],
    "A": lambda moment: _DAYS[moment.weekday()],
    "b": lambda moment: _MONTHS[moment.month - 1][:3],
    "B": lambda moment: _MONTHS[moment.month - 1],
    "d": lambda moment: f"{moment.day:02}",
    "e": lambda moment: str(moment.day),
    "m": lambda moment: f"{moment.month:02}",
    "y": lambda moment: f"{moment.year % 100:02}",
    "Y": lambda moment: f"{moment.year:04}",
    "H": lambda moment: f"{moment.hour:02}",
    "I": lambda moment: f"{moment.hour % 12 or 12:02}",
    "M": lambda moment: f"{moment.minute:02}",
    "S": lambda moment: f"{moment.second:02}",
    "p": lambda moment: "AM" if moment.hour < 12 else "PM",
    "j": lambda moment: f"{moment.timetuple().tm_yday:03}",
    "z": lambda moment: f"{moment:%z}",
    "Z": lambda moment: moment.tzname() or "",
    "%": lambda _: "%",
}


def iso(moment: dt.datetime) -> str:
    """Return a moment in RFC 3339, in UTC, to the second.

    >>> iso(dt.datetime(2018, 2, 19, 9, 30, tzinfo=dt.UTC))
    '2018-02-19T09:30:00Z'
    """
    return moment.astimezone(dt.UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def written(moment: dt.datetime, pattern: str, language: str = "en") -> str:
    """Return a moment by a pattern of strftime's directives.

    Names are those of the language if Babel is installed and knows it, else English.

    >>> written(dt.datetime(2018, 2, 19, 9, 30, tzinfo=dt.UTC), "%a, %d/%m/%Y - %H:%M")
    'Mon, 19/02/2018 - 09:30'
    """
    parts = _PARTS if is_english(language) else {**_PARTS, **_named(language)}
    return _DIRECTIVE.sub(lambda match: parts[match[1]](moment), pattern)


def is_english(language: str) -> bool:
    """Return whether dates in a language need no library.

    >>> is_english("en-GB"), is_english("de")
    (True, False)
    """
    return language.split("-", maxsplit=1)[0].lower() == "en"


@functools.cache
def _named(language: str) -> dict[str, Callable[[dt.datetime], str]]:
    """Return the directives that stand for names in a language."""
    try:
        from babel import Locale, UnknownLocaleError
    except ImportError:  # the engine's digest knows whether it is there
        return {}
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return {}
    days, months = locale.days["format"], locale.months["format"]
    periods = locale.day_periods["format"]["wide"]
    return {
        "a": lambda moment: str(days["abbreviated"][moment.weekday()]),
        "A": lambda moment: str(days["wide"][moment.weekday()]),
        "b": lambda moment: str(months["abbreviated"][moment.month]),
        "B": lambda moment: str(months["wide"][moment.month]),
        "p": lambda moment: str(periods["am" if moment.hour < 12 else "pm"]),
    }


def date_view(moment: dt.datetime, pattern: str, zone: ZoneInfo, language: str = "en") -> DateView:
    """Return a moment as templates see it, with names in a language."""
    return DateView(written(moment.astimezone(zone), pattern, language), iso(moment))
