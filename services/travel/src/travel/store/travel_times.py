"""SQL of travel times. The table belongs to no business, so statements stand alone, each its own transaction."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from chassis.database import Database, Tx
from travel.rules.model import FallbackReason, Source, TrafficSlot, TripTime

_KEY = "origin, destination, hour, weekday_class, mode, provider, time_zone"
_ORDER = _KEY.replace("provider, ", "")  # one statement is about one provider
_WANTED = """
unnest(%(origins)s::text[], %(destinations)s::text[], %(hours)s::smallint[], %(classes)s::text[], %(modes)s::text[], %(zones)s::text[])
WITH ORDINALITY AS w (origin, destination, hour, weekday_class, mode, time_zone, n)
"""
_SAME = """
t.origin = w.origin AND t.destination = w.destination AND t.hour = w.hour AND t.weekday_class = w.weekday_class AND t.mode = w.mode
AND t.provider = %(provider)s AND t.time_zone = w.time_zone
"""

_READ = f"""
SELECT w.n, t.duration_seconds, t.distance_meters, t.source, t.reason, extract(epoch FROM t.expires_at)::float8
FROM {_WANTED} CROSS JOIN LATERAL (
    SELECT * FROM travel_times t WHERE {_SAME} AND t.expires_at > now() AND t.duration_seconds IS NOT NULL OFFSET 0
) t
"""  # noqa: S608 - only our own text is put together

# In the order of the key: two replicas that claim the same slots must not wait for each other.
_CLAIM = f"""
INSERT INTO travel_times AS t ({_KEY}, claimed_until)
SELECT origin, destination, hour, weekday_class, mode, %(provider)s, time_zone, now() + make_interval(secs => %(claim_s)s::float8)
FROM {_WANTED} ORDER BY {_ORDER}
ON CONFLICT ({_KEY}) DO UPDATE SET claimed_until = excluded.claimed_until
WHERE t.expires_at <= now() AND t.claimed_until <= now()
RETURNING origin, destination, hour, weekday_class, mode, time_zone
"""  # noqa: S608

_WRITE = f"""
INSERT INTO travel_times AS t ({_KEY}, duration_seconds, distance_meters, source, reason, fetched_at, expires_at)
SELECT origin, destination, hour, weekday_class, mode, %(provider)s, time_zone, f.duration, f.distance, f.source, f.reason, now(),
       now() + make_interval(secs => f.keep_s)
FROM {_WANTED}
JOIN unnest(%(durations)s::int[], %(distances)s::int[], %(sources)s::text[], %(reasons)s::text[], %(keep_s)s::float8[])
     WITH ORDINALITY AS f (duration, distance, source, reason, keep_s, n) USING (n)
ORDER BY {_ORDER}
ON CONFLICT ({_KEY}) DO UPDATE SET duration_seconds = excluded.duration_seconds, distance_meters = excluded.distance_meters,
    source = excluded.source, reason = excluded.reason, fetched_at = excluded.fetched_at, expires_at = excluded.expires_at,
    claimed_until = '-infinity'
"""  # noqa: S608

_RELEASE = f"""
UPDATE travel_times t SET claimed_until = '-infinity' FROM (
    SELECT t.* FROM {_WANTED} JOIN travel_times t ON {_SAME} ORDER BY {", ".join(f"t.{c}" for c in _KEY.split(", "))} FOR UPDATE OF t
) w WHERE {_SAME}
"""  # noqa: S608

_SWEEP = f"""
WITH old AS (
    SELECT {_KEY} FROM travel_times WHERE expires_at < now() AND claimed_until < now() ORDER BY expires_at
    LIMIT %s FOR UPDATE SKIP LOCKED
) DELETE FROM travel_times WHERE ({_KEY}) IN (SELECT {_KEY} FROM old)
"""  # noqa: S608


class CacheEntry(NamedTuple):
    """A travel time, and until when it is good (seconds since the epoch)."""

    trip_time: TripTime
    expires_at: float


def _parameters(provider: Source, slots: Collection[TrafficSlot]) -> dict[str, Any]:
    return {
        "provider": provider.value,
        "origins": [str(slot.origin) for slot in slots],
        "destinations": [str(slot.destination) for slot in slots],
        "hours": [slot.bucket.hour for slot in slots],
        "classes": [slot.bucket.weekday_class.value for slot in slots],
        "modes": [slot.mode.value for slot in slots],
        "zones": [slot.bucket.time_zone for slot in slots],
    }


async def read(db: Database, provider: Source, slots: Sequence[TrafficSlot]) -> dict[TrafficSlot, CacheEntry]:
    """Return the entries of the slots that have not expired, in one statement."""
    async with db.connection() as tx:
        rows = await (await tx.execute(_READ, _parameters(provider, slots), prepare=True)).fetchall()
    return {slots[row[0] - 1]: CacheEntry(_trip_time(*row[1:5]), row[5]) for row in rows}


def _trip_time(duration_s: int, distance_m: int, source: str, reason: str | None) -> TripTime:
    return TripTime(duration_s, distance_m, Source(source), FallbackReason(reason) if reason else None)


async def claim(db: Database, provider: Source, slots: Collection[TrafficSlot], claim_s: float) -> set[TrafficSlot]:
    """Claim the slots that are not known and that no other replica fetches. A claim that is not kept ends by itself."""
    async with db.connection() as tx:
        rows = await (await tx.execute(_CLAIM, {**_parameters(provider, slots), "claim_s": claim_s})).fetchall()
    won = {tuple(row) for row in rows}
    return {slot for slot in slots if _key(slot) in won}


def _key(slot: TrafficSlot) -> tuple[Any, ...]:
    weekday_class, hour, zone = slot.bucket
    return (str(slot.origin), str(slot.destination), hour, weekday_class.value, slot.mode.value, zone)


async def write(db: Database, provider: Source, trip_times: Mapping[TrafficSlot, tuple[TripTime, float]]) -> None:
    """Keep travel times, each for so many seconds, and end their claims."""
    found = list(trip_times.values())
    values = {
        **_parameters(provider, trip_times),
        "durations": [trip_time.duration_s for trip_time, _ in found],
        "distances": [trip_time.distance_m for trip_time, _ in found],
        "sources": [trip_time.source.value for trip_time, _ in found],
        "reasons": [trip_time.reason.value if trip_time.reason else None for trip_time, _ in found],
        "keep_s": [float(keep_s) for _, keep_s in found],
    }
    async with db.connection() as tx:
        await tx.execute(_WRITE, values)


async def release(db: Database, provider: Source, slots: Collection[TrafficSlot]) -> None:
    """End the claims of slots whose travel times are not kept."""
    async with db.connection() as tx:
        await tx.execute(_RELEASE, _parameters(provider, slots))


async def sweep(tx: Tx, at_most: int) -> int:
    """Remove expired travel times. Returns how many."""
    return int((await tx.execute(_SWEEP, (at_most,))).rowcount)
