"""Write what a BookingChange says. Only `commit.write` calls these functions, with the calendars locked.

Nothing here waits for an answer unless its caller has to know: the statements travel together with the COMMIT. Rows are written in time
order, as everybody does, so that two writers never wait for each other crosswise.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from booking.booking_change import (
    Cancellation,
    ExistingBooking,
    MovedBooking,
    NewBooking,
    NewBookings,
    NewSeries,
)
from booking.store.arrays import instants, literal
from chassis.database import Tx

_SERIES = """
    INSERT INTO recurring_booking_series (
        organization_id, id, customer_id, service_id, walker_id, location_id, dog_ids, starts_on, start_time, weekdays,
        interval_weeks, count, until, time_zone, ends_at, idempotency_key, idempotency_expires_at, created_at)
    VALUES (%(org)s::uuid, %(series)s::uuid, %(customer)s::uuid, %(service)s::uuid, %(walker)s::uuid, %(location)s::uuid,
        %(dogs)s::uuid[], %(starts_on)s::date, %(start_time)s::time, %(weekdays)s::text[], %(interval_weeks)s::int,
        %(count)s::int, %(until)s::date, %(time_zone)s, %(ends_at)s::timestamptz, %(key)s::uuid,
        (SELECT expires_at FROM idempotency_keys WHERE organization_id = %(org)s::uuid AND customer_id = %(key_owner)s::uuid
         AND key = %(key)s::uuid), %(now)s::timestamptz)
"""

# Foreign keys are checked when the statement ends: what refers to each other may be written by one.
_BOOKINGS = """
new AS MATERIALIZED (
    SELECT * FROM unnest(%(ids)s::uuid[], %(blocks)s::uuid[], %(walkers)s::uuid[], %(days)s::date[],
                         %(starts)s::timestamptz[], %(ends)s::timestamptz[])
        AS n (id, block_id, walker_id, day, starts_at, ends_at)
), blocks AS (
    INSERT INTO calendar_blocks (organization_id, id, walker_id, kind, starts_at, ends_at, lat, lng)
    SELECT %(org)s::uuid, block_id, walker_id, %(kind)s, starts_at, ends_at, %(lat)s::float8, %(lng)s::float8 FROM new
)
INSERT INTO bookings (organization_id, id, series_id, block_id, customer_id, service_id, location_id, dog_ids,
    occurrence_date, scheduled_start, scheduled_end, price_cents, created_at)
SELECT %(org)s::uuid, id, %(series)s::uuid, block_id, %(customer)s::uuid, %(service)s::uuid, %(location)s::uuid,
    %(dogs)s::uuid[], day, starts_at, ends_at, %(price)s::int, %(now)s::timestamptz
FROM new
"""
_ALONE = f"WITH {_BOOKINGS}"
_OF_SERIES = f"WITH series AS ({_SERIES}), {_BOOKINGS}"

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

_CANCEL = """
UPDATE bookings SET status = 'cancelled', cancelled_at = %(now)s, cancel_reason = %(reason)s, cancelled_by = %(by)s::uuid,
    late = id = ANY(%(late)s::uuid[])
WHERE organization_id = %(org)s::uuid AND id = ANY(%(ids)s::uuid[]) AND status <> 'cancelled'
"""

# What was booked of a skipped date is skipped again.
_SKIP_AGAIN = """
UPDATE series_skips SET booked_as = NULL
WHERE organization_id = %(org)s::uuid AND series_id = ANY(%(ids)s::uuid[]) AND booked_as = ANY(%(bookings)s::uuid[])
"""

# A group walk's block stays while anybody's dog is in it.
_RELEASE = """
UPDATE calendar_blocks k SET released_at = %(now)s
WHERE k.organization_id = %(org)s::uuid AND k.id = ANY(%(blocks)s::uuid[]) AND k.released_at IS NULL
  AND NOT EXISTS (SELECT FROM bookings b WHERE b.organization_id = k.organization_id AND b.block_id = k.id
                  AND b.status <> 'cancelled')
