"""Random calendars for property tests: crowded, so that spans touch, overlap and follow each other closely."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from booking.rules.model import (
    Block,
    Hours,
    OwnBooking,
    Place,
    Rule,
    Slot,
    Surroundings,
    TravelMode,
    Visit,
    WalkerCalendar,
    Weekday,
)
from booking.rules.recurrence import starts

WALKERS = tuple(UUID(int=n) for n in (1, 2, 3))
SERVICE, OTHER_SERVICE = UUID(int=11), UUID(int=12)
DOGS = tuple(UUID(int=n) for n in (21, 22, 23))
HOME = Place(51.5, -0.12)
PLACES = (HOME, Place(51.503, -0.118), Place(51.54, -0.05), Place(51.6, 0.1))
# Starts a few days before the clocks change, so that every example has such a day in it or near it.
ZONES = {"Europe/London": date(2027, 3, 22), "America/New_York": date(2026, 10, 26), "Asia/Kolkata": date(2027, 3, 22)}
QUARTERS = st.integers(0, 14 * 96).map(lambda n: n * 15)


def _instant(first: date, minutes: int) -> datetime:
    return datetime.combine(first, time(), UTC) - timedelta(hours=12) + timedelta(minutes=minutes)


@st.composite
def blocks(draw: st.DrawFn, first: date, numbers: int) -> tuple[Block, ...]:
    """Blocks in time order, no two overlapping; some touch."""
    found: list[Block] = []
    spans = draw(st.lists(st.tuples(QUARTERS, st.sampled_from([5, 15, 60, 90, 240, 1440])), max_size=24))
    for start, lasts in sorted(spans):
        starts_at = _instant(first, start)
        if found and found[-1].ends_at > starts_at:
            starts_at = found[-1].ends_at
        kind = draw(st.sampled_from(["visit", "visit", "group_walk", "meet_and_greet", "time_off"]))
        # A walker may leave from elsewhere than where the block began.
        places = st.just(None) if kind == "time_off" else st.sampled_from(PLACES)
        found.append(
            Block(
                UUID(int=numbers + len(found)),
                kind,
                starts_at,
                starts_at + timedelta(minutes=lasts),
                draw(places),
                draw(places),
            )
        )
    return tuple(found)


STRETCHES = st.sampled_from([(480, 1080), (0, 1440), (540, 720), (720, 1020), (1200, 1440), (0, 120), (60, 180)])


@st.composite
def hours(draw: st.DrawFn) -> tuple[Hours, ...]:
    """Stretches of weekdays; of one day they do not overlap, but may touch."""
    found: list[Hours] = []
    for weekday in draw(st.lists(st.sampled_from(list(Weekday)), unique=True, max_size=7)):
        closed = 0
        for opens, closes in sorted(draw(st.lists(STRETCHES, max_size=3))):
            if opens >= closed:
                found.append(Hours(weekday, opens, closes))
                closed = closes
    return tuple(found)


@st.composite
def walkers(draw: st.DrawFn, first: date) -> dict[UUID, WalkerCalendar]:
    """Three walkers' calendars."""
    return {
        walker_id: WalkerCalendar(
            id=walker_id,
            name=f"Walker {number}",
            travel_mode=draw(st.sampled_from(list(TravelMode))),
            version=1,
            active=draw(st.integers(0, 9)) > 0,
            hours=draw(st.one_of(hours(), st.just(tuple(Hours(day, 0, 1440) for day in Weekday)))),
            blocks=draw(blocks(first, 1000 * (number + 1))),
        )
        for number, walker_id in enumerate(WALKERS)
    }


@st.composite
def own_bookings(draw: st.DrawFn, first: date, calendars: dict[UUID, WalkerCalendar]) -> tuple[OwnBooking, ...]:
    """The customer's bookings: some are blocks of these walkers, some of others."""
    found = []
    for number, (start, lasts) in enumerate(
        draw(st.lists(st.tuples(QUARTERS, st.sampled_from([15, 60, 240])), max_size=8))
    ):
        starts_at = _instant(first, start)
        block_id, ends_at = UUID(int=9000 + number), starts_at + timedelta(minutes=lasts)
        calendar = calendars[draw(st.sampled_from(WALKERS))]
        if calendar.blocks and draw(st.booleans()):
            block = draw(st.sampled_from(calendar.blocks))
            block_id, starts_at, ends_at = block.id, block.starts_at, block.ends_at
        service = draw(st.sampled_from([SERVICE, OTHER_SERVICE]))
        dogs = draw(st.lists(st.sampled_from(DOGS), min_size=1, max_size=2, unique=True).map(tuple))
        found.append(OwnBooking(block_id, service, starts_at, ends_at, dogs))
    return tuple(sorted(found, key=lambda own: own.starts_at))


@st.composite
def situations(draw: st.DrawFn) -> tuple[list[Slot], Visit, Surroundings]:
    """A rule's occurrences, what is wanted, and everything around them."""
    zone_name = draw(st.sampled_from(sorted(ZONES)))
    first, zone = ZONES[zone_name], ZoneInfo(zone_name)
    calendars = draw(walkers(first))
    around = Surroundings(zone, calendars, draw(own_bookings(first, calendars)))
    dogs = frozenset(draw(st.lists(st.sampled_from(DOGS), min_size=1, max_size=2, unique=True)))
    visit = Visit(SERVICE, draw(st.sampled_from([15, 60, 120, 1440])), dogs, HOME, draw(st.sampled_from(PLACES)))
    at = draw(st.one_of(st.sampled_from([time(9), time(1, 30), time(2), time(23, 30), time(0)]), st.times()))
    rule = Rule(
        first,
        at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0, fold=0),
        tuple(draw(st.lists(st.sampled_from(list(Weekday)), min_size=1, unique=True))),
        count=draw(st.integers(1, 12)),
    )
    lasts = timedelta(minutes=visit.duration_minutes)
    walker_id = draw(st.sampled_from(WALKERS))
    swaps = draw(st.booleans())
    return (
        [
            Slot(s.date, s.time, s.at, s.at + lasts, WALKERS[n % 3] if swaps else walker_id, s.shifted)
            for n, s in enumerate(starts(rule, zone))
        ],
        visit,
        around,
    )
