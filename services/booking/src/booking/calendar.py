"""A walker's calendar: everything that is taken, a group walk as one block, and the legs between."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from booking import bookings, clock, walkers
from booking.api.schemas import calendar as schemas
from booking.clients.travel import Travel
from booking.rules.known_travel_times import KnownTravelTimes
from booking.rules.model import Place, TravelMode
from booking.rules.travel_gaps import between
from booking.store import calendar as store
from booking.store.rows import Row
from chassis.database import Database
from chassis.problems import InvalidRequest, NotAllowed, NotFound
from chassis.tokens import Caller

_DAYS_AT_MOST = 62


async def blocks(
    db: Database, travel: Travel, who: Caller, walker_id: UUID, first: date, last: date
) -> list[schemas.CalendarBlock]:
    """Return what is taken from a local date to another, both inclusive, each with the legs before and after it.

    Raises InvalidRequest, NotAllowed, NotFound.
    """
    if who.role == "customer":
        raise NotAllowed("Only walkers and the office see calendars.")
    if who.role == "walker" and who.account_id != walker_id:
        raise NotFound("There is no such walker's calendar for you.")
    if last < first or (last - first).days >= _DAYS_AT_MOST:
        words = f"Please choose {_DAYS_AT_MOST} days at most, and a last day that is not before the first."
        raise InvalidRequest.field("to", words)
    walker = await walkers.read(db, who, walker_id)
    begins, ends = bookings.day_span(who, first, last)
    assert begins
    assert ends
    async with db.begin(who.organization_id) as tx:
        found = await store.blocks(tx, who.organization_id, walker_id, begins, ends)
    return await _with_legs(found, TravelMode(walker["travel_mode"]), travel, who)


async def _with_legs(
    blocks: Sequence[Row], mode: TravelMode, travel: Travel, who: Caller
) -> list[schemas.CalendarBlock]:
    at_hand = KnownTravelTimes(ZoneInfo(who.time_zone), travel.buffer_s)
    gaps = between([(block["starts_at"], block["ends_at"], _place(block)) for block in blocks], mode)
    # What is over is not worth a question.
    ahead = at_hand.unknown(gap.trip for gap in gaps.values() if gap.trip.depart_at > clock.now())
    known = await travel.times(ahead, who) if ahead else {}
    times = KnownTravelTimes(ZoneInfo(who.time_zone), travel.buffer_s, known)
    legs = {index: schemas.leg(gap, times(gap.trip)) for index, gap in gaps.items()}
    return [schemas.calendar_block(block, legs.get(index - 1), legs.get(index)) for index, block in enumerate(blocks)]


def _place(block: Row) -> Place | None:
    return None if block["lat"] is None else Place(block["lat"], block["lng"])
