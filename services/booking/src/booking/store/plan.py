"""Everything that a plan must know, in one statement and one round trip.

The statement's rows are of several kinds: one head (JSON of what is single), then blocks and bookings near the wanted starts. It probes
around each start instead of fetching the year: most of a year's blocks matter to nobody, and each costs a row to build.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from booking.model import (
    Block,
    Hours,
    OwnBooking,
    Place,
    Start,
    Surroundings,
    TravelMode,
    Visit,
    WalkerCalendar,
    Weekday,
)
from booking.store.arrays import literal
from chassis.database import Tx

# Two hours for an alternative start, and two more to see whom that one would touch; a block is a day long at most, so what
# overlaps an instant began no more than a day before it. The bounds are columns of `wanted`: under row-level security an index
# is not searched by an expression that could leak, and `timestamptz - interval` is not known not to (20 times slower). OFFSET 0
# keeps the planner from reading a whole calendar and joining it with every start.
_PLAN = """
WITH service AS MATERIALIZED (
    SELECT id, kind, name, duration_minutes, price_cents, active,
           make_interval(mins => duration_minutes) AS lasts
    FROM services WHERE organization_id = %(org)s::uuid AND id = %(service)s::uuid
), wanted AS MATERIALIZED (
    SELECT w.n::int, w.starts_at, w.starts_at + s.lasts AS ends_at, w.walker_id, w.weekday, w.opens,
           w.opens + s.duration_minutes AS closes,
           w.starts_at - interval '4 hours' AS near_from, w.starts_at + s.lasts + interval '4 hours' AS near_to,
           w.starts_at - interval '28 hours' AS began_after,
           w.starts_at - interval '2 hours' AS beside_from, w.starts_at + s.lasts + interval '2 hours' AS beside_to,
           w.starts_at - interval '26 hours' AS beside_began_after, w.starts_at - interval '24 hours' AS over_began_after
    FROM unnest(%(starts)s::timestamptz[], %(walkers)s::uuid[], %(weekdays)s::text[], %(minutes)s::int[])
         WITH ORDINALITY AS w (starts_at, walker_id, weekday, opens, n), service s
), everybody AS MATERIALIZED (
    SELECT id FROM walkers
    WHERE organization_id = %(org)s::uuid AND active AND %(anybody)s
    ORDER BY name, id LIMIT 200
), pairs AS MATERIALIZED (
    SELECT n, starts_at, ends_at, near_from, near_to, began_after, walker_id FROM wanted WHERE walker_id IS NOT NULL
    UNION ALL
    SELECT n, starts_at, ends_at, near_from, near_to, began_after, e.id FROM wanted, everybody e WHERE walker_id IS NULL
), near AS MATERIALIZED (
    SELECT p.n, p.walker_id, p.starts_at AS wanted_start, p.ends_at AS wanted_end, b.*
    FROM pairs p CROSS JOIN LATERAL (
        SELECT id, kind, starts_at, ends_at, lat, lng FROM calendar_blocks b
        WHERE b.organization_id = %(org)s::uuid AND b.walker_id = p.walker_id AND b.released_at IS NULL
          AND b.starts_at > p.began_after AND b.starts_at < p.near_to AND b.ends_at > p.near_from
        OFFSET 0
    ) b
), troubled AS MATERIALIZED (
    SELECT w.* FROM wanted w
    WHERE w.walker_id IS NOT NULL AND (
        w.n IN (SELECT n FROM near WHERE starts_at < wanted_end + interval '30 minutes'
                                     AND ends_at > wanted_start - interval '30 minutes')
        OR NOT EXISTS (
            SELECT FROM working_hours h WHERE h.organization_id = %(org)s::uuid AND h.walker_id = w.walker_id
            AND h.weekday = w.weekday AND h.opens <= w.opens AND h.closes >= w.closes))
    ORDER BY w.n LIMIT 60
), circle AS MATERIALIZED (
    SELECT id, name FROM walkers WHERE organization_id = %(org)s::uuid AND active ORDER BY name, id LIMIT 24
), stand_ins AS MATERIALIZED (
    SELECT t.n, t.beside_from, t.beside_to, t.beside_began_after, o.id AS walker_id
    FROM troubled t CROSS JOIN LATERAL (
        SELECT w.id FROM circle w
        WHERE w.id <> t.walker_id
          AND EXISTS (
            SELECT FROM working_hours h WHERE h.organization_id = %(org)s::uuid AND h.walker_id = w.id
            AND h.weekday = t.weekday AND h.opens <= t.opens AND h.closes >= t.closes)
          AND NOT EXISTS (
            SELECT FROM calendar_blocks b
            WHERE b.organization_id = %(org)s::uuid AND b.walker_id = w.id AND b.released_at IS NULL
              AND b.starts_at > t.over_began_after AND b.starts_at < t.ends_at AND b.ends_at > t.starts_at)
        LIMIT 2
    ) o
), people AS MATERIALIZED (
    SELECT walker_id AS id FROM wanted WHERE walker_id IS NOT NULL
    UNION SELECT id FROM everybody
    UNION SELECT walker_id FROM stand_ins
)
SELECT 0 AS part, NULL::int AS n, NULL::uuid AS walker_id, NULL::uuid AS id, json_build_object(
    'service', (SELECT row_to_json(s) FROM (SELECT id, kind, name, duration_minutes, price_cents, active FROM service) s),
    'location', (SELECT row_to_json(l) FROM (
        SELECT id, lat, lng FROM locations WHERE organization_id = %(org)s::uuid AND id = %(location)s::uuid
        AND customer_id = %(customer)s::uuid AND deleted_at IS NULL) l),
    'dogs', (SELECT json_agg(id) FROM dogs WHERE organization_id = %(org)s::uuid AND id = ANY(%(dogs)s::uuid[])
        AND customer_id = %(customer)s::uuid AND deleted_at IS NULL),
    'customer_version', (SELECT calendar_version FROM customers
        WHERE organization_id = %(org)s::uuid AND id = %(customer)s::uuid),
    'key', (SELECT row_to_json(k) FROM (
        SELECT fingerprint, status, response FROM idempotency_keys WHERE organization_id = %(org)s::uuid
        AND customer_id = %(customer)s::uuid AND key = %(key)s::uuid AND expires_at > now()) k),
    'walkers', (SELECT json_agg(row_to_json(w)) FROM (
        SELECT id, name, travel_mode, calendar_version, active, (
            SELECT json_agg(json_build_array(weekday, opens, closes)) FROM working_hours h
            WHERE h.organization_id = %(org)s::uuid AND h.walker_id = w.id) AS hours
        FROM walkers w WHERE organization_id = %(org)s::uuid AND id = ANY(ARRAY(SELECT id FROM people))
        ORDER BY name, id) w)
)::text AS what, NULL::timestamptz AS starts_at, NULL::timestamptz AS ends_at, NULL::float8 AS lat, NULL::float8 AS lng,
NULL::uuid[] AS dog_ids
UNION ALL SELECT 1, n, walker_id, id, kind, starts_at, ends_at, lat, lng, NULL FROM near
UNION ALL SELECT 2, n, walker_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM stand_ins
UNION ALL SELECT 1, s.n, s.walker_id, b.id, b.kind, b.starts_at, b.ends_at, b.lat, b.lng, NULL
    FROM stand_ins s CROSS JOIN LATERAL (
        SELECT * FROM calendar_blocks b
        WHERE b.organization_id = %(org)s::uuid AND b.walker_id = s.walker_id AND b.released_at IS NULL
          AND b.starts_at > s.beside_began_after AND b.starts_at < s.beside_to AND b.ends_at > s.beside_from
        OFFSET 0
    ) b
