"""Bookings: make one, list, read, cancel, restore, reschedule."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from booking import clock, commit, events
from booking.api.schemas import bookings as schemas
from booking.booking_change import (
    BookingChange,
    Cancellation,
    ExistingBooking,
    MovedBooking,
    NewBooking,
    NewBookings,
)
from booking.booking_request import BookingRequest, KeptTerms, Operation
from booking.commit import PlannedCommit
from booking.errors import NotCancellable, NotReschedulable, NotRestorable
from booking.plan import Plan, Resources
from booking.rules.model import Rule, Slot, Weekday
from booking.rules.recurrence import midnight
from booking.settings import Settings
from booking.store import bookings as store
from booking.store import locks
from booking.store.bookings import Whose
from booking.store.rows import Row
from chassis.api_types import page
from chassis.database import Database, Tx
from chassis.events.cloud_event import OutgoingEvent
from chassis.idempotency.once import StoredResponse
from chassis.ids import new_id
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


async def create(resources: Resources, request: BookingRequest) -> StoredResponse:
    """Book one walk, once for a key. request: a rule of one date. Raises what `PlannedCommit.run` raises."""
    return await PlannedCommit(resources, _created).run(request)


def _created(plan: Plan, _: None) -> BookingChange:
    new = new_bookings(plan, series_id=None)
    response: schemas.BookingCreated = {"booking": schemas.new_bookings(plan, new)[0]}
    return BookingChange(add=new, events=[events.booking_created(plan, new)], response=dumps(response).decode())


def new_bookings(plan: Plan, series_id: UUID | None) -> NewBookings:
    """Give every wanted date its ids. They grow with time: UUID v7 costs Postgres a quarter less than random ones."""
    request, terms = plan.request, plan.terms
    return NewBookings(
        customer_id=request.customer_id,
        service_id=request.service_id,
        location_id=request.location_id,
        dog_ids=request.dog_ids,
        kind=terms.kind,
        from_place=terms.from_place,
        price_cents=terms.price_cents,
        created_at=request.now,
        bookings=[NewBooking(new_id(), new_id(), assessed.occurrence) for assessed in plan.wanted],
        series_id=series_id,
    )


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
        found = await store.find(tx, whose(who), limit=limit + 1, span=span, status=status, after=after)
    rows, following = page(found, limit, lambda row: (row["scheduled_start"], row["id"]))
    return seen_by(who, rows), following


async def read(db: Database, who: Caller, booking_id: UUID) -> Row:
    """Return a booking. Raises NotFound."""
    async with db.begin(who.organization_id) as tx:
        found = await _found(tx, who, booking_id)
    return seen_by(who, [found])[0]


async def _found(tx: Tx, who: Caller, booking_id: UUID) -> Row:
    found = await store.read(tx, whose(who), booking_id)
    if found is None:
        raise NotFound(_NO_BOOKING)
    return found


def seen_by(who: Caller, rows: Sequence[Row]) -> Sequence[Row]:
    """Show bookings; customers know their own name."""
    return schemas.visible_to_customer(rows) if who.role == "customer" else rows


async def cancel(db: Database, who: Caller, booking_id: UUID, reason: str | None) -> Row:
    """Cancel a booking and free its time; again does nothing. Raises NotFound, NotCancellable once it has begun."""
    now = clock.now()
    async with db.begin(who.organization_id) as tx:
        found = await _found(tx, who, booking_id)
        if found["status"] != "cancelled":
            if found["scheduled_start"] <= now:
                raise NotCancellable("This walk has begun or is over. Please call us.")
            cancellation = await locked_cancellation(tx, who, now, reason, ids=[booking_id])
            told = events.bookings_cancelled(who, cancellation.bookings)
            await commit.write(tx, who.organization_id, BookingChange(cancel=cancellation, events=told))
        found = await _found(tx, who, booking_id)
    return seen_by(who, [found])[0]


async def locked_cancellation(
    tx: Tx,
    who: Caller,
    now: datetime,
    reason: str | None,
    *,
    ids: Sequence[UUID] | None = None,
    series_id: UUID | None = None,
    from_date: date | None = None,
) -> Cancellation:
    """Lock the calendars of the bookings that are still ahead. Returns what cancels these, by their start."""
    chosen = {"ids": ids, "series_id": series_id, "from_date": from_date}
    org = who.organization_id
    found = await store.cancellable(tx, org, now, **chosen)  # type: ignore[arg-type]
    if not found:
        return Cancellation((), now, who.account_id, reason)
    customers, walkers = {one.customer_id for one in found}, {one.walker_id for one in found}
    await locks.move_calendars(tx, org, customers=customers, walkers=walkers)
    # Another request may have cancelled or moved some of them while this one waited for the locks.
    after = await store.cancellable(tx, org, now, **chosen)  # type: ignore[arg-type]
    notice = timedelta(hours=who.cancellation_notice_hours)
    left = [replace(one, late=one.scheduled_start - now < notice) for one in after if one.walker_id in walkers]
    return Cancellation(left, now, who.account_id, reason)


async def restore(resources: Resources, who: Caller, booking_id: UUID) -> Row:
    """Undo a cancellation; again does nothing. Returns the booking. Raises NotFound, NotRestorable, BookingConflicts."""
    await restore_all(resources, who, [booking_id], None, lambda done: events.booking_restored(who, done[0]))
    return await read(resources.database, who, booking_id)


async def restore_all(
    resources: Resources,
    who: Caller,
    ids: Collection[UUID],
    series_id: UUID | None,
    restored: Callable[[Sequence[ExistingBooking]], OutgoingEvent],
) -> Sequence[UUID]:
    """Undo cancellations, all or none; what is scheduled is left alone, so no key is needed. Returns what was restored, by its start.

    The same bookings take the same blocks again, judged as new bookings would be. series_id: all are of it. restored: makes the event.
    Raises NotFound, NotRestorable, BookingConflicts.
    """
    now, done = clock.now(), list[UUID]()

    async def reread(tx: Tx) -> Sequence[ExistingBooking]:
        return await _restorable(tx, resources.settings, who, ids, series_id, now)

    def compose(_: Plan, found: Sequence[ExistingBooking]) -> BookingChange:
        done[:] = [one.id for one in found]
        return BookingChange(restore=found, events=[restored(found)] if found else ())

    async with resources.database.begin(who.organization_id) as tx:
        found = await reread(tx)
    if found:
        request = _restore_request(who, found, series_id, now)
        await PlannedCommit(resources, compose, reread, _taken_meanwhile).run(request)
    return done


def _taken_meanwhile() -> NotRestorable:
    return NotRestorable("This time was taken while we looked. Nothing was restored.")


async def _restorable(
    tx: Tx, settings: Settings, who: Caller, ids: Collection[UUID], series_id: UUID | None, now: datetime
) -> list[ExistingBooking]:
    found = await store.existing(tx, whose(who), ids)
    if len(found) < len(set(ids)) or any(series_id and one.series_id != series_id for one in found):
        raise NotFound("There are no such bookings of yours.")
    wanted = [one for one in found if one.cancelled]
    for one in wanted:
        _check_restorable(one, who, settings.restore_minutes, now)
    return wanted


def _check_restorable(one: ExistingBooking, who: Caller, minutes: int, now: datetime) -> None:
    # Whatever the calendars say.
    if one.cancelled_by != who.account_id:
        raise NotRestorable("Only whoever cancelled a walk can undo that.")
    assert one.cancelled_at
    if now - one.cancelled_at > timedelta(minutes=minutes):
        raise NotRestorable(f"A cancellation can be undone for {minutes} minutes. Please book the walk again.")
    if one.scheduled_start <= now:
        raise NotRestorable("This walk would have begun already.")
    if one.rebooked:
        raise NotRestorable("This date was booked again in the meantime.")


def _restore_request(
    who: Caller, found: Sequence[ExistingBooking], series_id: UUID | None, now: datetime
) -> BookingRequest:
    # Bookings of one series, or a single one: the same service, dogs and place. The place is the block's, as it was booked.
    first, zone = found[0], ZoneInfo(who.time_zone)
    return BookingRequest(
        operation=Operation.RESTORE,
        actor=who,
        customer_id=first.customer_id,
        now=now,
        service_id=first.service_id,
        walker_id=first.walker_id,
        location_id=first.location_id,
        dog_ids=tuple(first.dog_ids),
        slots=tuple(
            Slot(
                one.date,
                one.scheduled_start.astimezone(zone).time(),
                one.scheduled_start,
                one.scheduled_end,
                one.walker_id,
            )
            for one in found
        ),
        series_id=series_id,
        # Another request may restore some of them first.
        ignoring={one.block_id: one.walker_id for one in found},
        kept=KeptTerms(first.place, max(_minutes(one) for one in found), first.price_cents),
    )


def _minutes(one: ExistingBooking) -> int:
    return (one.scheduled_end - one.scheduled_start) // timedelta(minutes=1)


async def reschedule(
    resources: Resources, who: Caller, booking_id: UUID, to: tuple[date, time, UUID | None], key: UUID
) -> StoredResponse:
    """Move a booking to a local date, time and walker (None: the same), once for a key. Its price and duration stay.

    Raises NotFound, NotReschedulable, and what `PlannedCommit.run` raises.
    """
    now = clock.now()
    async with resources.database.begin(who.organization_id) as tx:
        request = _reschedule_request(who, await _existing(tx, who, booking_id), to, now, key)

    async def reread(tx: Tx) -> tuple[ExistingBooking, Row]:
        found = await _existing(tx, who, booking_id)
        if found.cancelled:
            raise NotReschedulable("This walk was cancelled. Please book it again.")
        if found.scheduled_start <= now:
            raise NotReschedulable("This walk has begun or is over. Please call us.")
        if found.block_id not in request.ignoring:
            raise NotReschedulable("This walk was moved a moment ago. Please look at it again.")
        return found, await _found(tx, who, booking_id)

    return await PlannedCommit(resources, _rescheduled, reread).run(request)


async def _existing(tx: Tx, who: Caller, booking_id: UUID) -> ExistingBooking:
    found = await store.existing(tx, whose(who), [booking_id])
    if not found:
        raise NotFound(_NO_BOOKING)
    return found[0]


def _reschedule_request(
    who: Caller, one: ExistingBooking, to: tuple[date, time, UUID | None], now: datetime, key: UUID
) -> BookingRequest:
    day, at, walker_id = to
    return BookingRequest(
        operation=Operation.RESCHEDULE,
        actor=who,
        customer_id=one.customer_id,
        now=now,
        service_id=one.service_id,
        walker_id=walker_id or one.walker_id,
        location_id=one.location_id,
        dog_ids=tuple(one.dog_ids),
        rule=Rule(day, at, (Weekday.of(day),), count=1),
        booking_id=one.id,
        ignoring={one.block_id: one.walker_id},
        kept=KeptTerms(one.place, _minutes(one), one.price_cents),
        key=key,
    )


def _rescheduled(plan: Plan, rows: tuple[ExistingBooking, Row]) -> BookingChange:
    before, row = rows
    request, terms, slot = plan.request, plan.terms, plan.wanted[0].occurrence
    moved = MovedBooking(
        before.id, before.series_id, before.block_id, new_id(), slot, terms.kind, terms.from_place, request.now
    )
    after = {
        **row,
        "date": slot.date,
        "scheduled_start": slot.starts_at,
        "scheduled_end": slot.ends_at,
        "walker_id": slot.walker_id,
        "walker_name": plan.walker_name(slot.walker_id),
    }
    response = {"booking": seen_by(request.actor, [after])[0]}
    told = events.booking_rescheduled(request.actor, before, slot)
    return BookingChange(move=moved, events=[told], response=dumps(response).decode(), status=200)
