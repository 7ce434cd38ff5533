"""A date that a series skipped: booked later, into the series."""

from dataclasses import replace
from datetime import date
from types import MappingProxyType
from uuid import UUID

from booking import booked, events, metrics, shown, submissions
from booking.clients.travel import Travel
from booking.deciding import Decided
from booking.rules.model import Rule, Weekday
from booking.settings import Settings
from booking.store import booked as store
from booking.store.rows import Row
from booking.submissions import Draft, Submission, Submissions
from booking.visits import visits_of
from booking.wishes import Replacement, SeriesWish
from chassis.database import Database
from chassis.idempotency.once import StoredResponse
from chassis.problems import NotFound
from chassis.responses import dumps
from chassis.tokens import Caller


async def book(
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
        found = await store.series(tx, booked.whose(who), only=series_id)
        skip = found and await store.skipped_on(tx, who.organization_id, series_id, day)
    if not skip:
        raise NotFound("This series of yours skipped no such date.")
    submission = submissions.submission(metrics.SINGLE, _wish(found[0], day, instead), who, key, into=series_id)
    return await Submissions(db, settings, travel, _compose).book(submission)


def _wish(series: Row, day: date, instead: Replacement | None) -> SeriesWish:
    rule = Rule(day, series["start_time"], (Weekday.of(day),), count=1)
    wish = SeriesWish(
        series["service_id"], series["walker_id"], series["location_id"], tuple(series["dog_ids"]), rule, (day,)
    )
    return replace(wish, replacements=MappingProxyType({day: instead})) if instead else wish


def _compose(submission: Submission, decided: Decided, into: Row | None) -> Draft:
    assert into
    visits = visits_of(submission, decided, into["id"])
    made = shown.made_bookings(visits, submission.who.currency)[0]
    after = {
        **booked.with_rule(into),
        "status": "active",
        "booking_count": into["booking_count"] + 1,
        "skipped_count": into["skipped_count"] - 1,
    }
    told = events.series_booked_into(submission.who, into["id"], decided.plan.service.name, made)
    return Draft(decided, visits, None, [told], dumps({"booking": made, "series": after}).decode())
