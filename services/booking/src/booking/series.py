"""Series: preview, make, list, read, cancel, restore, and book a date that the series skipped."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from booking import bookings, clock, commit, events, plan
from booking.api.schemas import series as schemas
from booking.api.schemas.bookings import new_bookings
from booking.api.schemas.occurrences import occurrences
from booking.booking_change import BookingChange, NewSeries
from booking.booking_request import BookingRequest, ChosenStart, Operation
from booking.commit import PlannedCommit
from booking.plan import Plan, Resources
from booking.rules.conflicts import left_out
from booking.rules.model import Rule, Weekday
from booking.store import bookings as bookings_store
from booking.store import series as store
from booking.store.bookings import Whose
from booking.store.rows import Row
from chassis.api_types import page
from chassis.database import Database, Tx
from chassis.idempotency.once import StoredResponse
from chassis.ids import new_id
from chassis.problems import InvalidRequest, NotFound
from chassis.responses import dumps
from chassis.tokens import Caller
from chassis.tracing import tracer

_NO_SERIES = "There is no such series of yours."


async def preview(resources: Resources, request: BookingRequest) -> schemas.SeriesPreview:
    """Say what a series would become if it were booked now; writes nothing.

    Raises InvalidRequest, NoOccurrences, TooManyOccurrences, ServiceKindMismatch.
    """
    with tracer.start_as_current_span("plan"):
        loaded = await plan.load(resources, request)
        made = await plan.make(loaded, resources)
    return schemas.preview(made)


async def create(resources: Resources, request: BookingRequest) -> StoredResponse:
    """Book every date of the rule, or the accepted ones: all of them or nothing, once for a key.

    Raises what `PlannedCommit.run` raises.
    """
    if request.walker_id is None:
        raise InvalidRequest.field("walker_id", "Please choose who shall walk. Checking the dates says who is free.")
    return await PlannedCommit(resources, _created).run(request)


def _created(made: Plan, _: None) -> BookingChange:
    request, series_id = made.request, new_id()
    assert request.rule
    new = bookings.new_bookings(made, series_id)
    skipped = occurrences([left_out(one) for one in made.skipped], made.data.around)
    series = NewSeries(
        id=series_id,
        walker_id=made.walker_id,
        rule=request.rule,
        time_zone=request.actor.time_zone,
        ends_at=new.bookings[-1].slot.ends_at,
        key=request.key,
        key_owner=request.actor.account_id,
        skipped=[(one["date"], dumps(one).decode()) for one in skipped],
    )
    response: schemas.SeriesCreated = {
        "series": schemas.new_series(made, series, new),
        "bookings": new_bookings(made, new),
        "skipped": skipped,
    }
    told = [events.series_created(made, series, new)]
    return BookingChange(add=new, series=series, events=told, response=dumps(response).decode())


async def listed(db: Database, who: Caller, limit: int, before: UUID | None) -> tuple[Sequence[Row], str | None]:
    """Return a page of series, the newest first, and the next one's cursor."""
    async with db.begin(who.organization_id) as tx:
        found = await store.find(tx, bookings.whose(who), limit=limit + 1, before=before)
    rows, following = page(found, limit, lambda row: (row["id"],))
    return [schemas.with_rule(row) for row in rows], following


async def read(db: Database, who: Caller, series_id: UUID) -> Row:
    """Return a series with its bookings and the dates that it skipped. Raises NotFound."""
    async with db.begin(who.organization_id) as tx:
        series = await _found(tx, who, series_id)
        made = await bookings_store.of_series(tx, who.organization_id, series_id)
        skips = await store.skipped(tx, who.organization_id, series_id)
    skipped = [{**_skip_seen_by(who, skip["occurrence"]), "booked_as": skip["booked_as"]} for skip in skips]
    return {"series": schemas.with_rule(series), "bookings": bookings.seen_by(who, made), "skipped": skipped}


async def _found(tx: Tx, who: Caller, series_id: UUID) -> Row:
    found = await store.find(tx, bookings.whose(who), only=series_id)
    if not found:
        raise NotFound(_NO_SERIES)
    return found[0]


