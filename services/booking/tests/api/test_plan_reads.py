"""The plan's one statement leaves out most of a year, and nothing that matters: its answer leads to what the whole calendar leads to."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr

from booking import plan
from booking.booking_request import BookingRequest, ChosenStart, Operation
from booking.clients.travel import Travel
from booking.rules.conflicts import Calendars, assess
from booking.rules.known_travel_times import KnownTravelTimes
from booking.rules.model import Block, Conflict, OwnBooking, Place, Rule, Slot, Start, Surroundings, Weekday
from booking.settings import Settings
from business import Business, Customer, next_monday
from chassis.database import Database
from chassis.issuer import TokenCache
from chassis.testing import ServiceDatabase

MINUTE = timedelta(minutes=1)
NOW = datetime.now(UTC)
DAYS = 70


@pytest.fixture
async def resources(database: ServiceDatabase) -> AsyncIterator[plan.Resources]:
    """A pool of the service's own role, and no service to ask for travel times."""
    settings = Settings(database_url=SecretStr(database.url), database_pool_size=2)
    made = Database(settings)
    await made.open()
    yield plan.Resources(made, settings, Travel(None, TokenCache(None, "travel"), 900))
    await made.close()


def _spans(random: Random, kinds: dict[str, tuple[int, int]]) -> list[tuple[str, datetime, int]]:
    """Fill months at random with stretches that do not overlap: kind, start, minutes; some touch, some last a day."""
    at = datetime.combine(next_monday() - timedelta(days=3), time(), UTC)
    ends, found = at + timedelta(days=DAYS), []
    while at < ends:
        at += random.choice((0, 0, 15, 45, 90, 600, 1500, 6000)) * MINUTE
        kind = random.choice(list(kinds))
        minutes = random.randrange(*kinds[kind], 15)
        found.append((kind, at, minutes))
        at += minutes * MINUTE
    return found


def _calendar(business: Business, random: Random, walker: UUID) -> list[Block]:
    blocks = []
    for kind, at, minutes in _spans(random, {"visit": (15, 180), "time_off": (60, 1441)}):
        lat = random.choice((51.5, 51.51, 51.6))
        made = business.block(walker, at, minutes, kind, lat)
        place = None if kind == "time_off" else Place(lat, -0.12)
        blocks.append(Block(made, kind, at, at + minutes * MINUTE, place, place))
    return blocks


def _own(business: Business, random: Random, customer: Customer) -> list[OwnBooking]:
    """Bookings of the customer with a walker whom nobody asks for."""
    walker, found = uuid4(), []
    business.execute("INSERT INTO walkers (organization_id, id, name, active) VALUES (%s, %s, 'Zoe', false)", walker)
    spans = _spans(random, {"visit": (15, 1441)})
    # Some around the first start, of which one began long before it.
    for _, at, minutes in spans[:8] + random.sample(spans[8:], 8):
        block = business.block(walker, at, minutes)
        dogs = [random.choice((customer.dog, uuid4()))]
        ends_at = at + minutes * MINUTE
        business.execute(
            "INSERT INTO bookings (organization_id, id, block_id, customer_id, service_id, location_id, dog_ids, occurrence_date,"
            " scheduled_start, scheduled_end, price_cents) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 2000)",
            *(uuid4(), block, customer.who.account_id, business.service, customer.home, dogs, at.date(), at, ends_at),
        )
        found.append(OwnBooking(block, business.service, at, ends_at, tuple(dogs)))
    return sorted(found, key=lambda own: own.starts_at)


def _request(business: Business, random: Random, *, replaced: bool) -> BookingRequest:
    days = random.choice([["MO"], ["MO", "WE", "FR"], ["TU", "WE"], list(Weekday)])
    rule = Rule(
        starts_on=next_monday(),
        start_time=time(random.choice((0, 7, 9, 9, 12, 17, 23)), random.choice((0, 15))),
        weekdays=tuple(Weekday(day) for day in days),
        interval_weeks=random.choice((1, 1, 2)),
        count=random.choice((1, 5, 30)),
    )
    ann = business.ann
    request = BookingRequest(
        operation=Operation.RECURRING,
        actor=ann.who,
        customer_id=ann.who.account_id,
        now=NOW,
        service_id=business.service,
        walker_id=business.sam,
        location_id=ann.home,
        dog_ids=(ann.dog,),
        rule=rule,
    )
    if not replaced:
        return request
    at = datetime.combine(next_monday() + timedelta(days=7), time(), UTC)
    day = (at + timedelta(hours=12)).date()
    chosen = {day: ChosenStart(at + timedelta(hours=11), business.priya)}
    on_that_day = replace(rule, weekdays=(Weekday.MO,), interval_weeks=1, count=5)
    dates = tuple(next_monday() + timedelta(days=7 * n) for n in range(5))
    return replace(request, rule=on_that_day, accepted=dates, chosen=chosen)


