"""A rule's dates are those of iCalendar, and its instants those of the clocks on the wall, in every zone of the world."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil.rrule import WEEKLY, rrule
from hypothesis import example, given, settings
from hypothesis import strategies as st

from booking.rules.model import Rule, Weekday
from booking.rules.recurrence import instant, starts
from reference import first_instant_showing

ZONES = sorted(available_timezones() - {"localtime", "Factory"})
WEEKDAYS = st.lists(st.sampled_from(list(Weekday)), min_size=1, max_size=7, unique=True).map(tuple)
DATES = st.dates(date(2000, 1, 1), date(2037, 12, 31))
TIMES = st.times().map(lambda t: t.replace(second=0, microsecond=0, fold=0))


@settings(max_examples=1000)
@given(DATES, WEEKDAYS, st.integers(1, 52), st.integers(1, 120))
def test_a_counted_rule_has_the_dates_of_icalendar(
    starts_on: date, weekdays: tuple[Weekday, ...], every: int, count: int
) -> None:
    rule = Rule(starts_on, time(9), weekdays, every, count=count)
    expected = rrule(
        WEEKLY,
        dtstart=datetime.combine(starts_on, time()),
        interval=every,
        byweekday=[list(Weekday).index(day) for day in weekdays],
        count=count,
        wkst=0,
    )
    assert [start.date for start in starts(rule, ZoneInfo("UTC"))] == [at.date() for at in expected]


@settings(max_examples=1000)
@given(DATES, WEEKDAYS, st.integers(1, 52), st.integers(0, 800))
def test_a_rule_with_an_end_has_the_dates_up_to_and_with_it(
    starts_on: date, weekdays: tuple[Weekday, ...], every: int, days: int
) -> None:
    until = starts_on + timedelta(days=days)
    rule = Rule(starts_on, time(9), weekdays, every, until=until)
    expected = rrule(
        WEEKLY,
        dtstart=datetime.combine(starts_on, time()),
        interval=every,
        byweekday=[list(Weekday).index(day) for day in weekdays],
        until=datetime.combine(until, time()),
        wkst=0,
    )
    assert [start.date for start in starts(rule, ZoneInfo("UTC"))] == [at.date() for at in expected]


def test_the_end_of_the_calendar_ends_a_rule() -> None:
    rule = Rule(date(9999, 12, 1), time(9), (Weekday.MO,), 52, count=100)
    assert len(list(starts(rule, ZoneInfo("Europe/London")))) < 3


@settings(max_examples=500)
@given(st.sampled_from(ZONES), DATES, TIMES)
@example("Europe/London", date(2026, 3, 29), time(1, 30))
@example("Europe/London", date(2026, 10, 25), time(1, 30))
@example("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15))
@example("Pacific/Apia", date(2011, 12, 30), time(12, 0))
@example("Europe/Dublin", date(2027, 3, 28), time(1, 0))
@example("Africa/Cairo", date(2026, 4, 24), time(0, 0))
@example("America/Havana", date(2026, 3, 8), time(0, 30))
@example("Africa/Casablanca", date(2026, 2, 15), time(3, 0))
def test_a_local_time_is_the_first_instant_at_which_the_clocks_show_it(zone: str, day: date, at: time) -> None:
    assert instant(day, at, ZoneInfo(zone)) == first_instant_showing(day, at, ZoneInfo(zone))


@settings(max_examples=500)
@given(st.sampled_from(ZONES), DATES, TIMES, st.integers(1, 40))
@example("Europe/London", date(2026, 3, 23), time(1, 30), 14)
@example("Africa/Cairo", date(2026, 4, 20), time(0, 0), 14)
@example("Pacific/Apia", date(2011, 12, 26), time(12, 0), 14)
def test_a_rules_starts_are_the_instants_of_its_local_times(zone: str, day: date, at: time, count: int) -> None:
    rule = Rule(day, at, tuple(Weekday), count=count)
    found = [(start.at, start.shifted) for start in starts(rule, ZoneInfo(zone))]
    assert found == [instant(day + timedelta(days=n), at, ZoneInfo(zone)) for n in range(count)]


def test_every_change_of_every_clock_of_the_coming_years_is_right_around_it() -> None:
    checked = 0
    for name in ZONES:
        zone = ZoneInfo(name)
        for change in _changes(zone, 2026, 2027):
            local = change.astimezone(zone).replace(tzinfo=None)
            for minutes in (-61, -31, -30, -1, 0, 1, 30, 61):
                shown = local + timedelta(minutes=minutes)
                got = instant(shown.date(), shown.time(), zone)
                assert got == first_instant_showing(shown.date(), shown.time(), zone), (name, shown)
                checked += 1
    assert checked > 800


def _changes(zone: ZoneInfo, from_year: int, to_year: int) -> list[datetime]:
    at, end = datetime(from_year, 1, 1, tzinfo=UTC), datetime(to_year, 1, 1, tzinfo=UTC)
    found = []
    while at < end:
        after = at + timedelta(days=7)
        if at.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            found.append(_bisected(zone, at, after))
        at = after
    return found


def _bisected(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(minutes=1):
        middle = low + timedelta(minutes=int((high - low) / timedelta(minutes=1)) // 2)
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
    return high


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Australia/Sydney", "Asia/Kathmandu"])
def test_a_walk_at_nine_stays_at_nine_when_the_clocks_change(zone: str) -> None:
    rule = Rule(date(2026, 12, 7), time(9), (Weekday.MO,), count=52)
    found = list(islice(starts(rule, ZoneInfo(zone)), 52))
    assert {start.at.astimezone(ZoneInfo(zone)).strftime("%a %H:%M") for start in found} == {"Mon 09:00"}
    assert not any(start.shifted for start in found)