def _skip_seen_by(who: Caller, occurrence: Row) -> Row:
    # Details of a booking that stood in the way are for the customer whose it is: another walker's is no business of this one.
    if who.role == "customer":
        return occurrence
    return {**occurrence, "conflicts": [{**conflict, "own_booking": None} for conflict in occurrence["conflicts"]]}


async def cancel(db: Database, who: Caller, series_id: UUID, from_date: date | None, reason: str | None) -> Row:
    """Cancel what is still ahead of a series, from a date on or all of it. Raises NotFound.

    Returns the series as it is then, the ids of the cancelled bookings in time order, how many of them were late, and how many are
    kept.
    """
    now = clock.now()
    async with db.begin(who.organization_id) as tx:
        await _found(tx, who, series_id)
        cancellation = await bookings.locked_cancellation(
            tx, who, now, reason, series_id=series_id, from_date=from_date
        )
        cancelled = cancellation.bookings
        told = [events.series_cancelled(who, series_id, cancelled)] if cancelled else ()
        await commit.write(tx, who.organization_id, BookingChange(cancel=cancellation, events=told))
        after = await _found(tx, who, series_id)
    return {
        "series": schemas.with_rule(after),
        "cancelled": [one.id for one in cancelled],
        "late_count": sum(one.late for one in cancelled),
        "kept": after["booking_count"],
    }


async def restore(resources: Resources, who: Caller, series_id: UUID, booking_ids: Sequence[UUID]) -> Row:
    """Restore cancelled bookings of a series, all or none. Returns the series as it is then, and what was restored, by its start.

    Raises NotFound, NotRestorable, BookingConflicts.
    """
    restored = await bookings.restore_all(
        resources, who, booking_ids, series_id, lambda done: events.series_restored(who, series_id, done)
    )
    async with resources.database.begin(who.organization_id) as tx:
        after = await _found(tx, who, series_id)
    return {"series": schemas.with_rule(after), "restored": restored}


async def book_skipped(
    resources: Resources, who: Caller, series_id: UUID, day: date, instead: ChosenStart | None, key: UUID
) -> StoredResponse:
    """Book what a series skipped on a date of its rule, at the rule's start or another one, once for a key.

    Raises NotFound, DuplicateBooking where the date was booked meanwhile, and what `PlannedCommit.run` raises.
    """
    organization_id = who.organization_id
    async with resources.database.begin(organization_id) as tx:
        found = await store.find(tx, bookings.whose(who), only=series_id)
        skip = found and await store.skipped_on(tx, organization_id, series_id, day)
    if not skip:
        raise NotFound("This series of yours skipped no such date.")

    async def reread(tx: Tx) -> Row:
        return await _still_skipped(tx, organization_id, series_id, day)

    return await PlannedCommit(resources, _skipped_date_booked, reread).run(
        _skipped_request(who, found[0], day, instead, key)
    )


async def _still_skipped(tx: Tx, organization_id: UUID, series_id: UUID, day: date) -> Row:
    skip = await store.skipped_on(tx, organization_id, series_id, day)
    if skip is None or skip["booked_as"]:
        raise commit.booked_already()
    [found] = await store.find(tx, Whose(organization_id), only=series_id)
    return found


def _skipped_request(who: Caller, series: Row, day: date, instead: ChosenStart | None, key: UUID) -> BookingRequest:
    return BookingRequest(
        operation=Operation.SINGLE,
        actor=who,
        customer_id=series["customer_id"],
        now=clock.now(),
        service_id=series["service_id"],
        walker_id=series["walker_id"],
        location_id=series["location_id"],
        dog_ids=tuple(series["dog_ids"]),
        rule=Rule(day, series["start_time"], (Weekday.of(day),), count=1),
        accepted=(day,),
        chosen={day: instead} if instead else {},
        series_id=series["id"],
        key=key,
    )


def _skipped_date_booked(made: Plan, series: Row) -> BookingChange:
    new = bookings.new_bookings(made, series["id"])
    after: dict[str, Any] = {
        **schemas.with_rule(series),
        "status": "active",
        "booking_count": series["booking_count"] + 1,
        "skipped_count": series["skipped_count"] - 1,
    }
    response = {"booking": new_bookings(made, new)[0], "series": after}
    told = [events.skipped_date_booked(made, series["id"], new)]
    return BookingChange(add=new, fills_skip=True, events=told, response=dumps(response).decode())
