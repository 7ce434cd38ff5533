"""What a plan reads: one statement for the whole series, and its parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from booking.rules.model import LONGEST_BLOCK, REACH, SHIFT, Start, Weekday
from booking.store.arrays import instants, literal
from booking.store.statement import Statement

# Two hours for an alternative start, and two more to see whom that one would touch; a block is a day long at most, so what
# overlaps an instant began no more than a day before it. Starts that are so near to each other that what is read around them
# overlaps are read in one stretch (a walk every day is a few stretches, not hundreds); what is of use to none of them is left out by
# a search in the sorted starts. Bounds are columns of the CTEs: under row-level security an index is not searched by an expression
# that could leak, and `timestamptz - interval` is not known not to (20 times slower). OFFSET 0 keeps the planner from reading a
# whole calendar and joining it with every start.
_TEXT = """
WITH service AS MATERIALIZED (
    SELECT id, kind, name, m.duration_minutes, price_cents, active, make_interval(mins => m.duration_minutes) AS lasts
    FROM services s CROSS JOIN LATERAL (SELECT coalesce(%(visit_minutes)s::int, s.duration_minutes) AS duration_minutes) m
    WHERE organization_id = %(org)s::uuid AND id = %(service)s::uuid
), everybody AS MATERIALIZED (
    SELECT id FROM walkers
    WHERE organization_id = %(org)s::uuid AND active AND %(anybody)s
    ORDER BY name, id LIMIT 200
), stretches AS MATERIALIZED (
    SELECT coalesce(t.walker_id, e.id) AS walker_id, (%(starts)s::timestamptz[])[t.first] - interval '{near_block}' AS began_after,
           (%(starts)s::timestamptz[])[t.first] - interval '{near}' AS near_from,
           (%(starts)s::timestamptz[])[t.last] + s.lasts + interval '{near}' AS near_to,
           t.first = t.last AS single, interval '{near}' + s.lasts AS reach
    FROM service s CROSS JOIN unnest(%(of_walkers)s::uuid[], %(firsts)s::int[], %(lasts)s::int[]) AS t (walker_id, first, last)
    LEFT JOIN everybody e ON t.walker_id IS NULL
), near AS MATERIALIZED (
    SELECT t.walker_id, b.* FROM stretches t CROSS JOIN LATERAL (
        SELECT id, kind, starts_at, ends_at, lat, lng FROM calendar_blocks b
        WHERE b.organization_id = %(org)s::uuid AND b.walker_id = t.walker_id AND b.released_at IS NULL
          AND b.starts_at > t.began_after AND b.starts_at < t.near_to AND b.ends_at > t.near_from
        OFFSET 0
    ) b WHERE t.single OR width_bucket(b.starts_at - t.reach, %(starts)s::timestamptz[])
                        < width_bucket(b.ends_at + interval '{near}', %(starts)s::timestamptz[])
), slots AS MATERIALIZED (
    SELECT w.n, w.walker_id, w.weekday, w.opens, w.opens + s.duration_minutes AS closes, s.lasts, NOT EXISTS (
        SELECT FROM working_hours h WHERE h.organization_id = %(org)s::uuid AND h.walker_id = w.walker_id
        AND h.weekday = w.weekday AND h.opens <= w.opens AND h.closes >= w.opens + s.duration_minutes) AS closed
    FROM service s CROSS JOIN unnest(%(slot_walkers)s::uuid[], %(weekdays)s::text[], %(minutes)s::int[])
        WITH ORDINALITY AS w (walker_id, weekday, opens, n)
    WHERE w.walker_id IS NOT NULL
), taken AS MATERIALIZED (
    SELECT array_agg(starts_at - interval '30 minutes' ORDER BY starts_at) AS starts,
           array_agg(ends_at + interval '30 minutes' ORDER BY ends_at) AS ends FROM near
), troubled AS MATERIALIZED (
    SELECT w.n, w.slot, w.starts_at, w.starts_at + s.lasts AS ends_at,
           w.starts_at - interval '{beside}' AS beside_from, w.starts_at + s.lasts + interval '{beside}' AS beside_to,
           w.starts_at - interval '{beside_block}' AS beside_began_after, w.starts_at - interval '{block}' AS over_began_after
    FROM unnest(%(starts)s::timestamptz[], %(slots)s::int[]) WITH ORDINALITY AS w (starts_at, slot, n)
    JOIN slots s ON s.n = w.slot CROSS JOIN taken t
    -- Blocks that overlap = blocks that start before the occurrence ends - blocks that end before it starts.
    WHERE s.closed OR width_bucket(w.starts_at + s.lasts, t.starts) > width_bucket(w.starts_at, t.ends)
    ORDER BY w.n LIMIT 60
), circle AS MATERIALIZED (
    SELECT id, name FROM walkers WHERE organization_id = %(org)s::uuid AND active AND EXISTS (SELECT FROM troubled)
    ORDER BY name, id LIMIT 200
), able AS MATERIALIZED (
    -- Who works at that time of that weekday at all.
    SELECT s.n AS slot, o.id, o.name FROM slots s CROSS JOIN LATERAL (
        SELECT w.id, w.name FROM circle w CROSS JOIN LATERAL (
            SELECT FROM working_hours h WHERE h.organization_id = %(org)s::uuid AND h.walker_id = w.id
            AND h.weekday = s.weekday AND h.opens <= s.opens AND h.closes >= s.closes LIMIT 1
        ) h WHERE w.id <> s.walker_id LIMIT 32
    ) o WHERE s.n IN (SELECT slot FROM troubled)
), sample AS MATERIALIZED (
    SELECT * FROM (SELECT *, row_number() OVER (ORDER BY n) AS place, count(*) OVER () AS dates FROM troubled) t
    WHERE place * 5 / dates > (place - 1) * 5 / dates
), fit AS MATERIALIZED (
    -- On how many of these dates each of them is free.
    SELECT a.id, count(*) AS dates FROM sample t JOIN able a ON a.slot = t.slot
    WHERE NOT EXISTS (
        SELECT FROM calendar_blocks b
        WHERE b.organization_id = %(org)s::uuid AND b.walker_id = a.id AND b.released_at IS NULL
          AND b.starts_at > t.over_began_after AND b.starts_at < t.ends_at AND b.ends_at > t.starts_at)
    GROUP BY a.id
), by_fit AS MATERIALIZED (
    SELECT a.slot, a.id FROM able a LEFT JOIN fit f ON f.id = a.id ORDER BY coalesce(f.dates, 0) DESC, a.name, a.id
), stand_ins AS MATERIALIZED (
    SELECT t.n, t.beside_from, t.beside_to, t.beside_began_after, o.id AS walker_id
    FROM troubled t CROSS JOIN LATERAL (
        -- In the order in which they stand there: the first two who are free.
        SELECT a.id FROM by_fit a
        WHERE a.slot = t.slot AND NOT EXISTS (
            SELECT FROM calendar_blocks b
            WHERE b.organization_id = %(org)s::uuid AND b.walker_id = a.id AND b.released_at IS NULL
              AND b.starts_at > t.over_began_after AND b.starts_at < t.ends_at AND b.ends_at > t.starts_at)
        LIMIT 2
    ) o
)
SELECT 0 AS part, NULL::bigint AS n, NULL::uuid AS walker_id, NULL::uuid AS id, json_build_object(
    'service', (SELECT row_to_json(s) FROM (SELECT id, kind, name, duration_minutes, price_cents, active FROM service) s),
    'location', (SELECT row_to_json(l) FROM (
        SELECT id, label, address, lat, lng FROM locations WHERE organization_id = %(org)s::uuid AND id = %(location)s::uuid
        AND customer_id = %(customer)s::uuid AND deleted_at IS NULL) l),
    'dogs', (SELECT json_object_agg(id, name) FROM dogs WHERE organization_id = %(org)s::uuid AND id = ANY(%(dogs)s::uuid[])
        AND customer_id = %(customer)s::uuid AND deleted_at IS NULL),
    'customer', (SELECT row_to_json(c) FROM (
        SELECT calendar_version, active FROM customers WHERE organization_id = %(org)s::uuid AND id = %(customer)s::uuid) c),
    'organization', (SELECT row_to_json(o) FROM (
        SELECT version, time_zone, currency FROM organizations WHERE organization_id = %(org)s::uuid) o),
    'key', (SELECT row_to_json(k) FROM (
        SELECT fingerprint, status, response FROM idempotency_keys WHERE organization_id = %(org)s::uuid
        AND customer_id = %(key_owner)s::uuid AND key = %(key)s::uuid AND expires_at > now()) k),
    'walkers', (SELECT json_agg(row_to_json(w)) FROM (
        SELECT id, name, travel_mode, calendar_version, active, (
            SELECT json_agg(json_build_array(weekday, opens, closes)) FROM working_hours h
            WHERE h.organization_id = %(org)s::uuid AND h.walker_id = w.id) AS hours
        FROM walkers w WHERE organization_id = %(org)s::uuid AND id = ANY(ARRAY(
            SELECT walker_id FROM slots UNION ALL SELECT %(walker)s::uuid UNION ALL SELECT id FROM everybody
            UNION ALL SELECT walker_id FROM stand_ins))
        ORDER BY name, id) w)
)::text AS what, NULL::timestamptz AS starts_at, NULL::timestamptz AS ends_at, NULL::float8 AS lat, NULL::float8 AS lng,
NULL::uuid[] AS dog_ids
UNION ALL SELECT 1, NULL, walker_id, id, kind, starts_at, ends_at, lat, lng, NULL FROM near
UNION ALL SELECT 2, n, walker_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM stand_ins
UNION ALL SELECT 1, NULL, s.walker_id, b.id, b.kind, b.starts_at, b.ends_at, b.lat, b.lng, NULL
    FROM stand_ins s CROSS JOIN LATERAL (
        SELECT * FROM calendar_blocks b
        WHERE b.organization_id = %(org)s::uuid AND b.walker_id = s.walker_id AND b.released_at IS NULL
          AND b.starts_at > s.beside_began_after AND b.starts_at < s.beside_to AND b.ends_at > s.beside_from
        OFFSET 0
    ) b