UNION ALL SELECT 3, w.n, b.block_id, b.service_id, NULL, b.scheduled_start, b.scheduled_end, NULL, NULL, b.dog_ids
    FROM wanted w CROSS JOIN LATERAL (
        SELECT block_id, service_id, scheduled_start, scheduled_end, dog_ids FROM bookings b
        WHERE b.organization_id = %(org)s::uuid AND b.customer_id = %(customer)s::uuid AND b.status <> 'cancelled'
          AND b.scheduled_start > w.began_after AND b.scheduled_start < w.near_to AND b.scheduled_end > w.near_from
        OFFSET 0
    ) b
"""


@dataclass(frozen=True, slots=True)
class Question:
    """What a plan is about. starts: in time order; walkers: who is wanted at each, None for anybody."""

    organization_id: UUID
    customer_id: UUID
    service_id: UUID
    location_id: UUID
    dog_ids: Sequence[UUID]
    starts: Sequence[Start]
    walkers: Sequence[UUID | None]
    zone: ZoneInfo
    key: UUID | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """A service as the catalogue has it."""

    id: UUID
    kind: str
    name: str
    duration_minutes: int
    price_cents: int
    active: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """What an idempotency key stands for. `status` and `response` (JSON text) are None while nothing is known."""

    fingerprint: str
    status: int | None
    response: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found. Things that do not exist for this customer are None, or missing from `dogs` and the calendars."""

    service: Service | None
    place: Place | None
    dogs: frozenset[UUID]
    customer_version: int
    kept: Kept | None
    around: Surroundings

    def visit(self) -> Visit:
        """Say what is wanted at every start. Raises AssertionError unless service and place are there."""
        assert self.service
        assert self.place
        return Visit(self.service.id, self.service.duration_minutes, self.dogs, self.place)


