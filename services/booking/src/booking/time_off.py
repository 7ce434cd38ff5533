"""Time off: what a walker keeps free. It never lies over bookings without these being cancelled, and somebody saying so."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from booking import bookings, clock, commit, events, walkers
from booking.booking_change import BookingChange, Cancellation, NewTimeOff
from booking.errors import BookingsInTheWay
from booking.rules.model import LONGEST_BLOCK
from booking.store import locks
from booking.store import time_off as store
from booking.store.rows import Row
from booking.store.time_off import Span
from chassis.api_types import page
from chassis.database import Database, Tx
from chassis.idempotency.once import Once, StoredResponse
from chassis.ids import new_id
from chassis.problems import InvalidRequest, NotAllowed, NotFound
from chassis.tokens import Caller

_LONGEST = timedelta(days=366)


async def add(
    once: Once, who: Caller, walker_id: UUID, span: Span, note: str, *, cancel_bookings: bool
) -> StoredResponse:
    """Keep a span free of walks.

    Raises InvalidRequest, NotFound, BookingsInTheWay with the bookings unless they shall be cancelled, which happens in the same
    transaction.
    """
    _check(span)
    await _may(once.db, who, walker_id)
    parts = _parts(span)

    async def write(tx: Tx) -> None:
        # Not before: what was still to come when it was made may be over when the answer is asked for again.
        if span[1] <= clock.now():
            raise InvalidRequest.field("ends_at", "This has passed already. Choose a later end.")
        cancellation = await _make_room(tx, who, walker_id, span, cancel_bookings=cancel_bookings)
        told = events.bookings_cancelled(who, cancellation.bookings)
        new = NewTimeOff(walker_id, parts, note)
        await commit.write(tx, who.organization_id, BookingChange(cancel=cancellation, time_off=new, events=told))

    return await once.make({"id": parts[0][0], "starts_at": span[0], "ends_at": span[1], "note": note}, write)


def _check(span: Span) -> None:
    if span[1] <= span[0]:
        raise InvalidRequest.field("ends_at", "The end must be after the beginning.")
    if span[1] - span[0] > _LONGEST:
        raise InvalidRequest.field("ends_at", f"Please enter {_LONGEST.days} days at most.")


async def _make_room(tx: Tx, who: Caller, walker_id: UUID, span: Span, *, cancel_bookings: bool) -> Cancellation:
    org = who.organization_id
    before = [row for row in await store.taken(tx, org, walker_id, span) if row["id"]]
    if before and not cancel_bookings:
        raise _in_the_way(before)
    # Customers are locked before walkers: cancelling locks both, so it comes first.
    ids = [row["id"] for row in before]
    cancellation = await bookings.locked_cancellation(tx, who, clock.now(), "time_off", ids=ids)
    if not cancellation.bookings:
        await locks.move_calendars(tx, org, customers=[], walkers=[walker_id])
    cancelled = {one.id for one in cancellation.bookings}
    after = [row for row in await store.taken(tx, org, walker_id, span) if row["id"] not in cancelled]
    if any(row["kind"] == "time_off" for row in after):
        raise InvalidRequest.field("starts_at", "There is other time off at this time already.")
    if after:
        # Booked while this request waited for the lock, or begun already.
        raise _in_the_way([row for row in after if row["id"]])
    return cancellation


def _in_the_way(rows: Sequence[Row]) -> BookingsInTheWay:
    shown = [{name: value for name, value in row.items() if name != "kind"} for row in rows]
    many = "1 booking is" if len(rows) == 1 else f"{len(rows)} bookings are"
    return BookingsInTheWay(f"{many} in the way. Cancel them first, or ask for it.", bookings=shown)


def _parts(span: Span) -> list[tuple[UUID, datetime, datetime]]:
    found, start = [], span[0]
    while start < span[1]:
        end = min(start + LONGEST_BLOCK, span[1])
        found.append((new_id(), start, end))
        start = end
    return found


async def listed(
    db: Database, who: Caller, walker_id: UUID, limit: int, after: tuple[datetime, UUID] | None
) -> tuple[Sequence[Row], str | None]:
    """Return a page of time off that is not over, and the next one's cursor. Raises NotFound."""
    await _may(db, who, walker_id)
    async with db.begin(who.organization_id) as tx:
        found = await store.listed(tx, who.organization_id, walker_id, clock.now(), limit + 1, after)
    return page(found, limit, lambda row: (row["starts_at"], row["id"]))


async def remove(db: Database, who: Caller, walker_id: UUID, block_id: UUID) -> None:
    """Free the time again. Raises NotFound."""
    await _may(db, who, walker_id)
    async with db.begin(who.organization_id) as tx:
        await locks.move_calendars(tx, who.organization_id, customers=[], walkers=[walker_id])
        await commit.write(tx, who.organization_id, BookingChange(release=(walker_id, block_id)))


async def _may(db: Database, who: Caller, walker_id: UUID) -> None:
    if who.role == "customer":
        raise NotAllowed("Only walkers and the office see and change time off.")
    if who.role == "walker" and who.account_id != walker_id:
        raise NotFound("There is no such walker's calendar for you.")
    await walkers.read(db, who, walker_id)