UNION ALL SELECT 3, NULL, b.block_id, b.service_id,
    -- Its details are for the few that lie over a wanted date.
    CASE WHEN width_bucket(b.scheduled_start - s.lasts, %(starts)s::timestamptz[])
            < width_bucket(b.scheduled_end, %(starts)s::timestamptz[]) THEN (
        SELECT json_build_object('id', b.id, 'walker_name', w.name, 'dog_names', array(
            SELECT d.name FROM dogs d WHERE d.organization_id = %(org)s::uuid AND d.id = ANY(b.dog_ids)
            ORDER BY array_position(b.dog_ids, d.id)))::text
        FROM calendar_blocks k JOIN walkers w ON w.organization_id = %(org)s::uuid AND w.id = k.walker_id
        WHERE k.organization_id = %(org)s::uuid AND k.id = b.block_id) END,
    b.scheduled_start, b.scheduled_end, NULL, NULL, b.dog_ids
    FROM service s CROSS JOIN LATERAL (
        SELECT id, block_id, service_id, scheduled_start, scheduled_end, dog_ids FROM bookings b
        WHERE b.organization_id = %(org)s::uuid AND b.customer_id = %(customer)s::uuid AND b.status <> 'cancelled'
          AND b.scheduled_start > %(own_after)s::timestamptz AND b.scheduled_start < %(own_before)s::timestamptz
        OFFSET 0
    ) b WHERE width_bucket(b.scheduled_start - s.lasts - interval '{near}', %(starts)s::timestamptz[])
            < width_bucket(b.scheduled_end + interval '{near}', %(starts)s::timestamptz[])
