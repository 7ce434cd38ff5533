"""A series: the rule, the bookings it makes, and the dates it skips."""

from uuid import UUID

from booking import clock, events, metrics, planning, shown, submissions
from booking.clients.travel import Travel
from booking.deciding import Decided
from booking.planning import Plan
from booking.rules.conflicts import left_out
from booking.rules.model import Outcome
from booking.settings import Settings
from booking.store import booking_rows
from booking.store.rows import Row
from booking.submissions import Draft, Submission, Submissions
from booking.visits import visits_of
from booking.wishes import SeriesWish
from chassis.database import Database
from chassis.idempotency.once import StoredResponse
from chassis.ids import new_id
from chassis.problems import InvalidRequest
from chassis.responses import dumps
from chassis.tokens import Caller
from chassis.tracing import tracer


async def preview(
    db: Database, settings: Settings, travel: Travel, wish: SeriesWish, who: Caller
) -> shown.SeriesPreview:
    """Say what a series would become if it were booked now; writes nothing.

    Raises InvalidRequest, NoOccurrences, TooManyOccurrences, ServiceKindMismatch.
    """
    with tracer.start_as_current_span("plan"):
        seen = await planning.look(db, settings, wish, who, now=clock.now())
        plan = await planning.plan(seen, travel)
    conflicts = plan.count(Outcome.CONFLICT)
    return {
        "walker_id": plan.walker_id,
        "walker_name": plan.around.calendars[plan.walker_id].name,
        "occurrences": shown.occurrences(plan.occurrences, plan.around),
        "available_count": plan.count(Outcome.AVAILABLE),
        "warning_count": plan.count(Outcome.WARNING),
        "conflict_count": conflicts,
        "price_cents": plan.service.price_cents * (len(plan.occurrences) - conflicts),
        "currency": seen.who.currency,
        "walkers": _walkers(plan) if wish.walker_id is None else None,
    }


def _walkers(plan: Plan) -> list[shown.WalkerCount]:
    return [
        {"walker_id": walker_id, "name": plan.around.calendars[walker_id].name, "available_count": bookable}
        for walker_id, bookable in plan.others.items()
    ]


async def create(
    db: Database, settings: Settings, travel: Travel, wish: SeriesWish, key: UUID, who: Caller
) -> StoredResponse:
    """Book every date of the rule, or the accepted ones: all of them or nothing, once for a key.

    Raises what `Submissions.book` raises.
    """
    if wish.walker_id is None:
        raise InvalidRequest.field("walker_id", "Please choose who shall walk. Checking the dates says who is free.")
    submission = submissions.submission(metrics.RECURRING, wish, who, key)
    return await Submissions(db, settings, travel, _compose).book(submission)


def _compose(submission: Submission, decided: Decided, _into: Row | None) -> Draft:
    series_id = new_id()
    visits = visits_of(submission, decided, series_id)
    made = shown.made_bookings(visits, submission.who.currency)
    skipped = shown.occurrences([left_out(one) for one in decided.skipped], decided.plan.around)
    series = booking_rows.Series(
        id=series_id,
        walker_id=decided.plan.walker_id,
        rule=submission.wish.rule,
        time_zone=submission.who.time_zone,
        ends_at=visits.visits[-1].occurrence.ends_at,
        key=submission.key,
        skipped=[(one["date"], dumps(one).decode()) for one in skipped],
    )
    head = shown.made_series(series, visits)
    answer: shown.SeriesCreated = {"series": head, "bookings": made, "skipped": skipped}
    told = events.series_created(submission.who, head, decided.plan.service.name, made)
    return Draft(decided, visits, series, [told], dumps(answer).decode())
