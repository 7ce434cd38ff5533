"""What is offered instead really works, and is the nearest that does."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given, settings

from booking.alternatives import AT_MOST, with_alternatives
from booking.conflicts import Calendars, assess
from booking.model import Block, Hours, Occurrence, Outcome, Surroundings, TravelMode, Visit, WalkerCalendar, Weekday
from booking.travel_estimate import estimate
from calendars import DOGS, HOME, SERVICE, WALKERS, situations
from reference import overlap, verdict

BUFFER_S = 900
guess = partial(estimate, buffer_s=BUFFER_S)
NINE = datetime(2027, 1, 4, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
Situation = tuple[list[Occurrence], Visit, Surroundings]


@settings(max_examples=300)
@given(situations())
def test_alternatives_are_the_nearest_starts_and_walkers_that_are_wholly_free(situation: Situation) -> None:
    occurrences, visit, around = situation
    assessed = assess(occurrences, Calendars(visit, around), guess)
    offered = with_alternatives(assessed, Calendars(visit, around), guess, not_before=LONG_AGO)
    for index, one in enumerate(offered):
        if one.outcome is not Outcome.CONFLICT:
            assert one.alternatives == ()
            continue
        wanted = one.occurrence
        beside = [occurrences[i] for i in (index - 1, index + 1) if 0 <= i < len(occurrences)]
        same = [at for at in _nearest_first(wanted) if _free(wanted, at, wanted.walker_id, visit, around, beside)]
        others = [
            walker.id
            for walker in around.calendars.values()
            if walker.id != wanted.walker_id
            and not wanted.shifted
            and _free(wanted, wanted.starts_at, walker.id, visit, around, beside)
        ]
        kept = AT_MOST - 1 if others else AT_MOST
        expected = [(at, wanted.walker_id) for at in same[:kept]]
        expected += [(wanted.starts_at, walker_id) for walker_id in others][: AT_MOST - len(expected)]
        assert [(a.starts_at, a.walker_id) for a in one.alternatives] == expected


def test_of_two_starts_equally_near_the_earlier_comes_first_and_another_walker_keeps_a_place() -> None:
    zone, hours = ZoneInfo("Europe/London"), tuple(Hours(day, 0, 1440) for day in Weekday)
    taken = Block(UUID(int=1), "visit", NINE, NINE + 60 * MINUTE, HOME)
    sam = WalkerCalendar(WALKERS[0], "Sam", TravelMode.DRIVING, 1, True, hours, (taken,))
    priya = WalkerCalendar(WALKERS[1], "Priya", TravelMode.DRIVING, 1, True, hours)
    around = Surroundings(zone, {sam.id: sam, priya.id: priya})
    wanted = Occurrence(NINE.date(), time(9), NINE, NINE + 60 * MINUTE, sam.id)
    visit = Visit(SERVICE, 60, frozenset(DOGS), HOME)
    assessed = assess([wanted], Calendars(visit, around), guess)
    [offered] = with_alternatives(assessed, Calendars(visit, around), guess, not_before=LONG_AGO)
    assert [(a.starts_at, a.walker_name) for a in offered.alternatives] == [
        (NINE - 60 * MINUTE, "Sam"),
        (NINE + 60 * MINUTE, "Sam"),
        (NINE, "Priya"),
    ]


@settings(max_examples=100)
@given(situations())
def test_nothing_is_offered_that_begins_before_now(situation: Situation) -> None:
    occurrences, visit, around = situation
    now = occurrences[0].starts_at
    assessed = assess(occurrences, Calendars(visit, around), guess)
    for one in with_alternatives(assessed, Calendars(visit, around), guess, not_before=now):
        assert all(alternative.starts_at >= now for alternative in one.alternatives)


@settings(max_examples=100)
@given(situations())
def test_nobody_is_called_free_on_a_date_that_nobody_looked_at(situation: Situation) -> None:
    occurrences, visit, around = situation
    wanted = {occurrence.walker_id for occurrence in occurrences}
    unknown = {
        walker_id: calendar if walker_id in wanted else replace(calendar, known_on=frozenset())
        for walker_id, calendar in around.calendars.items()
    }
    around = replace(around, calendars=unknown)
    assessed = assess(occurrences, Calendars(visit, around), guess)
    for one in with_alternatives(assessed, Calendars(visit, around), guess, not_before=LONG_AGO):
        assert {alternative.walker_id for alternative in one.alternatives} <= wanted


def _nearest_first(wanted: Occurrence) -> list[datetime]:
    quarters = [timedelta(minutes=15 * n) for n in range(-8, 9) if n]
    return [wanted.starts_at + shift for shift in sorted(quarters, key=lambda s: (abs(s), s))]


def _free(
    wanted: Occurrence, at: datetime, walker_id: object, visit: Visit, around: Surroundings, beside: list[Occurrence]
) -> bool:
    lasts = wanted.ends_at - wanted.starts_at
    moved = wanted._replace(starts_at=at, ends_at=at + lasts, walker_id=walker_id, shifted=False)
    return (
        at.astimezone(around.zone).date() == wanted.date
        and not any(overlap(other.starts_at, other.ends_at, moved) for other in beside)
        and not verdict(moved, [], visit, around, BUFFER_S)
    )
