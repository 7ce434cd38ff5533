"""Floors: the same work by bare psycopg, with nothing around it. Nobody can be faster than these on the same machine."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import psycopg

_PROBE = """
SELECT w.n, b.id, b.kind, b.starts_at, b.ends_at, b.lat, b.lng
FROM unnest(%(starts)s::timestamptz[]) WITH ORDINALITY AS w (at, n) CROSS JOIN LATERAL (
    SELECT id, kind, starts_at, ends_at, lat, lng FROM calendar_blocks b
    WHERE b.organization_id = %(org)s::uuid AND b.walker_id = %(walker)s::uuid AND b.released_at IS NULL
      AND b.starts_at > w.at - interval '26 hours' AND b.starts_at < w.at + interval '3 hours' AND b.ends_at > w.at - interval '2 hours'
    OFFSET 0
) b
"""

_YEAR = """
SELECT id, kind, starts_at, ends_at, lat, lng FROM calendar_blocks
WHERE organization_id = %(org)s::uuid AND walker_id = %(walker)s::uuid AND released_at IS NULL
  AND starts_at > %(from)s AND starts_at < %(to)s
ORDER BY starts_at
"""

_ONE = """
SELECT id, kind, starts_at, ends_at, lat, lng FROM calendar_blocks
WHERE organization_id = %(org)s::uuid AND walker_id = %(walker)s::uuid AND released_at IS NULL
  AND starts_at > %(at)s - interval '26 hours' AND starts_at < %(at)s + interval '3 hours' AND ends_at > %(at)s - interval '2 hours'
"""

_BLOCKS = """
INSERT INTO calendar_blocks (organization_id, id, walker_id, kind, starts_at, ends_at, lat, lng)
SELECT %(org)s::uuid, id, %(walker)s::uuid, 'visit', at, at + interval '1 hour', 51.5, -0.1
FROM unnest(%(blocks)s::uuid[], %(starts)s::timestamptz[]) AS v (id, at)
"""

_BOOKINGS = """
INSERT INTO bookings (organization_id, id, series_id, block_id, customer_id, service_id, location_id, dog_ids, occurrence_date,
    scheduled_start, scheduled_end, price_cents)
SELECT %(org)s::uuid, id, %(series)s::uuid, block_id, %(customer)s::uuid, %(service)s::uuid, %(location)s::uuid, %(dogs)s::uuid[],
    at::date, at, at + interval '1 hour', 2000
FROM unnest(%(ids)s::uuid[], %(blocks)s::uuid[], %(starts)s::timestamptz[]) AS v (id, block_id, at)
"""

_SERIES = """
INSERT INTO recurring_booking_series (organization_id, id, customer_id, service_id, walker_id, location_id, dog_ids, starts_on,
    start_time, weekdays, interval_weeks, count, time_zone, ends_at)
VALUES (%(org)s, %(series)s, %(customer)s, %(service)s, %(walker)s, %(location)s, %(dogs)s::uuid[], current_date, '09:00', '{MO}',
    1, 52, 'Europe/London', now() + interval '1 year')
"""

_OUTBOX = """
INSERT INTO outbox (organization_id, id, topic, key, event) VALUES (%(org)s, %(event_id)s, 'packwalk.booking.v1', %(series)s, %(event)s)
"""

_KEY = """
INSERT INTO idempotency_keys (organization_id, customer_id, key, fingerprint, status, response, expires_at)
VALUES (%(org)s, %(customer)s, %(series)s, 'floor', 201, %(response)s, now() + interval '1 day')
"""

_MOVE = "UPDATE walkers SET calendar_version = calendar_version + 1 WHERE organization_id = %(org)s AND id = %(walker)s"


# As the service has it: see `chassis.database`.
SETTINGS = "-c plan_cache_mode=force_generic_plan -c jit=off -c timezone=UTC"


class Bare:
    """One plain connection, its statements prepared."""

    def __init__(self, url: str, organization_id: UUID, walker_id: UUID) -> None:
        self.connection = psycopg.connect(url, autocommit=True, prepare_threshold=0, options=SETTINGS)
        self._who = {"org": organization_id, "walker": walker_id}

    def probe(self, starts: Sequence[datetime]) -> int:
        """Read what lies near each start, in one statement. Returns how many rows came."""
        return len(self.connection.execute(_PROBE, {**self._who, "starts": _literal(starts)}).fetchall())

    def year(self, starts: Sequence[datetime]) -> int:
        """Read the whole range, in one statement."""
        span = {"from": starts[0] - timedelta(hours=26), "to": starts[-1] + timedelta(hours=3)}
        return len(self.connection.execute(_YEAR, {**self._who, **span}).fetchall())

    def one_by_one(self, starts: Sequence[datetime], delay: "Delay | None" = None) -> int:
        """Read what lies near each start, a statement each: the N-query way. delay: of the network, for each trip."""
        found = 0
        for at in starts:
            if delay:
                delay.trip()
            found += len(self.connection.execute(_ONE, {**self._who, "at": at}).fetchall())
        return found

    def write(self, starts: Sequence[datetime], customer: dict[str, object], event: str, response: str) -> None:
        """Write a series with all its rows, in one transaction and two round trips, as the service does."""
        rows = {
            **self._who,
            **customer,
            "series": uuid4(),
            "event_id": uuid4(),
            "event": event,
            "response": response,
            "ids": _literal(uuid4() for _ in starts),
            "blocks": _literal(uuid4() for _ in starts),
            "starts": _literal(starts),
        }
        with self.connection.pipeline(), self.connection.transaction():
            for statement in (_MOVE, _SERIES, _BLOCKS, _BOOKINGS, _OUTBOX, _KEY):
                self.connection.execute(statement, rows)

    def close(self) -> None:
        """Hang up."""
        self.connection.close()


class Delay:
    """A network's round trip, waited for by the clock: `time.sleep` alone would add its own slack."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def trip(self) -> None:
        """Wait for one round trip."""
        ends_at = time.perf_counter() + self._seconds
        while time.perf_counter() < ends_at:
            pass


def _literal(values: object) -> str:
    return "{" + ",".join(v.isoformat() if isinstance(v, datetime) else str(v) for v in values) + "}"  # type: ignore[attr-defined]
