"""Series: preview, make, list, read, cancel, and book a date that the series skipped."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from uuid import UUID

from booking import bookings, clock, events, metrics, planning, submissions
from booking.api.schemas.bookings import bookings_made
from booking.api.schemas.occurrences import occurrences, wall_clock
from booking.api.schemas.series import SeriesCreated, SeriesPreview, WalkerCount, series_made
from booking.clients.travel import Travel
from booking.deciding import Decided
from booking.planning import Plan
from booking.rules.conflicts import left_out
from booking.rules.model import Outcome, Rule, Weekday
from booking.settings import Settings
from booking.store import booked as store
from booking.store import booking_rows
from booking.store.rows import Row
from booking.submissions import Draft, Submission, Submissions
from booking.visits import visits_of
from booking.wishes import Replacement, SeriesWish
from chassis.api_types import page
from chassis.database import Database
from chassis.events import outbox
from chassis.idempotency.once import StoredResponse
from chassis.ids import new_id
from chassis.problems import InvalidRequest, NotFound
from chassis.responses import dumps
from chassis.tokens import Caller
from chassis.tracing import tracer

_NO_SERIES = "There is no such series of yours."


async def preview(db: Database, settings: Settings, travel: Travel, request: SeriesWish, who: Caller) -> SeriesPreview:
    """Say what a series would become if it were booked now; writes nothing.

    Raises InvalidRequest, NoOccurrences, TooManyOccurrences, ServiceKindMismatch.
    """
    with tracer.start_as_current_span("plan"):
        seen = await planning.look(db, settings, request, who, now=clock.now())
        plan = await planning.plan(seen, travel)
    conflicts = plan.count(Outcome.CONFLICT)
    return {
        "walker_id": plan.walker_id,
        "walker_name": plan.around.calendars[plan.walker_id].name,
        "occurrences": occurrences(plan.occurrences, plan.around),
        "available_count": plan.count(Outcome.AVAILABLE),
        "warning_count": plan.count(Outcome.WARNING),
        "conflict_count": conflicts,
        "price_cents": plan.service.price_cents * (len(plan.occurrences) - conflicts),
        "currency": seen.who.currency,
        "walkers": _walkers(plan) if request.walker_id is None else None,
    }


def _walkers(plan: Plan) -> list[WalkerCount]:
    return [
        {"walker_id": walker_id, "name": plan.around.calendars[walker_id].name, "available_count": bookable}
        for walker_id, bookable in plan.others.items()
    ]


async def create(
    db: Database, settings: Settings, travel: Travel, request: SeriesWish, key: UUID, who: Caller
) -> StoredResponse:
    """Book every date of the rule, or the accepted ones: all of them or nothing, once for a key.

    Raises what `Submissions.book` raises.
    """
    if request.walker_id is None:
        raise InvalidRequest.field("walker_id", "Please choose who shall walk. Checking the dates says who is free.")
    submission = submissions.submission(metrics.RECURRING, request, who, key)
    return await Submissions(db, settings, travel, _compose).book(submission)


def _compose(submission: Submission, decided: Decided, _into: Row | None) -> Draft:
    series_id = new_id()
    visits = visits_of(submission, decided, series_id)
    made = bookings_made(visits, submission.who.currency)
    skipped = occurrences([left_out(one) for one in decided.skipped], decided.plan.around)
    series = booking_rows.Series(
        id=series_id,
        walker_id=decided.plan.walker_id,
        rule=submission.wish.rule,
        time_zone=submission.who.time_zone,
        ends_at=visits.visits[-1].occurrence.ends_at,
        key=submission.key,
        skipped=[(one["date"], dumps(one).decode()) for one in skipped],
    )
    head = series_made(series, visits)
    answer: SeriesCreated = {"series": head, "bookings": made, "skipped": skipped}
    told = events.series_created(submission.who, head, decided.plan.service.name, made)
    return Draft(decided, visits, series, [told], dumps(answer).decode())


async def listed(db: Database, who: Caller, limit: int, before: UUID | None) -> tuple[Sequence[Row], str | None]:
    """Return a page of series, the newest first, and the next one's cursor."""
    async with db.begin(who.organization_id) as tx:
        found = await store.series(tx, bookings.whose(who), limit=limit + 1, before=before)
    rows, following = page(found, limit, lambda row: (row["id"],))
    return [with_rule(row) for row in rows], following


