"""The first schema: catalogue, walkers, calendars, bookings, series, idempotency keys, outbox."""

from alembic import op

from chassis.migrations import protect

revision = "0001"
down_revision = None

TENANT_TABLES = (
    "services",
    "walkers",
    "working_hours",
    "customers",
    "locations",
    "dogs",
    "calendar_blocks",
    "recurring_booking_series",
    "series_skips",
    "bookings",
    "idempotency_keys",
    "outbox",
)

CATALOGUE = """
CREATE TABLE services (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('walk', 'group_walk', 'meet_and_greet')),
    name text NOT NULL,
    description text NOT NULL DEFAULT '',
    duration_minutes int NOT NULL CHECK (duration_minutes BETWEEN 5 AND 1440),
    price_cents int NOT NULL CHECK (price_cents >= 0),
    currency text NOT NULL,
    max_dogs int CHECK (max_dogs BETWEEN 1 AND 50),
    group_discount_percent int CHECK (group_discount_percent BETWEEN 0 AND 100),
    active boolean NOT NULL DEFAULT true,
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX services_by_name ON services (organization_id, name, id);

CREATE TABLE walkers (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    travel_mode text NOT NULL DEFAULT 'driving' CHECK (travel_mode IN ('driving', 'walking', 'bicycling', 'transit')),
    calendar_version bigint NOT NULL DEFAULT 0,
    active boolean NOT NULL DEFAULT true,
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX walkers_by_name ON walkers (organization_id, name, id);

-- Minutes after local midnight: 1440 is the end of the day, which a time of day cannot say.
CREATE TABLE working_hours (
    organization_id uuid NOT NULL,
    walker_id uuid NOT NULL,
    weekday text NOT NULL CHECK (weekday IN ('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU')),
    opens smallint NOT NULL CHECK (opens >= 0),
    closes smallint NOT NULL CHECK (closes <= 1440),
    CHECK (opens < closes),
    PRIMARY KEY (organization_id, walker_id, weekday, opens),
    FOREIGN KEY (organization_id, walker_id) REFERENCES walkers (organization_id, id)
);
"""

PEOPLE = """
CREATE TABLE customers (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL DEFAULT '',
    calendar_version bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, id)
);

CREATE TABLE locations (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    customer_id uuid NOT NULL,
    label text NOT NULL,
    address text NOT NULL,
    lat double precision NOT NULL CHECK (lat BETWEEN -90 AND 90),
    lng double precision NOT NULL CHECK (lng BETWEEN -180 AND 180),
    deleted_at timestamptz,
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX locations_of_customer ON locations (organization_id, customer_id, id) WHERE deleted_at IS NULL;

CREATE TABLE dogs (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    customer_id uuid NOT NULL,
    name text NOT NULL,
    breed text,
    notes text,
    group_preference text NOT NULL DEFAULT 'ask' CHECK (group_preference IN ('ask', 'opted_in', 'opted_out')),
    group_eligible boolean NOT NULL DEFAULT true,
    group_ineligible_reason text,
    deleted_at timestamptz,
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX dogs_of_customer ON dogs (organization_id, customer_id, id) WHERE deleted_at IS NULL;
"""

