"""Bookings: make one, list, read, cancel."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from booking import clock, events, metrics, submissions
from booking.api.schemas import bookings as schemas
from booking.clients.travel import Travel
from booking.deciding import Decided
from booking.errors import NotCancellable
from booking.rules.recurrence import midnight
from booking.settings import Settings
from booking.store import booked as store
from booking.store import locks
from booking.store.booked import Ahead, Whose
from booking.store.rows import Row
from booking.submissions import Draft, Submission, Submissions
from booking.visits import visits_of
from booking.wishes import SeriesWish
from chassis.api_types import page
from chassis.database import Database, Tx
from chassis.events import outbox
from chassis.idempotency.once import StoredResponse
from chassis.problems import NotFound
from chassis.responses import dumps
from chassis.tokens import Caller

_NO_BOOKING = "There is no such booking of yours."
# A day is counted from either end, and a zone is a day away from UTC at most.
_FIRST_DAY, _LAST_DAY = date.min + timedelta(days=2), date.max - timedelta(days=3)


def whose(who: Caller) -> Whose:
    """Say whose bookings somebody may see and cancel: customers theirs, walkers their calendar's, the office all."""
    customer = who.account_id if who.role == "customer" else None
    walker = who.account_id if who.role == "walker" else None
    return Whose(who.organization_id, customer, walker)


def day_span(who: Caller, first: date | None, last: date | None) -> tuple[datetime | None, datetime | None]:
    """Return the instants of local dates, both of which are inside: [first 00:00, day after last 00:00).

    The first and last days of the calendar stand for those next to them, of which every zone has all instants. Nothing is booked there.
    """
    zone = ZoneInfo(who.time_zone)
    begins = midnight(_inside(first), zone) if first else None
    ends = midnight(_inside(last) + timedelta(days=1), zone) if last else None
    return begins, ends


def _inside(day: date) -> date:
    return min(max(day, _FIRST_DAY), _LAST_DAY)


async def create(
    db: Database, settings: Settings, travel: Travel, request: SeriesWish, key: UUID, who: Caller
) -> StoredResponse:
    """Book one visit, once for a key. request: a rule of one date.

    Raises what `Submissions.book` raises.
    """
    submission = submissions.submission(metrics.SINGLE, request, who, key)
    return await Submissions(db, settings, travel, _compose).book(submission)


def _compose(submission: Submission, decided: Decided, _into: Row | None) -> Draft:
    visits = visits_of(submission, decided, series_id=None)
    made = schemas.bookings_made(visits, submission.who.currency)[0]
    answer: schemas.BookingCreated = {"booking": made}
    told = events.booking_created(submission.who, made, decided.plan.service.name)
    return Draft(decided, visits, None, [told], dumps(answer).decode())


async def listed(
    db: Database,
    who: Caller,
    *,
    limit: int,
    first: date | None,
    last: date | None,
    status: str | None,
    after: tuple[datetime, UUID] | None,
) -> tuple[Sequence[Row], str | None]:
    """Return a page of bookings by their start, and the next one's cursor. first and last: local dates, inclusive."""
    span = day_span(who, first, last)
    async with db.begin(who.organization_id) as tx:
        found = await store.bookings(tx, whose(who), limit=limit + 1, span=span, status=status, after=after)
    rows, following = page(found, limit, lambda row: (row["scheduled_start"], row["id"]))
    return [seen_by(who, row) for row in rows], following


async def read(db: Database, who: Caller, booking_id: UUID) -> Row:
    """Return a booking. Raises NotFound."""
    async with db.begin(who.organization_id) as tx:
        found = await store.booking(tx, whose(who), booking_id)
    if found is None:
        raise NotFound(_NO_BOOKING)
    return seen_by(who, found)


def seen_by(who: Caller, row: Row) -> Row:
    """Show a booking; customers know their own name."""
    return {k: v for k, v in row.items() if k != "customer_name"} if who.role == "customer" else row


async def cancel(db: Database, who: Caller, booking_id: UUID, reason: str | None) -> Row:
    """Cancel a booking and free its time; again does nothing. Raises NotFound, NotCancellable once it has begun."""
    now = clock.now()
    async with db.begin(who.organization_id) as tx:
        found = await store.booking(tx, whose(who), booking_id)
        if found is None:
            raise NotFound(_NO_BOOKING)
        if found["status"] != "cancelled":
            if found["scheduled_start"] <= now:
                raise NotCancellable("This walk has begun or is over. Please call us.")
            left = await cancel_ahead(tx, who, now, reason, ids=[booking_id])
            if left:
                await outbox.write(tx, who.organization_id, events.bookings_cancelled(who, left))
        found = await store.booking(tx, whose(who), booking_id)
        assert found
    return seen_by(who, found)


async def cancel_ahead(
    tx: Tx,
    who: Caller,
    now: datetime,
    reason: str | None,
    *,
    ids: Sequence[UUID] | None = None,
    series_id: UUID | None = None,
    from_date: date | None = None,
) -> list[Ahead]:
    """Lock the calendars of the bookings that are still ahead, and cancel these. Returns them by their start."""
    chosen = {"ids": ids, "series_id": series_id, "from_date": from_date}
    org = who.organization_id
    found = await store.ahead(tx, org, now, **chosen)  # type: ignore[arg-type]
    if not found:
        return []
    customers, walkers = {one.customer_id for one in found}, {one.walker_id for one in found}
    await locks.move_calendars(tx, org, customers=customers, walkers=walkers)
    # Somebody may have cancelled some of them while we waited for the locks.
    after = await store.ahead(tx, org, now, **chosen)  # type: ignore[arg-type]
    notice = timedelta(hours=who.cancellation_notice_hours)
    left = [replace(one, late=one.scheduled_start - now < notice) for one in after if one.walker_id in walkers]
    await store.cancel(tx, org, left, now, who.account_id, reason)
    return left
