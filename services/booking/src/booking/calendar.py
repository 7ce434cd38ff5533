"""A walker's calendar: everything that is taken, a group walk as one block."""

from datetime import date
from uuid import UUID

from booking import booked, people
from booking.store import calendar as store
from booking.store.rows import Row
from chassis.database import Database
from chassis.problems import InvalidRequest, NotAllowed, NotFound
from chassis.tokens import Caller

_DAYS_AT_MOST = 62


async def blocks(db: Database, who: Caller, walker_id: UUID, first: date, last: date) -> list[Row]:
    """Return what is taken from a local date to another, both inclusive. Raises InvalidRequest, NotAllowed, NotFound."""
    if who.role == "customer":
        raise NotAllowed("Only walkers and the office see calendars.")
    if who.role == "walker" and who.account_id != walker_id:
        raise NotFound("There is no such walker's calendar for you.")
    if last < first or (last - first).days >= _DAYS_AT_MOST:
        raise InvalidRequest.field("to", f"must be within {_DAYS_AT_MOST} days from 'from'")
    await people.walker(db, who, walker_id)
    begins, ends = booked.day_span(who, first, last)
    assert begins
    assert ends
    async with db.begin(who.organization_id) as tx:
        return await store.blocks(tx, who.organization_id, walker_id, begins, ends)