"""

_END_SERIES = """
UPDATE recurring_booking_series r SET status = 'cancelled'
WHERE organization_id = %(org)s::uuid AND id = ANY(%(ids)s::uuid[]) AND status = 'active'
  AND NOT EXISTS (SELECT FROM bookings b WHERE b.organization_id = r.organization_id AND b.series_id = r.id
                  AND b.status <> 'cancelled' AND b.scheduled_start > %(now)s)
"""

_TAKE_AGAIN = """
UPDATE calendar_blocks SET released_at = NULL
WHERE organization_id = %(org)s::uuid AND id = ANY(%(blocks)s::uuid[]) AND released_at IS NOT NULL
"""

_SCHEDULE = """
UPDATE bookings SET status = 'scheduled', cancelled_at = NULL, cancel_reason = NULL, cancelled_by = NULL, late = false
WHERE organization_id = %(org)s::uuid AND id = ANY(%(ids)s::uuid[]) AND status = 'cancelled'
RETURNING id
"""

# A booking of a date that its series had skipped stands for that date again.
_STAND_FOR_SKIPS = """
UPDATE series_skips x SET booked_as = b.id FROM bookings b
WHERE b.organization_id = %(org)s::uuid AND b.id = ANY(%(ids)s::uuid[]) AND x.organization_id = b.organization_id
  AND x.series_id = b.series_id AND x.date = coalesce(b.rule_date, b.occurrence_date) AND x.booked_as IS NULL
"""

_RESUME = """
UPDATE recurring_booking_series SET status = 'active'
WHERE organization_id = %(org)s::uuid AND id = ANY(%(series)s::uuid[]) AND status <> 'active'
"""

# The block of a group stays while another booking stands in it.
_LEAVE = """
UPDATE calendar_blocks k SET released_at = %(now)s
WHERE k.organization_id = %(org)s::uuid AND k.id = %(left)s::uuid AND k.released_at IS NULL
  AND NOT EXISTS (SELECT FROM bookings b WHERE b.organization_id = k.organization_id AND b.block_id = k.id
                  AND b.status <> 'cancelled' AND b.id <> %(id)s::uuid)
"""

# The date of the rule that the booking stands for stays known.
_MOVE = """
WITH block AS (
    INSERT INTO calendar_blocks (organization_id, id, walker_id, kind, starts_at, ends_at, lat, lng)
    VALUES (%(org)s::uuid, %(block)s::uuid, %(walker)s::uuid, %(kind)s, %(starts)s::timestamptz, %(ends)s::timestamptz,
        %(lat)s::float8, %(lng)s::float8)
)
UPDATE bookings SET block_id = %(block)s::uuid, scheduled_start = %(starts)s::timestamptz, scheduled_end = %(ends)s::timestamptz,
    rule_date = CASE WHEN series_id IS NOT NULL THEN coalesce(rule_date, occurrence_date) END, occurrence_date = %(date)s::date
