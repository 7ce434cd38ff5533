"""Every occurrence is told everything that stands in its way, as the N-query way would find it."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from functools import partial
from uuid import UUID
from zlib import crc32
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings

from booking.rules.alternatives import with_alternatives
from booking.rules.conflicts import Calendars, assess, gaps, left_out, overlaps
from booking.rules.known_travel_times import KnownTravelTimes
from booking.rules.model import (
    Assessed,
    Block,
    Cause,
    Hours,
    Outcome,
    OwnBooking,
    Reason,
    Severity,
    Slot,
    Surroundings,
    TravelMode,
    TravelTime,
    Trip,
    Visit,
    WalkerCalendar,
    Weekday,
)
from booking.rules.travel_estimate import estimate
from booking.rules.travel_gaps import matters
from calendars import DOGS, HOME, OTHER_SERVICE, SERVICE, WALKERS, situations
from reference import overlap, verdict

BUFFER_S = 900
guess = partial(estimate, buffer_s=BUFFER_S)
NINE = datetime(2027, 1, 4, 9, tzinfo=UTC)
MINUTES = timedelta(minutes=1)


@settings(max_examples=1000)
@given(situations())
def test_the_batch_finds_what_the_n_query_way_finds(
    situation: tuple[list[Slot], Visit, Surroundings],
) -> None:
    occurrences, visit, around = situation
    bookable: list[Slot] = []
    for assessed in assess(occurrences, Calendars(visit, around), guess):
        found = {(c.reason.value, c.severity.value, c.message) for c in assessed.conflicts}
        assert found == verdict(assessed.occurrence, bookable, visit, around, BUFFER_S)
        assert len(found) == len(assessed.conflicts)
        assert {c.walker_id for c in assessed.conflicts} <= {assessed.occurrence.walker_id}
        if assessed.outcome is not Outcome.CONFLICT:
            bookable.append(assessed.occurrence)


def roads(trip: Trip) -> TravelTime:
    """A provider that knows better than we do, anything up to the worst, and is not asked twice about ways that are alike."""
    worst_s = 3 * guess(trip).duration_s + 900
    share = crc32(repr(KnownTravelTimes(ZoneInfo("UTC"), BUFFER_S).alike(trip)).encode()) / 2**32
    return TravelTime(int(share * worst_s), BUFFER_S, estimated=False)


def asked(assessed: Sequence[Assessed], calendars: Calendars) -> KnownTravelTimes:
    """What is at hand after everything that matters was asked."""
    nothing = KnownTravelTimes(calendars.around.zone, BUFFER_S)
    near = [gap.trip for gap in gaps(assessed, calendars) if matters(gap, nothing.at_worst)]
    known = {alike: roads(trip) for alike, trip in nothing.unknown(near).items()}
    return KnownTravelTimes(calendars.around.zone, BUFFER_S, known)


@settings(max_examples=150)
@given(situations())
def test_what_is_not_asked_about_does_not_matter(
    situation: tuple[list[Slot], Visit, Surroundings],
) -> None:
    occurrences, visit, around = situation
    calendars = Calendars(visit, around)
    at_hand = asked(assess(occurrences, calendars, guess), calendars)

    def all_known(trip: Trip) -> TravelTime:
        return at_hand.known.get(at_hand.alike(trip)) or roads(trip)

    for ours, theirs in zip(
        assess(occurrences, calendars, at_hand), assess(occurrences, calendars, all_known), strict=True
    ):
        assert ours.outcome is theirs.outcome
        if all(c.reason is Reason.TRAVEL_TIME or c.severity is Severity.WARNING for c in theirs.conflicts):
            assert ours.conflicts == theirs.conflicts


@settings(max_examples=150)
@given(situations())
def test_what_is_offered_is_free_by_the_roads_themselves(
    situation: tuple[list[Slot], Visit, Surroundings],
) -> None:
    occurrences, visit, around = situation
    calendars = Calendars(visit, around)
    past = datetime(2000, 1, 1, tzinfo=UTC)
    guessed = with_alternatives(assess(occurrences, calendars, guess), calendars, guess, not_before=past)
    at_hand = asked(guessed, calendars)

    def all_known(trip: Trip) -> TravelTime:
        return at_hand.known.get(at_hand.alike(trip)) or roads(trip)

    lasts = timedelta(minutes=visit.duration_minutes)
    for one in with_alternatives(assess(occurrences, calendars, at_hand), calendars, at_hand.surely, not_before=past):
        for other in one.alternatives:
            walker = calendars.walker(other.walker_id)
            found, _ = walker.in_the_way(other.starts_at, other.starts_at + lasts, visit, all_known)
            assert not found


@settings(max_examples=150)
@given(situations())
def test_overlaps_are_exactly_the_spans_that_share_time(
    situation: tuple[list[Slot], Visit, Surroundings],
) -> None:
    occurrences, _, around = situation
    blocks = around.calendars[WALKERS[0]].blocks
    expected = {
        wanted: [block for block in blocks if overlap(block.starts_at, block.ends_at, wanted)] for wanted in occurrences
    }
    assert overlaps(occurrences, blocks) == {wanted: hits for wanted, hits in expected.items() if hits}


def test_blocks_of_two_walkers_are_not_taken_for_one_calendar() -> None:
    blocks = [_block(0, 60), _block(30, 90)]
    with pytest.raises(ValueError, match="overlap"):
        overlaps([_wanted(0, 60)], blocks)


@pytest.mark.parametrize(
    ("begins", "ends", "hit"),
    [
        (-90, -30, False),  # before
        (-60, 0, False),  # touches the start
        (-30, 30, True),  # reaches in
        (0, 60, True),  # the same
        (15, 45, True),  # inside
        (-30, 90, True),  # around
        (30, 90, True),  # begins inside
        (60, 120, False),  # touches the end
    ],
)
def test_the_eight_positions_of_two_spans(begins: int, ends: int, hit: bool) -> None:
    assert bool(overlaps([_wanted(0, 60)], [_block(begins, ends)])) is hit


def test_dates_of_one_request_that_collide_say_so() -> None:
    first, second = _wanted(0, 60), _wanted(30, 90)
    visit, around = Visit(SERVICE, 60, frozenset(DOGS[:1]), HOME, HOME), _free_calendar()
    found = assess([first, second], Calendars(visit, around), guess)
    assert [[c.cause for c in one.conflicts] for one in found] == [[], [Cause.SAME_SERIES]]


def test_of_two_own_bookings_in_the_way_the_first_is_named() -> None:
    own = [
        OwnBooking(UUID(int=n), OTHER_SERVICE, NINE + n * MINUTES, NINE + (n + 20) * MINUTES, (DOGS[0],))
        for n in (0, 30)
    ]
    [said] = _against(_wanted(0, 60), Visit(SERVICE, 60, frozenset(DOGS[:1]), HOME, HOME), *own)
    assert (said.cause, said.own) == (Cause.OWN_BOOKING, own[0])


def test_what_is_left_out_says_so_unless_it_could_not_have_been_booked() -> None:
    visit = Visit(SERVICE, 60, frozenset(DOGS[:1]), HOME, HOME)
    [free] = assess([_wanted(0, 60)], Calendars(visit, _free_calendar()), guess)
    assert [(c.reason, c.severity) for c in left_out(free).conflicts] == [(Reason.LEFT_OUT, Severity.WARNING)]
    taken = OwnBooking(UUID(int=77), SERVICE, NINE, NINE + 60 * MINUTES, (DOGS[0],))
    [troubled] = assess([_wanted(0, 60)], Calendars(visit, _free_calendar(taken)), guess)
    assert left_out(troubled) == troubled


def test_the_same_service_at_the_same_start_is_a_duplicate_only_when_nothing_else_is_in_the_way() -> None:
    wanted = _wanted(0, 60)
    visit = Visit(SERVICE, 60, frozenset(DOGS[:1]), HOME, HOME)
    with_another_dog = OwnBooking(UUID(int=77), SERVICE, NINE, NINE + 60 * MINUTES, (DOGS[1],))
    with_this_dog = with_another_dog._replace(dog_ids=(DOGS[0],))
    assert [c.duplicate for c in _against(wanted, visit, with_another_dog)] == [True]
    assert [c.duplicate for c in _against(wanted, visit, with_this_dog)] == [False]
    assert _against(wanted, visit, with_another_dog._replace(service_id=OTHER_SERVICE)) == []


def _against(wanted: Slot, visit: Visit, *own: OwnBooking) -> list:
    return list(assess([wanted], Calendars(visit, _free_calendar(*own)), guess)[0].conflicts)


def _free_calendar(*own: OwnBooking) -> Surroundings:
    hours = tuple(Hours(day, 0, 1440) for day in Weekday)
    calendar = WalkerCalendar(WALKERS[0], "Sam", TravelMode.DRIVING, 1, True, hours)
    return Surroundings(ZoneInfo("Europe/London"), {WALKERS[0]: calendar}, own)


def _wanted(begins: int, ends: int) -> Slot:
    return Slot(NINE.date(), time(9), NINE + begins * MINUTES, NINE + ends * MINUTES, WALKERS[0])


def _block(begins: int, ends: int) -> Block:
    return Block(UUID(int=500 + begins), "visit", NINE + begins * MINUTES, NINE + ends * MINUTES, HOME, HOME)
