"""Travel's schema as it is now, for Alembic and for readers. A test compares it with what the migrations make."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, MetaData, SmallInteger, Table, Text

from chassis.tables import TIMESTAMP

metadata = MetaData()

# No tenant's table: how long a road takes is nobody's secret, and every business may use what another asked for.
travel_times = Table(
    "travel_times",
    metadata,
    Column("origin", Text, primary_key=True),
    Column("destination", Text, primary_key=True),
    Column("hour", SmallInteger, primary_key=True),
    Column("weekday_class", Text, primary_key=True),
    Column("mode", Text, primary_key=True),
    Column("provider", Text, primary_key=True),
    Column("time_zone", Text, primary_key=True),
    Column("duration_seconds", Integer),
    Column("distance_meters", Integer),
    Column("source", Text),
    Column("reason", Text),
    Column("fetched_at", TIMESTAMP),
    Column("expires_at", TIMESTAMP, nullable=False, server_default="-infinity"),
    Column("claimed_until", TIMESTAMP, nullable=False, server_default="-infinity"),
    CheckConstraint("mode IN ('driving', 'walking', 'bicycling', 'transit')"),
    CheckConstraint("weekday_class IN ('weekday', 'saturday', 'sunday')"),
    CheckConstraint("hour BETWEEN 0 AND 23"),
    CheckConstraint("duration_seconds >= 0"),
    CheckConstraint("distance_meters >= 0"),
    Index("travel_times_by_expiry", "expires_at"),
)
