"""Write a series, its visits and what it skipped: two statements, however many rows.

Nothing here waits for an answer: the statements travel together with the COMMIT. Rows are written in time order, as everybody
does, so that two writers never wait for each other crosswise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from booking.rules.model import Place, Rule, Slot
from booking.store.arrays import instants, literal
from chassis.database import Tx

_SERIES = """
    INSERT INTO recurring_booking_series (
        organization_id, id, customer_id, service_id, walker_id, location_id, dog_ids, starts_on, start_time, weekdays,
        interval_weeks, count, until, time_zone, ends_at, idempotency_key, idempotency_expires_at, created_at)
    VALUES (%(org)s::uuid, %(series)s::uuid, %(customer)s::uuid, %(service)s::uuid, %(walker)s::uuid, %(location)s::uuid,
        %(dogs)s::uuid[], %(starts_on)s::date, %(start_time)s::time, %(weekdays)s::text[], %(interval_weeks)s::int,
        %(count)s::int, %(until)s::date, %(time_zone)s, %(ends_at)s::timestamptz, %(key)s::uuid,
        (SELECT expires_at FROM idempotency_keys WHERE organization_id = %(org)s::uuid AND customer_id = %(customer)s::uuid
         AND key = %(key)s::uuid), %(now)s::timestamptz)
"""

# Foreign keys are checked when the statement ends: what refers to each other may be written by one.
_VISITS = """
visits AS MATERIALIZED (
    SELECT * FROM unnest(%(ids)s::uuid[], %(blocks)s::uuid[], %(walkers)s::uuid[], %(days)s::date[],
                         %(starts)s::timestamptz[], %(ends)s::timestamptz[])
        AS v (id, block_id, walker_id, day, starts_at, ends_at)
), blocks AS (
    INSERT INTO calendar_blocks (organization_id, id, walker_id, kind, starts_at, ends_at, lat, lng)
    SELECT %(org)s::uuid, block_id, walker_id, 'visit', starts_at, ends_at, %(lat)s::float8, %(lng)s::float8 FROM visits
)
INSERT INTO bookings (organization_id, id, series_id, block_id, customer_id, service_id, location_id, dog_ids,
    occurrence_date, scheduled_start, scheduled_end, price_cents, created_at)
SELECT %(org)s::uuid, id, %(series)s::uuid, block_id, %(customer)s::uuid, %(service)s::uuid, %(location)s::uuid,
    %(dogs)s::uuid[], day, starts_at, ends_at, %(price)s::int, %(now)s::timestamptz
FROM visits
"""
_ALONE = f"WITH {_VISITS}"
_OF_SERIES = f"WITH series AS ({_SERIES}), {_VISITS}"

# In binary (%b), for the sake of the many quotes in them.
_SKIPS = """
INSERT INTO series_skips (organization_id, series_id, date, occurrence)
SELECT %(org)s::uuid, %(series)s::uuid, day, occurrence::jsonb
FROM unnest(%(days)s::date[], %(occurrences)b::text[]) AS s (day, occurrence)
"""


_BOOK_SKIP = """
UPDATE series_skips SET booked_as = %(booking)s::uuid
WHERE organization_id = %(org)s::uuid AND series_id = %(series)s::uuid AND date = %(date)s::date AND booked_as IS NULL
RETURNING booked_as
"""

# A series that had ended goes on with what is booked into it.
_GO_ON = """
UPDATE recurring_booking_series SET status = 'active', ends_at = greatest(ends_at, %(ends)s::timestamptz)
WHERE organization_id = %(org)s::uuid AND id = %(series)s::uuid
"""


class Visited(NamedTuple):
    """An occurrence that becomes a booking, under ids of our choice."""

    booking_id: UUID
    block_id: UUID
    occurrence: Slot


@dataclass(frozen=True, slots=True)
class Visits:
    """Bookings of one customer that differ in their times and walkers only. visits: in time order."""

    organization_id: UUID
    customer_id: UUID
    service_id: UUID
    location_id: UUID
    dog_ids: Sequence[UUID]
    place: Place
    price_cents: int
    created_at: datetime
    visits: Sequence[Visited]
    series_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """The rule that made the visits, and what it skipped: date -> the occurrence as JSON text."""

    id: UUID
    walker_id: UUID
    rule: Rule
    time_zone: str
    ends_at: datetime
    key: UUID
    skipped: Sequence[tuple[date, str]]


async def write(tx: Tx, visits: Visits, series: Series | None) -> None:
    """Write the visits' blocks and the bookings that stand in them, with the series that they are of: one statement."""
    if series is None:
        await tx.execute(_ALONE, _visits(visits))
    else:
        await tx.execute(_OF_SERIES, {**_visits(visits), **_series(series)})


def _visits(visits: Visits) -> dict[str, Any]:
    occurrences = [visit.occurrence for visit in visits.visits]
    return {
        "org": visits.organization_id,
        "customer": visits.customer_id,
        "service": visits.service_id,
        "location": visits.location_id,
        "dogs": literal(visits.dog_ids),
        "now": visits.created_at,
        "series": visits.series_id,
        "lat": visits.place.lat,
        "lng": visits.place.lng,
        "price": visits.price_cents,
        "ids": literal(visit.booking_id for visit in visits.visits),
        "blocks": literal(visit.block_id for visit in visits.visits),
        "walkers": literal(occurrence.walker_id for occurrence in occurrences),
        "days": literal(occurrence.date for occurrence in occurrences),
        "starts": instants(occurrence.starts_at for occurrence in occurrences),
        "ends": instants(occurrence.ends_at for occurrence in occurrences),
    }


def _series(series: Series) -> dict[str, Any]:
    rule = series.rule
    return {
        "walker": series.walker_id,
        "starts_on": rule.starts_on,
        "start_time": rule.start_time,
        "weekdays": literal(rule.weekdays),
        "interval_weeks": rule.interval_weeks,
        "count": rule.count,
        "until": rule.until,
        "time_zone": series.time_zone,
        "ends_at": series.ends_at,
        "key": series.key,
    }


async def write_skips(tx: Tx, organization_id: UUID, series: Series) -> None:
    """Write what the rule skipped."""
    await tx.execute(
        _SKIPS,
        {
            "org": organization_id,
            "series": series.id,
            "days": literal(day for day, _ in series.skipped),
            "occurrences": [text for _, text in series.skipped],
        },
    )


async def book_skip(tx: Tx, organization_id: UUID, series_id: UUID, visit: Visited) -> bool:
    """Note that a booking stands for what its series had skipped on that date. Returns whether none did before.

    The customer's calendar is locked.
    """
    values = {"org": organization_id, "series": series_id}
    day, ends_at = visit.occurrence.date, visit.occurrence.ends_at
    done = await tx.execute(_BOOK_SKIP, {**values, "date": day, "booking": visit.booking_id})
    await tx.execute(_GO_ON, {**values, "ends": ends_at})
    return await done.fetchone() is not None
