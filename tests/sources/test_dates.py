from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.sources.dates import NotAMomentError, parse_moment

VIENNA = ZoneInfo("Europe/Vienna")

READ = {
    "2018-02-19": "2018-02-18T23:00:00",
    "2018-07-19": "2018-07-18T22:00:00",
    "2018-02-19 09:30": "2018-02-19T08:30:00",
    "2018-02-19   09:30": "2018-02-19T08:30:00",
    "2018-02-19 9:30": "2018-02-19T08:30:00",
    "2018-02-19T09:30:15": "2018-02-19T08:30:15",
    "2018-02-19T09:30:15Z": "2018-02-19T09:30:15",
    "2018-02-19t09:30:15z": "2018-02-19T09:30:15",
    "2018-02-19 09:30:15 UTC": "2018-02-19T09:30:15",
    "2018-02-19 09:30:15 GMT": "2018-02-19T09:30:15",
    "2018-02-19T09:30Z": "2018-02-19T09:30:00",
    "2018-02-19T09:30:15+01:00": "2018-02-19T08:30:15",
    "2018-02-19T09:30:15-0730": "2018-02-19T17:00:15",
    "2018-02-19 9:00:00 -0400": "2018-02-19T13:00:00",
    "2018-02-19T09:30:15.5Z": "2018-02-19T09:30:15.500000",
    "2018-02-19T09:30:15.123456789Z": "2018-02-19T09:30:15.123456",
    "2018-02-19T09:30:15+14:00": "2018-02-18T19:30:15",
    "2024-02-29": "2024-02-28T23:00:00",
    "1000-01-01T00:00Z": "1000-01-01T00:00:00",
    "2999-12-31T23:59:59Z": "2999-12-31T23:59:59",
    "1519032600": "2018-02-19T09:30:00",
    "999999999": "2001-09-09T01:46:39",
    # The hour that does not exist, and the one that comes twice: the first is taken.
    "2018-03-25 02:30": "2018-03-25T01:30:00",
    "2018-10-28 02:30": "2018-10-28T00:30:00",
}

REFUSED = {
    "2024-02-30": "February 2024 has 29 days",
    "2023-02-29": "February 2023 has 28 days",
    "2024-13-01": "there is no month 13",
    "2024-00-01": "there is no month 00",
    "2024-01-00": "January 2024 has 31 days",
    "0000-01-01": "the year is not between",
    "0999-12-31": "the year is not between",
    "3000-01-01": "the year is not between",
    "1000-01-01T00:30:00+01:00": "the year is not between",
    "2999-12-31T23:30:00-01:00": "the year is not between",
    "9999-12-31T23:59:59-23:59": "the year is not between",
    "2024-01-01T25:00": "there is no such time of day",
    "2024-01-01T24:00": "there is no such time of day",
    "2024-01-01T10:60": "there is no such time of day",
    "2024-01-01T10:00:60": "there is no such time of day",
    "2024-01-01T10:00:00+14:01": "no time zone is that far from UTC",
    "2024-01-01T10:00:00+99:99": "no time zone is that far from UTC",
    "2024-01-01T10:00:00+01:60": "no time zone is that far from UTC",
    "2024-1-1": "not in a form that is known",
    "01/02/2024": "not in a form that is known",
    "20240101": "not in a form that is known",
    "2024-01-01T10": "not in a form that is known",
    "2024-01-01T10:00:00.Z": "not in a form that is known",
    "2024-01-01T10:00:00.1234567890Z": "not in a form that is known",
    "2024-01-01T10:00 CET": "not in a form that is known",
    "yesterday": "not in a form that is known",
    "": "not in a form that is known",
    "12345678": "not in a form that is known",
    "12345678901": "not in a form that is known",
    "٢٠٢٤-٠١-٠١": "not in a form that is known",
    "2024-01-01\n2024-01-02": "not in a form that is known",
    "9" * 4301: "not in a form that is known",
}


@pytest.mark.parametrize(("text", "utc"), READ.items())
def test_every_form_of_a_date_is_read(text: str, utc: str) -> None:
    assert parse_moment(text, VIENNA).replace(tzinfo=None).isoformat() == utc


@pytest.mark.parametrize(("text", "reason"), REFUSED.items(), ids=lambda value: value[:40])
def test_what_is_no_date_is_refused_with_its_reason_and_cure(text: str, reason: str) -> None:
    with pytest.raises(NotAMomentError) as refused:
        parse_moment(text, VIENNA)

    said, cure = refused.value.args
    assert reason in said
    assert cure


def test_a_moment_is_aware_and_in_utc() -> None:
    assert parse_moment("2018-02-19", VIENNA).tzinfo is dt.UTC


@given(st.text(alphabet="0123456789-:TtZz+. UTC", max_size=40))
def test_any_text_is_a_date_or_a_reason(text: str) -> None:
    try:
        moment = parse_moment(text, VIENNA)
    except NotAMomentError as error:
        assert len(error.args) == 2
    else:
        assert moment.utcoffset() == dt.timedelta(0)


@given(
    st.datetimes(
        dt.datetime(1000, 1, 2),
        dt.datetime(2999, 12, 30),
        timezones=st.builds(
            dt.timezone,
            st.timedeltas(dt.timedelta(hours=-14), dt.timedelta(hours=14)).map(
                lambda offset: dt.timedelta(minutes=offset // dt.timedelta(minutes=1))
            ),
        ),
    )
)
def test_what_python_writes_is_read_as_the_same_moment(moment: dt.datetime) -> None:
    assert parse_moment(moment.isoformat(), VIENNA) == moment