"""


# An alternative start, and the visits that it would touch: what lies further from every start is of no use.
NEAR = SHIFT + REACH


def _hours(span: timedelta) -> str:
    return f"{span // timedelta(hours=1)} hours"


STATEMENT = Statement(
    _TEXT.replace("{near}", _hours(NEAR))
    .replace("{beside}", _hours(REACH))
    .replace("{block}", _hours(LONGEST_BLOCK))
    .replace("{near_block}", _hours(LONGEST_BLOCK + NEAR))
    .replace("{beside_block}", _hours(LONGEST_BLOCK + REACH))
)


@dataclass(frozen=True, slots=True)
class PlanQuery:
    """What the statement asks. starts: in time order; walkers: who is wanted at each, None for anybody.

    walker_id: whose the rule is, even where somebody else is wanted at every start. key_owner: the account whose the key is.
    minutes: how long a visit takes, None for as long as the service says.
    """

    organization_id: UUID
    customer_id: UUID
    service_id: UUID
    location_id: UUID
    dog_ids: Sequence[UUID]
    starts: Sequence[Start]
    walkers: Sequence[UUID | None]
    zone: ZoneInfo
    walker_id: UUID | None = None
    key: UUID | None = None
    key_owner: UUID | None = None
    minutes: int | None = None

    def of_walkers(self) -> Mapping[UUID | None, Sequence[int]]:
        """Return the indexes of the starts that each walker is wanted at: nearly always one walker, or anybody, at all of them."""
        first = self.walkers[0]
        if self.walkers.count(first) == len(self.walkers):
            return {first: range(len(self.walkers))}
        found: dict[UUID | None, list[int]] = {}
        for index, walker in enumerate(self.walkers):
            found.setdefault(walker, []).append(index)
        return {**found}


_ONE_STRETCH = LONGEST_BLOCK + 2 * NEAR


def parameters(query: PlanQuery) -> dict[str, Any]:
    """Write a query as the statement's parameters. Arrays go as `arrays` writes them."""
    starts = query.starts
    of_walkers = query.of_walkers()
    return {
        "org": query.organization_id,
        "customer": query.customer_id,
        "service": query.service_id,
        "location": query.location_id,
        "dogs": literal(query.dog_ids),
        "key": query.key,
        "key_owner": query.key_owner,
        "walker": query.walker_id,
        "anybody": None in of_walkers,
        "visit_minutes": query.minutes,
        "starts": instants(start.at for start in starts),
        "own_after": starts[0].at - LONGEST_BLOCK - NEAR,
        "own_before": starts[-1].at + LONGEST_BLOCK + NEAR,
        **_slots(starts, of_walkers),
        **_stretches(starts, of_walkers),
    }


