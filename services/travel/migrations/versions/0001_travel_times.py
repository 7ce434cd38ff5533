"""Travel times that were found out, for all replicas and over restarts."""

from alembic import op

revision = "0001"
down_revision = None

# No tenant's table: how long a road takes is nobody's secret, and every business may use what another asked for. Places have five
# decimals (a metre), and nothing says whose they are. While `claimed_until` lies ahead one replica is asking the provider; a row
# that was never answered has no duration.
TRAVEL_TIMES = """
CREATE TABLE travel_times (
    provider text NOT NULL,
    mode text NOT NULL CHECK (mode IN ('driving', 'walking', 'bicycling', 'transit')),
    origin text NOT NULL,
    destination text NOT NULL,
    weekday_class text NOT NULL CHECK (weekday_class IN ('weekday', 'saturday', 'sunday')),
    hour smallint NOT NULL CHECK (hour BETWEEN 0 AND 23),
    time_zone text NOT NULL,
    duration_seconds int CHECK (duration_seconds >= 0),
    distance_meters int CHECK (distance_meters >= 0),
    source text,
    reason text,
    fetched_at timestamptz,
    expires_at timestamptz NOT NULL DEFAULT '-infinity',
    claimed_until timestamptz NOT NULL DEFAULT '-infinity',
    PRIMARY KEY (origin, destination, hour, weekday_class, mode, provider, time_zone)
);
CREATE INDEX travel_times_by_expiry ON travel_times (expires_at);
"""


def upgrade() -> None:
    """Make the table."""
    op.execute(TRAVEL_TIMES)
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON travel_times TO travel")