async def read(db: Database, who: Caller, series_id: UUID) -> Row:
    """Return a series with its bookings and the dates that it skipped. Raises NotFound."""
    async with db.begin(who.organization_id) as tx:
        found = await store.series(tx, bookings.whose(who), only=series_id)
        if not found:
            raise NotFound(_NO_SERIES)
        made, skips = await store.inside(tx, who.organization_id, series_id)
    skipped = [{**_skip_seen_by(who, skip["occurrence"]), "booked_as": skip["booked_as"]} for skip in skips]
    return {"series": with_rule(found[0]), "bookings": [bookings.seen_by(who, row) for row in made], "skipped": skipped}


def _skip_seen_by(who: Caller, occurrence: Row) -> Row:
    # Details of a booking that stood in the way are for the customer whose it is: another walker's is no business of this one.
    if who.role == "customer":
        return occurrence
    return {**occurrence, "conflicts": [{**conflict, "own_booking": None} for conflict in occurrence["conflicts"]]}


def with_rule(row: Row) -> Row:
    """Show a series with its rule."""
    names = ("starts_on", "start_time", "weekdays", "interval_weeks", "count", "until")
    rule = {name: row[name] for name in names}
    others = {name: value for name, value in row.items() if name not in names}
    return {**others, "rule": {**rule, "start_time": wall_clock(rule["start_time"])}}


async def cancel(db: Database, who: Caller, series_id: UUID, from_date: date | None, reason: str | None) -> Row:
    """Cancel what is still ahead of a series, from a date on or all of it. Raises NotFound.

    Returns the series as it is then, the ids of the cancelled bookings in time order, how many of them were late, and how many are
    kept.
    """
    now = clock.now()
    async with db.begin(who.organization_id) as tx:
        if not await store.series(tx, bookings.whose(who), only=series_id):
            raise NotFound(_NO_SERIES)
        left = await bookings.cancel_ahead(tx, who, now, reason, series_id=series_id, from_date=from_date)
        ids = [one.id for one in left]
        if left:
            await outbox.write(tx, who.organization_id, [events.series_cancelled(who, series_id, left)])
        [after] = await store.series(tx, bookings.whose(who), only=series_id)
    late = sum(one.late for one in left)
    return {"series": with_rule(after), "cancelled": ids, "late_count": late, "kept": after["booking_count"]}


async def book_skipped(
    db: Database,
    settings: Settings,
    travel: Travel,
    series_id: UUID,
    day: date,
    instead: Replacement | None,
    key: UUID,
    who: Caller,
) -> StoredResponse:
    """Book what a series skipped on a date of its rule, at the rule's start or another one, once for a key.

    Raises NotFound, DuplicateBooking where the date was booked meanwhile, and what `Submissions.book` raises.
    """
    async with db.begin(who.organization_id) as tx:
        found = await store.series(tx, bookings.whose(who), only=series_id)
        skip = found and await store.skipped_on(tx, who.organization_id, series_id, day)
    if not skip:
        raise NotFound("This series of yours skipped no such date.")
    submission = submissions.submission(metrics.SINGLE, _request(found[0], day, instead), who, key, into=series_id)
    return await Submissions(db, settings, travel, _compose_skipped).book(submission)


def _request(series: Row, day: date, instead: Replacement | None) -> SeriesWish:
    rule = Rule(day, series["start_time"], (Weekday.of(day),), count=1)
    wish = SeriesWish(
        series["service_id"], series["walker_id"], series["location_id"], tuple(series["dog_ids"]), rule, (day,)
    )
    return replace(wish, replacements=MappingProxyType({day: instead})) if instead else wish


def _compose_skipped(submission: Submission, decided: Decided, into: Row | None) -> Draft:
    assert into
    visits = visits_of(submission, decided, into["id"])
    made = bookings_made(visits, submission.who.currency)[0]
    after = {
        **with_rule(into),
        "status": "active",
        "booking_count": into["booking_count"] + 1,
        "skipped_count": into["skipped_count"] - 1,
    }
    told = events.series_booked_into(submission.who, into["id"], decided.plan.service.name, made)
    return Draft(decided, visits, None, [told], dumps({"booking": made, "series": after}).decode())
