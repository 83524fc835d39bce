from __future__ import annotations

import datetime as dt
import locale
import sys
from zoneinfo import ZoneInfo

import pytest

from sitegen.build import engine
from sitegen.sources.config_kinds import DATE_DIRECTIVES
from sitegen.views import dates
from sitegen.views.dates import date_view, iso, written

MOMENT = dt.datetime(2018, 2, 4, 9, 5, 7, 123, tzinfo=dt.UTC)
VIENNA = ZoneInfo("Europe/Vienna")

WRITTEN = {
    "%a %A": "Sun Sunday",
    "%b %B": "Feb February",
    "%d %e %m": "04 4 02",
    "%y %Y": "18 2018",
    "%H %I %p %M %S": "09 09 AM 05 07",
    "%j %z %Z": "035 +0000 UTC",
    "100 %%": "100 %",
    "%%d": "%d",
    "": "",
}


@pytest.mark.parametrize(("pattern", "text"), WRITTEN.items())
def test_a_moment_is_written_by_its_pattern(pattern: str, text: str) -> None:
    assert written(MOMENT, pattern) == text


@pytest.mark.parametrize(
    ("hour", "text"), [(0, "12 AM"), (11, "11 AM"), (12, "12 PM"), (23, "11 PM")]
)
def test_hours_of_the_twelve_hour_clock(hour: int, text: str) -> None:
    assert written(MOMENT.replace(hour=hour), "%I %p") == text


@pytest.mark.parametrize("directive", DATE_DIRECTIVES)
def test_every_directive_that_config_takes_is_written(directive: str) -> None:
    assert written(MOMENT, f"%{directive}")


@pytest.mark.parametrize("name", ["C", "de_DE.UTF-8", "tr_TR.UTF-8"])
def test_no_locale_changes_a_date(name: str) -> None:
    before = locale.setlocale(locale.LC_ALL)
    try:
        locale.setlocale(locale.LC_ALL, name)
    except locale.Error:
        pytest.skip(f"this machine has no locale {name}")
    try:
        assert written(MOMENT, "%a %b") == "Sun Feb"
    finally:
        locale.setlocale(locale.LC_ALL, before)


def test_people_read_the_site_s_zone_and_machines_utc() -> None:
    view = date_view(MOMENT.replace(hour=23, minute=30), "%d.%m. %H:%M", VIENNA)

    assert (view.text, view.iso) == ("05.02. 00:30", "2018-02-04T23:30:07Z")


def test_machines_read_rfc_3339_to_the_second() -> None:
    assert iso(MOMENT.astimezone(VIENNA)) == "2018-02-04T09:05:07Z"


NAMES = {
    "de": "Sonntag, 4. Februar",
    "de-AT": "Sonntag, 4. Februar",
    "fr": "dimanche, 4. février",
    "en": "Sunday, 4. February",
    "xx": "Sunday, 4. February",
    "not a tag": "Sunday, 4. February",
}


@pytest.mark.parametrize(("language", "text"), NAMES.items())
def test_names_are_those_of_the_language_where_it_is_known(language: str, text: str) -> None:
    pytest.importorskip("babel")

    assert written(MOMENT, "%A, %e. %B", language) == text


def test_names_are_english_without_babel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "babel", None)
    dates._named.cache_clear()
    try:
        assert written(MOMENT, "%A", "de") == "Sunday"
    finally:
        dates._named.cache_clear()


def test_what_writes_the_names_stands_in_the_digest_of_the_engine() -> None:
    assert "babel" in engine.LIBRARIES
