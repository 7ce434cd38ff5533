"""What the database itself guarantees, read from its catalogue and tried on data."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from booking.tables import metadata
from business import Business, book
from chassis import migrations
from chassis.testing import ServiceDatabase, create_database, drop_database
from chassis.testing.schema import schema_differences

HOME = Path(__file__).parents[2]

TENANT_TABLES = """
SELECT c.relname, c.relrowsecurity FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attname = 'organization_id'
"""

KEYS = """
SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text, a.attname
FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
WHERE (i.indisunique OR i.indisexclusion) AND i.indrelid IN (
    SELECT c.oid FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relname <> 'alembic_version')
"""


def test_every_tenant_table_is_under_row_level_security_and_its_keys_begin_with_the_organization(
    database: ServiceDatabase,
) -> None:
    with psycopg.connect(database.admin_url) as admin:
        tables = dict(admin.execute(TENANT_TABLES).fetchall())
        assert len(tables) >= 13
        assert set(tables.values()) == {True}
        keys = admin.execute(KEYS).fetchall()
        assert {first for _, _, first in keys} == {"organization_id"}
        assert {table for table, _, _ in keys} == set(tables)
        [(bypasses, owned)] = admin.execute(
            "SELECT rolbypassrls OR rolsuper, (SELECT count(*) FROM pg_class WHERE relowner = r.oid) FROM pg_roles r"
            " WHERE rolname = 'booking'"
        ).fetchall()
        assert (bypasses, owned) == (False, 0)


# SQLAlchemy reflects a check that is NOT VALID with an option that it does not know itself.
@pytest.mark.filterwarnings("ignore:Can't validate argument 'dialect_options':sqlalchemy.exc.SAWarning")
def test_the_migrations_make_what_tables_py_says(database: ServiceDatabase) -> None:
    assert schema_differences(database, metadata) == []


def test_a_query_without_a_filter_sees_nothing_of_another_organization(
    business: Business, database: ServiceDatabase
) -> None:
    book(business.ann, business.wish(business.ann))
    with psycopg.connect(database.url, autocommit=True) as role:
        with pytest.raises(psycopg.errors.UndefinedObject):
            role.execute("SELECT count(*) FROM bookings")
        for organization, seen in ((business.id, 10), (uuid4(), 0)):
            with role.transaction():
                role.execute("SELECT set_config('app.organization', %s, true)", (str(organization),))
                assert role.execute("SELECT count(*) FROM bookings").fetchone() == (seen,)
        role.execute("SELECT set_config('app.organization', %s, false)", (str(uuid4()),))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            role.execute("INSERT INTO customers (organization_id, id) VALUES (%s, %s)", (business.id, uuid4()))


def test_the_exclusion_constraint_stands_behind_the_locks(business: Business) -> None:
    made = book(business.ann, business.wish(business.ann, count=1)).json()["bookings"][0]
    with pytest.raises(psycopg.errors.ExclusionViolation):
        business.execute(
            "INSERT INTO calendar_blocks (organization_id, id, walker_id, kind, starts_at, ends_at)"
            " SELECT organization_id, gen_random_uuid(), walker_id, 'visit', starts_at, ends_at FROM calendar_blocks"
            " WHERE organization_id = %s AND starts_at = %s",
            made["scheduled_start"],
        )


def test_a_booking_starts_when_its_block_starts(business: Business) -> None:
    book(business.ann, business.wish(business.ann, count=1))
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        business.execute(
            "UPDATE bookings SET scheduled_start = scheduled_start + interval '1 minute' WHERE organization_id = %s"
        )


@pytest.fixture
def old() -> Iterator[ServiceDatabase]:
    """A database as it was before bookings were unique."""
    made = create_database("booking", HOME, migrated=False)
    migrations.upgrade_url(HOME, made.owner_url, "0001")
    yield made
    drop_database(made)


FULL_OF_DUPLICATES = """
INSERT INTO services (organization_id, id, kind, name, duration_minutes, price_cents, currency)
SELECT o, md5('s')::uuid, 'walk', 'Walk', 60, 2000, 'GBP' FROM unnest(%(orgs)s::uuid[]) o;
INSERT INTO walkers (organization_id, id, name) SELECT o, md5('w' || n)::uuid, 'W' FROM unnest(%(orgs)s::uuid[]) o, generate_series(1, 3) n;
INSERT INTO calendar_blocks (organization_id, id, walker_id, kind, starts_at, ends_at)
SELECT o, md5('k' || n || '-' || d)::uuid, md5('w' || n)::uuid, 'visit', at, at + interval '1 hour'
FROM unnest(%(orgs)s::uuid[]) o, generate_series(1, 3) n, generate_series(1, 50) d,
     LATERAL (SELECT now() + make_interval(days => d) AS at) t;
