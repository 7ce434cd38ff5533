"""A single booking: one occurrence, booked as a series of one is, without the series."""

from uuid import UUID

from booking import events, metrics, shown, submissions
from booking.clients.travel import Travel
from booking.deciding import Decided
from booking.settings import Settings
from booking.store.rows import Row
from booking.submissions import Draft, Submission, Submissions
from booking.visits import visits_of
from booking.wishes import SeriesWish
from chassis.database import Database
from chassis.idempotency.once import StoredResponse
from chassis.responses import dumps
from chassis.tokens import Caller


async def create(
    db: Database, settings: Settings, travel: Travel, wish: SeriesWish, key: UUID, who: Caller
) -> StoredResponse:
    """Book one visit, once for a key. wish: a rule of one date.

    Raises what `Submissions.book` raises.
    """
    submission = submissions.submission(metrics.SINGLE, wish, who, key)
    return await Submissions(db, settings, travel, _compose).book(submission)


def _compose(submission: Submission, decided: Decided, _into: Row | None) -> Draft:
    visits = visits_of(submission, decided, series_id=None)
    made = shown.made_bookings(visits, submission.who.currency)[0]
    answer: shown.BookingCreated = {"booking": made}
    told = events.booking_created(submission.who, made, decided.plan.service.name)
    return Draft(decided, visits, None, [told], dumps(answer).decode())