WHERE organization_id = %(org)s::uuid AND id = %(id)s::uuid AND block_id = %(left)s::uuid AND status <> 'cancelled'
RETURNING id
"""


async def add(tx: Tx, organization_id: UUID, new: NewBookings, series: NewSeries | None) -> None:
    """Write bookings with their blocks, and the series that they are of: one statement, however many rows."""
    if series is None:
        await tx.execute(_ALONE, _bookings(organization_id, new))
    else:
        await tx.execute(_OF_SERIES, {**_bookings(organization_id, new), **_series(series)})


def _bookings(organization_id: UUID, new: NewBookings) -> dict[str, Any]:
    slots = [booking.slot for booking in new.bookings]
    return {
        "org": organization_id,
        "customer": new.customer_id,
        "service": new.service_id,
        "location": new.location_id,
        "dogs": literal(new.dog_ids),
        "now": new.created_at,
        "series": new.series_id,
        "kind": new.kind,
        "lat": new.from_place.lat,
        "lng": new.from_place.lng,
        "price": new.price_cents,
        "ids": literal(booking.id for booking in new.bookings),
        "blocks": literal(booking.block_id for booking in new.bookings),
        "walkers": literal(slot.walker_id for slot in slots),
        "days": literal(slot.date for slot in slots),
        "starts": instants(slot.starts_at for slot in slots),
        "ends": instants(slot.ends_at for slot in slots),
    }


def _series(series: NewSeries) -> dict[str, Any]:
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
        "key_owner": series.key_owner,
    }


async def skip(tx: Tx, organization_id: UUID, series: NewSeries) -> None:
    """Write the dates that a rule skips."""
    days, occurrences = literal(day for day, _ in series.skipped), [text for _, text in series.skipped]
    await tx.execute(_SKIPS, {"org": organization_id, "series": series.id, "days": days, "occurrences": occurrences})


async def fill_skip(tx: Tx, organization_id: UUID, series_id: UUID, booking: NewBooking) -> bool:
    """Note the booking that stands for a date that its series had skipped. Returns whether none did before."""
    values = {"org": organization_id, "series": series_id}
    day, ends_at = booking.slot.date, booking.slot.ends_at
    done = await tx.execute(_BOOK_SKIP, {**values, "date": day, "booking": booking.id})
    await tx.execute(_GO_ON, {**values, "ends": ends_at})
    return await done.fetchone() is not None


async def cancel(tx: Tx, organization_id: UUID, change: Cancellation) -> None:
    """Cancel bookings; free their blocks, and end series that have nothing ahead."""
    found = change.bookings
    values = {"org": organization_id, "now": change.at}
    ids, late = [b.id for b in found], [b.id for b in found if b.late]
    await tx.execute(_CANCEL, {**values, "ids": ids, "late": late, "by": change.by, "reason": change.reason})
    await tx.execute(_RELEASE, {**values, "blocks": [b.block_id for b in found]})
    touched = list({b.series_id for b in found if b.series_id})
    if touched:
        await tx.execute(_SKIP_AGAIN, {**values, "ids": touched, "bookings": ids})
        await tx.execute(_END_SERIES, {**values, "ids": touched})


async def restore(tx: Tx, organization_id: UUID, found: Sequence[ExistingBooking]) -> bool:
    """Make cancelled bookings what they were; series that had ended go on. Returns whether all were cancelled still."""
    values = {"org": organization_id, "ids": [one.id for one in found]}
    await tx.execute(_TAKE_AGAIN, {**values, "blocks": [one.block_id for one in found]})
    done = await tx.execute(_SCHEDULE, values)
    touched = list({one.series_id for one in found if one.series_id})
    if touched:
        await tx.execute(_STAND_FOR_SKIPS, values)
        await tx.execute(_RESUME, {**values, "series": touched})
    return len(await done.fetchall()) == len(found)


async def move(tx: Tx, organization_id: UUID, moved: MovedBooking) -> bool:
    """Move a booking into a new block, and free the one that it leaves. Returns whether it stood there still."""
    slot, place = moved.slot, moved.from_place
    values = {"org": organization_id, "id": moved.id, "left": moved.left_block_id, "now": moved.at}
    await tx.execute(_LEAVE, values)
    block = {"block": moved.block_id, "walker": slot.walker_id, "kind": moved.kind, "lat": place.lat, "lng": place.lng}
    span = {"starts": slot.starts_at, "ends": slot.ends_at, "date": slot.date}
    done = await tx.execute(_MOVE, {**values, **block, **span})
    if moved.series_id:
        await tx.execute(_GO_ON, {"org": organization_id, "series": moved.series_id, "ends": slot.ends_at})
    return await done.fetchone() is not None