def _verdicts(loaded: plan.Loaded, around: Surroundings, walker: UUID) -> list[Any]:
    calendars = Calendars(plan.visit_of(*loaded), around)
    lasts = timedelta(minutes=calendars.visit.duration_minutes)
    starts = loaded.data.starts
    walkers = [one or walker for one in loaded.request.walkers_on(starts)]
    slots = [Slot(s.date, s.time, s.at, s.at + lasts, who, s.shifted) for s, who in zip(starts, walkers, strict=True)]
    # Two hours either side as well: what is offered instead must be known to be free.
    shifted = [
        one._replace(starts_at=one.starts_at + shift, ends_at=one.ends_at + shift)
        for one in slots
        for shift in (timedelta(hours=-2), timedelta(), timedelta(hours=2))
    ]
    travel = KnownTravelTimes(around.zone, 900)
    return [
        (one.outcome, [_without_details(conflict) for conflict in one.conflicts])
        for wanted in shifted
        for one in assess([wanted], calendars, travel)
    ]


def _without_details(conflict: Conflict) -> Conflict:
    return conflict._replace(own=conflict.own and conflict.own._replace(details=None))


@pytest.mark.parametrize("seed", range(8))
async def test_what_is_left_out_makes_no_difference(business: Business, resources: plan.Resources, seed: int) -> None:
    random = Random(seed)
    minutes = random.choice((15, 60, 300, 1440))
    business.execute(
        "UPDATE services s SET duration_minutes = n.minutes FROM (SELECT %s::uuid AS org, %s::int AS minutes) n"
        " WHERE s.organization_id = n.org",
        minutes,
    )
    calendars = {walker: _calendar(business, random, walker) for walker in (business.sam, business.priya)}
    own = _own(business, random, business.ann)
    for turn in range(6):
        request = _request(business, random, replaced=turn == 5)
        for walker in (request.walker_id, None) if turn < 5 else (request.walker_id,):
            loaded = await plan.load(resources, replace(request, walker_id=walker))
            read = loaded.data.around
            assert {business.sam} <= set(read.calendars)
            whole = replace(
                read,
                calendars={
                    one: replace(calendar, blocks=tuple(calendars.get(one, calendar.blocks)))
                    for one, calendar in read.calendars.items()
                },
                own=own,
            )
            assert _verdicts(loaded, read, business.sam) == _verdicts(loaded, whole, business.sam)
            if walker and turn < 5:
                assert _could_stand_in(loaded, calendars, business) <= (_known(read, business.priya) or set())


def _could_stand_in(loaded: plan.Loaded, calendars: dict[UUID, list[Block]], business: Business) -> set[date]:
    """The dates on which Sam cannot come and Priya can: both work from eight to six, Monday to Friday."""
    lasts = timedelta(minutes=plan.visit_of(*loaded).duration_minutes)

    def taken(walker: UUID, at: datetime) -> bool:
        return any(block.starts_at < at + lasts and block.ends_at > at for block in calendars[walker])

    def works(start: Start) -> bool:
        ends = start.time.hour * 60 + start.time.minute + lasts // MINUTE
        return start.date.weekday() < 5 and start.time.hour >= 8 and ends <= 18 * 60

    in_trouble = [start for start in loaded.data.starts if taken(business.sam, start.at)]
    return {start.date for start in in_trouble if works(start) and not taken(business.priya, start.at)}


def _known(read: Surroundings, walker: UUID) -> frozenset[date] | None:
    return read.calendars[walker].known_on if walker in read.calendars else None