CALENDAR = """
-- part_of: time off longer than a day is several blocks, all part of the first one. The day's bound lets a search for what
-- overlaps an instant look back no further than a day.
CREATE TABLE calendar_blocks (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    walker_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('visit', 'group_walk', 'meet_and_greet', 'time_off')),
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    lat double precision,
    lng double precision,
    note text,
    part_of uuid,
    released_at timestamptz,
    CHECK (ends_at > starts_at AND ends_at - starts_at <= interval '24 hours'),
    PRIMARY KEY (organization_id, id),
    CONSTRAINT calendar_blocks_start UNIQUE (organization_id, id, starts_at),
    FOREIGN KEY (organization_id, walker_id) REFERENCES walkers (organization_id, id),
    CONSTRAINT calendar_blocks_never_overlap EXCLUDE USING gist (
        organization_id WITH =, walker_id WITH =, tstzrange(starts_at, ends_at) WITH &&
    ) WHERE (released_at IS NULL)
);
CREATE INDEX calendar_blocks_of_walker ON calendar_blocks (organization_id, walker_id, starts_at) WHERE released_at IS NULL;

CREATE TABLE recurring_booking_series (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    customer_id uuid NOT NULL,
    service_id uuid NOT NULL,
    walker_id uuid NOT NULL,
    location_id uuid NOT NULL,
    dog_ids uuid[] NOT NULL,
    starts_on date NOT NULL,
    start_time time NOT NULL,
    weekdays text[] NOT NULL,
    interval_weeks int NOT NULL,
    count int,
    until date,
    time_zone text NOT NULL,
    status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'cancelled')),
    ends_at timestamptz NOT NULL,
    idempotency_key uuid,
    idempotency_expires_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((count IS NULL) <> (until IS NULL)),
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, service_id) REFERENCES services (organization_id, id)
);
CREATE INDEX series_of_customer ON recurring_booking_series (organization_id, customer_id, id);
CREATE INDEX series_that_go_on ON recurring_booking_series (ends_at) WHERE status = 'active';

CREATE TABLE bookings (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    series_id uuid,
    block_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    service_id uuid NOT NULL,
    location_id uuid NOT NULL,
    dog_ids uuid[] NOT NULL CHECK (cardinality(dog_ids) > 0),
    occurrence_date date NOT NULL,
    scheduled_start timestamptz NOT NULL,
    scheduled_end timestamptz NOT NULL,
    status text NOT NULL DEFAULT 'scheduled' CHECK (status IN ('scheduled', 'cancelled')),
    price_cents int NOT NULL,
    cancelled_at timestamptz,
    cancel_reason text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK (scheduled_end > scheduled_start),
    CHECK ((status = 'cancelled') = (cancelled_at IS NOT NULL)),
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, series_id) REFERENCES recurring_booking_series (organization_id, id),
    -- A booking starts when its block starts, and moves with it.
    FOREIGN KEY (organization_id, block_id, scheduled_start)
        REFERENCES calendar_blocks (organization_id, id, starts_at) ON UPDATE CASCADE
);
CREATE INDEX bookings_of_series ON bookings (organization_id, series_id, scheduled_start) WHERE series_id IS NOT NULL;
CREATE INDEX bookings_of_block ON bookings (organization_id, block_id);
CREATE INDEX bookings_of_customer ON bookings (organization_id, customer_id, scheduled_start, id);
CREATE INDEX bookings_by_start ON bookings (organization_id, scheduled_start, id);

CREATE TABLE series_skips (
    organization_id uuid NOT NULL,
    series_id uuid NOT NULL,
    date date NOT NULL,
    occurrence jsonb NOT NULL,
    booked_as uuid,
    PRIMARY KEY (organization_id, series_id, date),
    FOREIGN KEY (organization_id, series_id) REFERENCES recurring_booking_series (organization_id, id)
);
"""

ONCE = """
-- The response is kept as text: jsonb would reorder its members, and a replay is the same byte for byte.
CREATE TABLE idempotency_keys (
    organization_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    key uuid NOT NULL,
    fingerprint text NOT NULL,
    status int,
    response text,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, customer_id, key)
);
CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);

CREATE TABLE outbox (
    organization_id uuid NOT NULL,
    position bigint GENERATED ALWAYS AS IDENTITY,
    id uuid NOT NULL,
    topic text NOT NULL,
    key text NOT NULL,
    event text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    published_at timestamptz,
    PRIMARY KEY (organization_id, position)
);
CREATE INDEX outbox_waiting ON outbox (position) WHERE published_at IS NULL;

-- What the service must know of all organizations at once, which row-level security hides from its role: a number, and
-- the removal of what nobody may see any more.
CREATE FUNCTION active_series_count() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT count(*) FROM recurring_booking_series WHERE status = 'active' AND ends_at > now() $$;

CREATE FUNCTION sweep_idempotency_keys(at_most int) RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public AS
$$ WITH expired AS (
       SELECT organization_id, customer_id, key FROM idempotency_keys
       WHERE expires_at <= now() ORDER BY expires_at LIMIT at_most FOR UPDATE SKIP LOCKED
   ), gone AS (
       DELETE FROM idempotency_keys k USING expired e
       WHERE (k.organization_id, k.customer_id, k.key) = (e.organization_id, e.customer_id, e.key) RETURNING 1
   ) SELECT count(*) FROM gone $$;
"""


def upgrade() -> None:
    """Make everything; nobody but booking's role may use it."""
    for statements in (CATALOGUE, PEOPLE, CALENDAR, ONCE):
        op.execute(statements)
    for table in TENANT_TABLES:
        protect(op, table, "booking")
    op.execute("REVOKE EXECUTE ON FUNCTION active_series_count(), sweep_idempotency_keys(int) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION active_series_count(), sweep_idempotency_keys(int) TO booking")