def _slots(starts: Sequence[Start], of_walkers: Mapping[UUID | None, Sequence[int]]) -> dict[str, str]:
    # Who is wanted on which weekday at which minute: a rule has a handful of these, however many dates it has.
    slots, found = [0] * len(starts), list[tuple[UUID | None, int, int]]()
    for walker, indexes in of_walkers.items():
        numbers: dict[tuple[int, time | None], int] = {}
        for index in indexes:
            day, at, _, shifted = starts[index]
            # A shifted start is not at the minute that the rule says: no hours are known to hold it.
            slot = (day.weekday(), None if shifted else at)
            if slot not in numbers:
                found.append((walker, slot[0], -1 if shifted else at.hour * 60 + at.minute))
                numbers[slot] = len(found)
            slots[index] = numbers[slot]
    return {
        "slots": literal(slots),
        "slot_walkers": literal(walker or "NULL" for walker, _, _ in found),
        "weekdays": literal(_WEEK[weekday] for _, weekday, _ in found),
        "minutes": literal(minute for _, _, minute in found),
    }


def _stretches(starts: Sequence[Start], of_walkers: Mapping[UUID | None, Sequence[int]]) -> dict[str, str]:
    # What is read around two starts of one walker overlaps when they are no further apart: read once, it is cheaper.
    walkers, firsts, lasts = [], [], []  # the starts' places in the array, from 1
    for walker, indexes in of_walkers.items():
        whose = "NULL" if walker is None else str(walker)
        before: datetime | None = None
        for index in indexes:
            at = starts[index].at
            if before is None or at - before > _ONE_STRETCH:
                walkers.append(whose)
                firsts.append(index + 1)
                lasts.append(index + 1)
            else:
                lasts[-1] = index + 1
            before = at
    return {"of_walkers": literal(walkers), "firsts": literal(firsts), "lasts": literal(lasts)}


_WEEK = tuple(Weekday)