INSERT INTO bookings (organization_id, id, block_id, customer_id, service_id, location_id, dog_ids, occurrence_date,
                      scheduled_start, scheduled_end, price_cents, created_at)
SELECT organization_id, md5('b' || id)::uuid, id, md5('c')::uuid, md5('s')::uuid, md5('l')::uuid, ARRAY[md5('d')::uuid], starts_at::date,
       starts_at, ends_at, 2000, now() - make_interval(hours => ('x' || substr(id::text, 1, 2))::bit(8)::int)
FROM calendar_blocks;
"""


def test_the_migration_keeps_the_oldest_of_duplicates_and_reports_the_others(old: ServiceDatabase) -> None:
    with psycopg.connect(old.admin_url, autocommit=True) as admin:
        psycopg.ClientCursor(admin).execute(FULL_OF_DUPLICATES, {"orgs": [uuid4(), uuid4()]})
        migrations.upgrade_url(HOME, old.owner_url)
        migrations.upgrade_url(HOME, old.owner_url)  # again is harmless
        statuses = admin.execute("SELECT status, count(*) FROM bookings GROUP BY 1").fetchall()
        assert dict(statuses) == {"scheduled": 100, "cancelled": 200}
        reasons = admin.execute("SELECT DISTINCT cancel_reason FROM bookings WHERE status = 'cancelled'").fetchall()
        assert reasons == [("duplicate",)]
        wrong = admin.execute(
            """SELECT count(*) FROM duplicate_bookings_report d
               JOIN bookings kept ON (kept.organization_id, kept.id) = (d.organization_id, d.kept_booking_id)
               JOIN bookings gone ON (gone.organization_id, gone.id) = (d.organization_id, d.booking_id)
               WHERE kept.status <> 'scheduled' OR gone.status <> 'cancelled' OR kept.created_at > gone.created_at"""
        ).fetchone()
        assert wrong == (0,)
        assert admin.execute("SELECT count(*) FROM duplicate_bookings_report").fetchone() == (200,)
        free = admin.execute("SELECT count(*) FROM calendar_blocks WHERE released_at IS NULL").fetchone()
        assert free == (100,)
        with pytest.raises(psycopg.errors.UniqueViolation):
            admin.execute("UPDATE bookings SET status = 'scheduled', cancelled_at = NULL")


OF_AN_OLD_SKIP = """
INSERT INTO services (organization_id, id, kind, name, duration_minutes, price_cents, currency)
VALUES (%(id)s, %(id)s, 'walk', 'Walk', 60, 2000, 'GBP');
INSERT INTO walkers (organization_id, id, name) VALUES (%(id)s, %(id)s, 'Sam');
INSERT INTO recurring_booking_series (organization_id, id, customer_id, service_id, walker_id, location_id, dog_ids, starts_on,
    start_time, weekdays, interval_weeks, count, time_zone, ends_at)
VALUES (%(id)s, %(id)s, %(id)s, %(id)s, %(id)s, %(id)s, ARRAY[%(id)s::uuid], '2027-01-04', '09:00', '{MO}', 1, 2, 'UTC', now());
INSERT INTO series_skips (organization_id, series_id, date, occurrence) VALUES
    (%(id)s, %(id)s, '2027-01-04', jsonb_build_object('conflicts', jsonb_build_array(
        jsonb_build_object('reason', 'block', 'message', 'Walker is off', 'walker_id', %(id)s::text),
        jsonb_build_object('reason', 'overlap', 'message', 'Existing booking', 'walker_id', %(id)s::text)))),
    (%(id)s, %(id)s, '2027-01-11', '{"conflicts": []}');
"""


def test_the_migration_names_the_causes_of_what_was_skipped_before(old: ServiceDatabase) -> None:
    migrations.upgrade_url(HOME, old.owner_url, "0003")
    with psycopg.connect(old.admin_url, autocommit=True) as admin:
        psycopg.ClientCursor(admin).execute(OF_AN_OLD_SKIP, {"id": str(uuid4())})
        migrations.upgrade_url(HOME, old.owner_url)
        kept = admin.execute("SELECT occurrence->'conflicts' FROM series_skips ORDER BY date").fetchall()
        said = [(c["cause"], c["message"], c["walker_name"], c["own_booking"]) for c in kept[0][0]]
        assert said == [("time_off", "Walker is off", "Sam", None), ("own_booking", "Existing booking", "Sam", None)]
        assert kept[1][0] == []
