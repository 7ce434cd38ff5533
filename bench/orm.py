"""The same work by SQLAlchemy's ORM, the way that most would write it: what our own statements have to be better than."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import MetaData, Table, create_engine, select
from sqlalchemy.orm import Session, registry


class Block:
    """A row of calendar_blocks."""


class Booking:
    """A row of bookings."""


class Series:
    """A row of recurring_booking_series."""


class Event:
    """A row of outbox."""


class Orm:
    """Mapped classes over the service's own tables."""

    def __init__(self, url: str, organization_id: UUID, walker_id: UUID) -> None:
        self._engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
        self._org, self._walker = organization_id, walker_id
        self._mapped, tables = registry(), MetaData()
        for kind, name in _TABLES.items():
            self._mapped.map_imperatively(kind, Table(name, tables, autoload_with=self._engine))

    def one_by_one(self, starts: Sequence[datetime]) -> int:
        """Read what lies near each start, a query each."""
        found = 0
        with Session(self._engine) as session:
            for at in starts:
                found += len(session.scalars(self._near(at)).all())
        return found

    def _near(self, at: datetime) -> Any:
        block: Any = Block
        return select(block).where(
            block.organization_id == self._org,
            block.walker_id == self._walker,
            block.released_at.is_(None),
            block.starts_at > at - timedelta(hours=26),
            block.starts_at < at + timedelta(hours=3),
            block.ends_at > at - timedelta(hours=2),
        )

    def write(self, starts: Sequence[datetime], customer: dict[str, Any], event: str) -> None:
        """Write a series with its blocks, bookings and event by `add_all`."""
        assert all(a < b for a, b in pairwise(starts))
        org, series_id = self._org, uuid4()
        dogs = [UUID(dog) for dog in str(customer["dogs"]).strip("{}").split(",")]
        whose = {"customer_id": customer["customer"], "service_id": customer["service"], "dog_ids": dogs}
        whose |= {"organization_id": org, "location_id": customer["location"]}
        series = _row(Series, whose, id=series_id, walker_id=self._walker, **_rule(starts))
        told = _row(Event, {"organization_id": org}, id=uuid4(), topic="bench", key=str(series_id), event=event)
        blocks, bookings = [], []
        for at in starts:
            block_id, until = uuid4(), at + timedelta(hours=1)
            block = {"walker_id": self._walker, "kind": "visit", "starts_at": at, "ends_at": until}
            blocks.append(_row(Block, {"organization_id": org}, id=block_id, lat=51.5, lng=-0.1, **block))
            times = {"occurrence_date": at.date(), "scheduled_start": at, "scheduled_end": until}
            ids = {"id": uuid4(), "series_id": series_id, "block_id": block_id}
            bookings.append(_row(Booking, whose, price_cents=2000, **ids, **times))
        with Session(self._engine) as session:
            # Without relationships the session does not know which rows must be there first.
            for rows in ([series, told], blocks, bookings):
                session.add_all(rows)
                session.flush()
            session.commit()

    def close(self) -> None:
        """Hang up, and leave the classes as they were."""
        self._mapped.dispose()
        self._engine.dispose()


_TABLES = {Series: "recurring_booking_series", Block: "calendar_blocks", Booking: "bookings", Event: "outbox"}


def _rule(starts: Sequence[datetime]) -> dict[str, Any]:
    when = {"starts_on": starts[0].date(), "start_time": starts[0].time(), "ends_at": starts[-1] + timedelta(hours=1)}
    return {**when, "weekdays": ["MO"], "interval_weeks": 1, "count": len(starts), "time_zone": "Europe/London"}


def _row(of: type, common: dict[str, Any], **values: Any) -> Any:
    made = of()
    for name, value in {**common, **values}.items():
        setattr(made, name, value)
    return made
