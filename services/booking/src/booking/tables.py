"""Booking's schema as it is now, for Alembic and for readers. A test compares it with what the migrations make.

Every table is under row-level security, and its keys begin with the organization.
"""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Time,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint

from chassis.tables import TIMESTAMP, add_idempotency_keys, add_outbox

metadata = MetaData()

# version: moves with every change of services and settings. time_zone, currency: NULL until the gateway told of a change.
organizations = Table(
    "organizations",
    metadata,
    Column("organization_id", Uuid, primary_key=True),
    Column("version", BigInteger, nullable=False, server_default="0"),
    Column("time_zone", Text),
    Column("currency", Text),
    CheckConstraint("(time_zone IS NULL) = (currency IS NULL)"),
)

services = Table(
    "services",
    metadata,
    Column("organization_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, CheckConstraint("kind IN ('walk', 'group_walk', 'meet_and_greet')"), nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False, server_default=""),
    Column("duration_minutes", Integer, CheckConstraint("duration_minutes BETWEEN 5 AND 1440"), nullable=False),
    Column("price_cents", Integer, CheckConstraint("price_cents >= 0"), nullable=False),
    Column("currency", Text, nullable=False),
    Column("max_dogs", Integer, CheckConstraint("max_dogs BETWEEN 1 AND 50")),
    Column("group_discount_percent", Integer, CheckConstraint("group_discount_percent BETWEEN 0 AND 100")),
    Column("active", Boolean, nullable=False, server_default="true"),
    Index("services_by_name", "organization_id", "name", "id"),
)

# calendar_version, here and of customers: moves with every change of what a plan reads of the calendar.
walkers = Table(
    "walkers",
    metadata,
    Column("organization_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("travel_mode", Text, nullable=False, server_default="driving"),
    Column("calendar_version", BigInteger, nullable=False, server_default="0"),
    Column("active", Boolean, nullable=False, server_default="true"),
    CheckConstraint("travel_mode IN ('driving', 'walking', 'bicycling', 'transit')"),
    Index("walkers_by_name", "organization_id", "name", "id"),
)

# Minutes after local midnight: 1440 is the end of the day, which a time of day cannot say.
working_hours = Table(
    "working_hours",
    metadata,
    Column("organization_id", Uuid, primary_key=True),
    Column("walker_id", Uuid, primary_key=True),
    Column("weekday", Text, primary_key=True),
    Column("opens", SmallInteger, CheckConstraint("opens >= 0"), primary_key=True),
    Column("closes", SmallInteger, CheckConstraint("closes <= 1440"), nullable=False),
    CheckConstraint("weekday IN ('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU')"),
    CheckConstraint("opens < closes"),
    ForeignKeyConstraint(["organization_id", "walker_id"], ["walkers.organization_id", "walkers.id"]),
)

customers = Table(
    "customers",
    metadata,
    Column("organization_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False, server_default=""),
    Column("calendar_version", BigInteger, nullable=False, server_default="0"),
    Column("active", Boolean, nullable=False, server_default="true"),
)

locations = Table(
    "locations",
    metadata,
    Column("organization_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("customer_id", Uuid, nullable=False),
    Column("label", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("lat", Double, CheckConstraint("lat BETWEEN -90 AND 90"), nullable=False),
    Column("lng", Double, CheckConstraint("lng BETWEEN -180 AND 180"), nullable=False),
    Column("deleted_at", TIMESTAMP),
    Index("locations_of_customer", "organization_id", "customer_id", "id", postgresql_where=text("deleted_at IS NULL")),
)

dogs = Table(
    "dogs",
    metadata,
    Column("organization_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("customer_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("breed", Text),
    Column("notes", Text),
    Column("group_preference", Text, nullable=False, server_default="ask"),
    Column("group_eligible", Boolean, nullable=False, server_default="true"),
    Column("group_ineligible_reason", Text),
    Column("deleted_at", TIMESTAMP),
    CheckConstraint("group_preference IN ('ask', 'opted_in', 'opted_out')"),
    Index("dogs_of_customer", "organization_id", "customer_id", "id", postgresql_where=text("deleted_at IS NULL")),
)

# part_of: time off longer than a day is several blocks, all part of the first one.
calendar_blocks = Table(
    "calendar_blocks",
    metadata,
    Column("organization_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("walker_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("starts_at", TIMESTAMP, nullable=False),
    Column("ends_at", TIMESTAMP, nullable=False),
    Column("lat", Double),
    Column("lng", Double),
    Column("note", Text),
    Column("part_of", Uuid),
    Column("released_at", TIMESTAMP),
    CheckConstraint("kind IN ('visit', 'group_walk', 'meet_and_greet', 'time_off')"),
    CheckConstraint("ends_at > starts_at AND ends_at - starts_at <= interval '24 hours'"),
    UniqueConstraint("organization_id", "id", "starts_at", name="calendar_blocks_start"),
    ForeignKeyConstraint(["organization_id", "walker_id"], ["walkers.organization_id", "walkers.id"]),
    ExcludeConstraint(
        ("organization_id", "="),
        ("walker_id", "="),
        (text("tstzrange(starts_at, ends_at)"), "&&"),
        where=text("released_at IS NULL"),
        using="gist",
        name="calendar_blocks_never_overlap",
    ),
    Index(
        "calendar_blocks_of_walker",
        "organization_id",
        "walker_id",
        "starts_at",
        postgresql_where=text("released_at IS NULL"),
    ),
)

recurring_booking_series = Table(
    "recurring_booking_series",
    metadata,
    Column("organization_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("customer_id", Uuid, nullable=False),
    Column("service_id", Uuid, nullable=False),
    Column("walker_id", Uuid, nullable=False),
    Column("location_id", Uuid, nullable=False),
    Column("dog_ids", ARRAY(Uuid), nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("start_time", Time, nullable=False),
    Column("weekdays", ARRAY(Text), nullable=False),
    Column("interval_weeks", Integer, nullable=False),
    Column("count", Integer),
    Column("until", Date),
    Column("time_zone", Text, nullable=False),
    Column("status", Text, nullable=False, server_default="active"),
    Column("ends_at", TIMESTAMP, nullable=False),
    Column("idempotency_key", Uuid),
    Column("idempotency_expires_at", TIMESTAMP),
    Column("created_at", TIMESTAMP, nullable=False, server_default=func.now()),
    CheckConstraint("status IN ('active', 'cancelled')"),
    CheckConstraint("(count IS NULL) <> (until IS NULL)"),
    ForeignKeyConstraint(["organization_id", "service_id"], ["services.organization_id", "services.id"]),
    Index("series_of_customer", "organization_id", "customer_id", "id"),
    Index("series_that_go_on", "ends_at", postgresql_where=text("status = 'active'")),
)

# occurrence_date: the local day on which it takes place. rule_date: of a moved booking, the date of the rule that it stands for.
bookings = Table(
    "bookings",
    metadata,
    Column("organization_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("series_id", Uuid),
    Column("block_id", Uuid, nullable=False),
    Column("customer_id", Uuid, nullable=False),
    Column("service_id", Uuid, nullable=False),
    Column("location_id", Uuid, nullable=False),
    Column("dog_ids", ARRAY(Uuid), CheckConstraint("cardinality(dog_ids) > 0"), nullable=False),
    Column("occurrence_date", Date, nullable=False),
    Column("scheduled_start", TIMESTAMP, nullable=False),
    Column("scheduled_end", TIMESTAMP, nullable=False),
    Column("status", Text, nullable=False, server_default="scheduled"),
    Column("price_cents", Integer, nullable=False),
    Column("cancelled_at", TIMESTAMP),
    Column("cancel_reason", Text),
    Column("created_at", TIMESTAMP, nullable=False, server_default=func.now()),
    Column("cancelled_by", Uuid),
    Column("late", Boolean, nullable=False, server_default="false"),
    Column("rule_date", Date),
    CheckConstraint("status IN ('scheduled', 'cancelled')"),
    CheckConstraint("scheduled_end > scheduled_start"),
    CheckConstraint("(status = 'cancelled') = (cancelled_at IS NOT NULL)"),
    CheckConstraint("status = 'cancelled' OR NOT late", name="bookings_are_late_when_cancelled"),
    ForeignKeyConstraint(
        ["organization_id", "series_id"], ["recurring_booking_series.organization_id", "recurring_booking_series.id"]
    ),
    # A booking starts when its block starts, and moves with it.
    ForeignKeyConstraint(
        ["organization_id", "block_id", "scheduled_start"],
        ["calendar_blocks.organization_id", "calendar_blocks.id", "calendar_blocks.starts_at"],
        onupdate="CASCADE",
    ),
    Index(
        "bookings_of_series",
        "organization_id",
        "series_id",
        "scheduled_start",
        postgresql_where=text("series_id IS NOT NULL"),
    ),
    Index("bookings_of_block", "organization_id", "block_id"),
    Index("bookings_of_customer", "organization_id", "customer_id", "scheduled_start", "id"),
    Index("bookings_by_start", "organization_id", "scheduled_start", "id"),
    # One booking per customer, service and start.
    Index(
        "bookings_are_unique",
        "organization_id",
        "customer_id",
        "service_id",
        "scheduled_start",
        unique=True,
        postgresql_where=text("status <> 'cancelled'"),
    ),
)

series_skips = Table(
    "series_skips",
    metadata,
    Column("organization_id", Uuid, primary_key=True),
    Column("series_id", Uuid, primary_key=True),
    Column("date", Date, primary_key=True),
    Column("occurrence", JSONB, nullable=False),
    Column("booked_as", Uuid),
    ForeignKeyConstraint(
        ["organization_id", "series_id"], ["recurring_booking_series.organization_id", "recurring_booking_series.id"]
    ),
)

# Duplicates that were cancelled before bookings were unique.
duplicate_bookings_report = Table(
    "duplicate_bookings_report",
    metadata,
    Column("organization_id", Uuid, primary_key=True),
    Column("booking_id", Uuid, primary_key=True),
    Column("kept_booking_id", Uuid, nullable=False),
    Column("customer_id", Uuid, nullable=False),
    Column("service_id", Uuid, nullable=False),
    Column("scheduled_start", TIMESTAMP, nullable=False),
    Column("cancelled_at", TIMESTAMP, nullable=False, server_default=func.now()),
)

add_idempotency_keys(metadata)
add_outbox(metadata)
