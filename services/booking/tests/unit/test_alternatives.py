"""What is offered instead really works, and is the nearest that does."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given, settings

from booking.rules.alternatives import AT_MOST, with_alternatives
from booking.rules.conflicts import Calendars, assess
from booking.rules.model import (
    Block,
    Hours,
    Outcome,
    Slot,
    Surroundings,
    TravelMode,
    Visit,
    WalkerCalendar,
    Weekday,
)
from booking.rules.travel_estimate import estimate
from calendars import DOGS, HOME, SERVICE, WALKERS, situations
from reference import overlap, verdict

BUFFER_S = 900
guess = partial(estimate, buffer_s=BUFFER_S)
NINE = datetime(2027, 1, 4, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
Situation = tuple[list[Slot], Visit, Surroundings]


@settings(max_examples=300)
@given(situations())
def test_alternatives_are_the_nearest_starts_and_walkers_that_are_wholly_free(situation: Situation) -> None:
    occurrences, visit, around = situation
    assessed = assess(occurrences, Calendars(visit, around), guess)
    offered = with_alternatives(assessed, Calendars(visit, around), guess, not_before=LONG_AGO)
    stand_ins = {
        index: [
            walker.id
            for walker in around.calendars.values()
            if walker.id != one.occurrence.walker_id
            and not one.occurrence.shifted
            and _free(one.occurrence, one.occurrence.starts_at, walker.id, visit, around, _beside(occurrences, index))
        ]
        for index, one in enumerate(offered)
        if one.outcome is Outcome.CONFLICT
    }
    free_on = Counter(walker_id for others in stand_ins.values() for walker_id in others)
    for index, one in enumerate(offered):
        if one.outcome is not Outcome.CONFLICT:
            assert one.alternatives == ()
            continue
        wanted, beside = one.occurrence, _beside(occurrences, index)
        same = [at for at in _nearest_first(wanted) if _free(wanted, at, wanted.walker_id, visit, around, beside)]
        others = sorted(stand_ins[index], key=lambda walker_id: -free_on[walker_id])
        first = [at for at in same if at < wanted.starts_at][:1] + [at for at in same if at > wanted.starts_at][:1]
        expected = [(at, wanted.walker_id) for at in first]
        expected += [(wanted.starts_at, walker_id) for walker_id in others[:1]]
        expected += [(at, wanted.walker_id) for at in same if at not in first]
        expected += [(wanted.starts_at, walker_id) for walker_id in others[1:]]
        assert [(a.starts_at, a.walker_id) for a in one.alternatives] == expected[:AT_MOST]


def test_the_same_stand_in_comes_again_where_one_is_free_on_most_dates() -> None:
    zone, hours = ZoneInfo("Europe/London"), tuple(Hours(day, 0, 1440) for day in Weekday)
    mondays = [NINE + n * 7 * 1440 * MINUTE for n in range(3)]
    taken = [Block(UUID(int=n), "visit", at, at + 60 * MINUTE, HOME, HOME) for n, at in enumerate(mondays, 1)]
    sam = WalkerCalendar(WALKERS[0], "Sam", TravelMode.DRIVING, 1, True, hours, tuple(taken))
    # By name Alex comes first, and is free on one of the three dates only.
    alex = WalkerCalendar(WALKERS[1], "Alex", TravelMode.DRIVING, 1, True, hours, tuple(taken[1:]))
    zoe = WalkerCalendar(WALKERS[2], "Zoe", TravelMode.DRIVING, 1, True, hours)
    around = Surroundings(zone, {alex.id: alex, sam.id: sam, zoe.id: zoe})
    wanted = [Slot(at.date(), time(9), at, at + 60 * MINUTE, sam.id) for at in mondays]
    calendars = Calendars(Visit(SERVICE, 60, frozenset(DOGS), HOME, HOME), around)
    offered = with_alternatives(assess(wanted, calendars, guess), calendars, guess, not_before=LONG_AGO)
    assert [one.alternatives[2].walker_name for one in offered] == ["Zoe"] * 3


def test_of_two_starts_equally_near_the_earlier_comes_first_and_another_walker_keeps_a_place() -> None:
    zone, hours = ZoneInfo("Europe/London"), tuple(Hours(day, 0, 1440) for day in Weekday)
    taken = Block(UUID(int=1), "visit", NINE, NINE + 60 * MINUTE, HOME, HOME)
    sam = WalkerCalendar(WALKERS[0], "Sam", TravelMode.DRIVING, 1, True, hours, (taken,))
    priya = WalkerCalendar(WALKERS[1], "Priya", TravelMode.DRIVING, 1, True, hours)
    around = Surroundings(zone, {sam.id: sam, priya.id: priya})
    wanted = Slot(NINE.date(), time(9), NINE, NINE + 60 * MINUTE, sam.id)
    visit = Visit(SERVICE, 60, frozenset(DOGS), HOME, HOME)
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


def _beside(occurrences: list[Slot], index: int) -> list[Slot]:
    return [occurrences[i] for i in (index - 1, index + 1) if 0 <= i < len(occurrences)]


def _nearest_first(wanted: Slot) -> list[datetime]:
    quarters = [timedelta(minutes=15 * n) for n in range(-8, 9) if n]
    return [wanted.starts_at + shift for shift in sorted(quarters, key=lambda s: (abs(s), s))]


def _free(
    wanted: Slot, at: datetime, walker_id: object, visit: Visit, around: Surroundings, beside: list[Slot]
) -> bool:
    lasts = wanted.ends_at - wanted.starts_at
    moved = wanted._replace(starts_at=at, ends_at=at + lasts, walker_id=walker_id, shifted=False)
    return (
        at.astimezone(around.zone).date() == wanted.date
        and not any(overlap(other.starts_at, other.ends_at, moved) for other in beside)
        and not verdict(moved, [], visit, around, BUFFER_S)
    )
