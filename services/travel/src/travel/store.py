"""All of travel's SQL. The table is nobody's in particular, so statements stand alone, each its own transaction."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from chassis.database import Database, Tx
from travel.model import Figure, Reason, Slot, Source

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

# In the order of the key: two replicas that claim the same ways must not wait for each other.
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


class Kept(NamedTuple):
    """A figure, and until when it is good (seconds since the epoch)."""

    figure: Figure
    expires_at: float


def _wanted(provider: Source, slots: Collection[Slot]) -> dict[str, Any]:
    return {
        "provider": provider.value,
        "origins": [str(slot.origin) for slot in slots],
        "destinations": [str(slot.destination) for slot in slots],
        "hours": [slot.departure.hour for slot in slots],
        "classes": [slot.departure.weekday_class.value for slot in slots],
        "modes": [slot.mode.value for slot in slots],
        "zones": [slot.departure.time_zone for slot in slots],
    }


async def read(db: Database, provider: Source, slots: Sequence[Slot]) -> dict[Slot, Kept]:
    """Return what is known and still good, of all the slots in one statement."""
    async with db.connection() as tx:
        rows = await (await tx.execute(_READ, _wanted(provider, slots), prepare=True)).fetchall()
    return {slots[row[0] - 1]: Kept(_figure(*row[1:5]), row[5]) for row in rows}


def _figure(duration_s: int, distance_m: int, source: str, reason: str | None) -> Figure:
    return Figure(duration_s, distance_m, Source(source), Reason(reason) if reason else None)


async def claim(db: Database, provider: Source, slots: Collection[Slot], claim_s: float) -> set[Slot]:
    """Claim the slots that nobody knows and nobody else is asking for. A claim that is not kept ends by itself."""
    async with db.connection() as tx:
        rows = await (await tx.execute(_CLAIM, {**_wanted(provider, slots), "claim_s": claim_s})).fetchall()
    won = {tuple(row) for row in rows}
    return {slot for slot in slots if _key(slot) in won}


def _key(slot: Slot) -> tuple[Any, ...]:
    weekday_class, hour, zone = slot.departure
    return (str(slot.origin), str(slot.destination), hour, weekday_class.value, slot.mode.value, zone)


async def write(db: Database, provider: Source, figures: Mapping[Slot, tuple[Figure, float]]) -> None:
    """Keep figures, each for so many seconds, and end their claims."""
    found = list(figures.values())
    values = {
        **_wanted(provider, figures),
        "durations": [figure.duration_s for figure, _ in found],
        "distances": [figure.distance_m for figure, _ in found],
        "sources": [figure.source.value for figure, _ in found],
        "reasons": [figure.reason.value if figure.reason else None for figure, _ in found],
        "keep_s": [float(keep_s) for _, keep_s in found],
    }
    async with db.connection() as tx:
        await tx.execute(_WRITE, values)


async def release(db: Database, provider: Source, slots: Collection[Slot]) -> None:
    """End claims of slots that were not found out."""
    async with db.connection() as tx:
        await tx.execute(_RELEASE, _wanted(provider, slots))


async def sweep(tx: Tx, at_most: int) -> int:
    """Remove what is no longer good. Returns how many."""
    return int((await tx.execute(_SWEEP, (at_most,))).rowcount)