async def look(tx: Tx, question: Question) -> "Pending":
    """Send the one statement. Its answer is read with `Pending.answer`, which may wait until after the COMMIT was sent."""
    return Pending(await tx.execute(_PLAN, _parameters(question), prepare=True), question)


def _parameters(question: Question) -> dict[str, Any]:
    # Text literals are the cheapest arrays to bind.
    return {
        "org": question.organization_id,
        "customer": question.customer_id,
        "service": question.service_id,
        "location": question.location_id,
        "dogs": literal(question.dog_ids),
        "key": question.key,
        "starts": literal(start.at.isoformat() for start in question.starts),
        "walkers": literal(walker or "NULL" for walker in question.walkers),
        "anybody": None in question.walkers,
        "weekdays": literal(Weekday.of(start.date) for start in question.starts),
        # A shifted start is not at the minute that the rule says: no hours are known to hold it.
        "minutes": literal(-1 if s.shifted else s.time.hour * 60 + s.time.minute for s in question.starts),
    }


class Pending:
    """An answer on its way."""

    def __init__(self, cursor: Any, question: Question) -> None:
        self._cursor = cursor
        self._question = question

    async def answer(self) -> Answer:
        """Read the rows."""
        rows = await self._cursor.fetchall()
        head = orjson.loads(next(row[4] for row in rows if row[0] == 0))
        service, location = head["service"], head["location"]
        return Answer(
            service=Service(**{**service, "id": UUID(service["id"])}) if service else None,
            place=Place(location["lat"], location["lng"]) if location else None,
            dogs=frozenset(map(UUID, head["dogs"] or ())),
            customer_version=head["customer_version"] or 0,
            kept=Kept(**head["key"]) if head["key"] else None,
            around=Surroundings(self._question.zone, self._calendars(rows, head["walkers"] or ()), _own(rows)),
        )

    def _calendars(self, rows: Sequence[Any], walkers: Sequence[Any]) -> dict[UUID, WalkerCalendar]:
        blocks: dict[UUID, dict[UUID, Block]] = {}
        starts, wanted = self._question.starts, self._question.walkers
        looked_at: dict[UUID | None, set[date]] = {}
        for start, walker_id in zip(starts, wanted, strict=True):
            looked_at.setdefault(walker_id, set()).add(start.date)
        for part, n, walker_id, block_id, kind, starts_at, ends_at, lat, lng, _ in rows:
            if part == 1:
                place = None if lat is None else Place(lat, lng)
                blocks.setdefault(walker_id, {})[block_id] = Block(block_id, kind, starts_at, ends_at, place)
            elif part == 2:
                looked_at.setdefault(walker_id, set()).add(starts[n - 1].date)
        anybody = looked_at.get(None, set())
        calendars = {}
        for walker in walkers:
            walker_id = UUID(walker["id"])
            known = frozenset(looked_at.get(walker_id, set()) | anybody)
            calendars[walker_id] = _calendar(walker_id, walker, blocks.get(walker_id, {}).values(), known)
        return calendars


def _calendar(walker_id: UUID, walker: Any, blocks: Iterable[Block], known: frozenset[date]) -> WalkerCalendar:
    return WalkerCalendar(
        id=walker_id,
        name=walker["name"],
        travel_mode=TravelMode(walker["travel_mode"]),
        version=walker["calendar_version"],
        active=walker["active"],
        hours=tuple(Hours(Weekday(day), opens, closes) for day, opens, closes in walker["hours"] or ()),
        blocks=tuple(sorted(blocks, key=_start)),
        known_on=known,
    )


def _start(block: Block) -> datetime:
    return block.starts_at


def _own(rows: Sequence[Any]) -> tuple[OwnBooking, ...]:
    found = {(row[2], row[5]): OwnBooking(row[2], row[3], row[5], row[6], tuple(row[9])) for row in rows if row[0] == 3}
    return tuple(sorted(found.values(), key=lambda own: own.starts_at))
