"""A large business in a database: 2,000 walkers, a million bookings. Made once a schema, copied for every run."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import psycopg
from psycopg import sql

from chassis.testing import ServiceDatabase, create_database, drop_database
from chassis.testing.databases import cluster_url

HOME = Path(__file__).parents[1] / "services" / "booking"
ORGANIZATION = UUID("0b0b0b0b-0000-7000-8000-000000000001")


@dataclass(frozen=True)
class Size:
    """How much there is. Bookings are spread evenly over walkers and two years."""

    walkers: int = 2_000
    bookings: int = 1_000_000


def first_monday() -> date:
    """Return a Monday some weeks ahead: the busy year begins there, whatever today is."""
    today = datetime.now(UTC).date()
    return today + timedelta(days=28 - today.weekday())


# Every walker has two visits in three days, at one of three times.
_CATALOGUE = """
INSERT INTO services (organization_id, id, kind, name, duration_minutes, price_cents, currency)
SELECT %(org)s, md5('service')::uuid, 'walk', 'Neighbourhood walk', 60, 2000, 'GBP';
INSERT INTO walkers (organization_id, id, name)
SELECT %(org)s, md5('walker' || n)::uuid, 'Walker ' || n FROM generate_series(1, %(walkers)s) n;
INSERT INTO working_hours (organization_id, walker_id, weekday, opens, closes)
SELECT %(org)s, md5('walker' || n)::uuid, d, 420, 1260
FROM generate_series(1, %(walkers)s) n, unnest('{MO,TU,WE,TH,FR,SA,SU}'::text[]) d;
INSERT INTO customers (organization_id, id, name)
SELECT %(org)s, md5('customer' || n)::uuid, 'Customer ' || n FROM generate_series(1, 5000) n;
INSERT INTO locations (organization_id, id, customer_id, label, address, lat, lng)
SELECT %(org)s, md5('location' || n)::uuid, md5('customer' || n)::uuid, 'Home', n || ' Elm Row',
       51.45 + (n %% 100) / 1000.0, -0.15 + (n / 100) / 1000.0 FROM generate_series(1, 5000) n;
INSERT INTO dogs (organization_id, id, customer_id, name)
SELECT %(org)s, md5('dog' || n)::uuid, md5('customer' || n)::uuid, 'Dog ' || n FROM generate_series(1, 5000) n;
"""

_VISITS = """
CREATE UNLOGGED TABLE visit AS
SELECT md5('block' || n)::uuid AS block_id, md5('booking' || n)::uuid AS id,
       1 + n %% %(walkers)s AS walker, 1 + (n::bigint * 11) %% 4900 AS customer,
       %(from)s::timestamptz + make_interval(
           days => (n / %(walkers)s * 730 / (%(bookings)s / %(walkers)s))::int, mins => (60 + (n / %(walkers)s + n) %% 3 * 210)::int) AS at
FROM generate_series(0, %(bookings)s - 1) n;
"""

# The walker whose year is asked for: 1,183 visits in it, more than three a day.
_BUSY = """
INSERT INTO visit
SELECT md5('busy-block' || n)::uuid, md5('busy-booking' || n)::uuid, 1, 1 + (n * 11) %% 4900,
       %(from)s::timestamptz + make_interval(days => (n * 365 / 1183)::int, mins => (n %% 4) * 180)
FROM generate_series(0, 1182) n;
"""

_ROWS = """
INSERT INTO calendar_blocks (organization_id, id, walker_id, kind, starts_at, ends_at, lat, lng)
SELECT %(org)s, block_id, md5('walker' || walker)::uuid, 'visit', at, at + interval '1 hour', 51.5, -0.1 FROM visit ORDER BY visit.at;
INSERT INTO bookings (organization_id, id, block_id, customer_id, service_id, location_id, dog_ids,
                      occurrence_date, scheduled_start, scheduled_end, price_cents)
SELECT %(org)s, id, block_id, md5('customer' || customer)::uuid, md5('service')::uuid, md5('location' || customer)::uuid,
       ARRAY[md5('dog' || customer)::uuid], at::date, at, at + interval '1 hour', 2000 FROM visit ORDER BY visit.at;
"""


def database(size: Size) -> ServiceDatabase:
    """Return a fresh database with a large business in it."""
    made = create_database("booking", HOME, migrated=False)
    name = _template(size)
    with psycopg.connect(cluster_url(), autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(made.name)))
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER booking_owner STRATEGY FILE_COPY").format(
                sql.Identifier(made.name), sql.Identifier(name)
            )
        )
    return made


def drop(made: ServiceDatabase) -> None:
    """Remove a database that `database` made."""
    drop_database(made)


def _template(size: Size) -> str:
    digest = hashlib.sha256(repr((size, first_monday())).encode())
    for file in sorted([*(HOME / "migrations").rglob("*.py"), Path(__file__)]):
        digest.update(file.read_bytes())
    name = f"bench_{digest.hexdigest()[:12]}"
    with psycopg.connect(cluster_url(), autocommit=True) as admin:
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
            return name
        seeded = create_database("booking", HOME)
        _seed(seeded, size)
        admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*map(sql.Identifier, (seeded.name, name))))
    return name


def _seed(made: ServiceDatabase, size: Size) -> None:
    start = datetime.combine(first_monday(), datetime.min.time(), UTC) + timedelta(hours=7)
    numbers = {"org": ORGANIZATION, "walkers": size.walkers, "bookings": size.bookings, "from": start}
    print(f"making {size.bookings:,} bookings of {size.walkers:,} walkers, once", flush=True)
    with psycopg.connect(made.admin_url, autocommit=True) as admin:
        cursor = psycopg.ClientCursor(admin)
        # Indexes and constraints are built once over all rows, and foreign keys hold by construction.
        cursor.execute("SET session_replication_role = replica; SET maintenance_work_mem = '512MB'")
        rebuild = _take_indexes_away(admin)
        for text in (_CATALOGUE, _VISITS, _BUSY, _spread(), _ROWS, "DROP TABLE visit;"):
            cursor.execute(text, numbers)
        for statement in rebuild:
            cursor.execute(statement)
        cursor.execute("VACUUM ANALYZE")


def _spread() -> str:
    # The busy walker's visits replace those that he would have had, and a customer has one booking at a time.
    return """
    DELETE FROM visit WHERE walker = 1 AND id <> ALL (SELECT md5('busy-booking' || n)::uuid FROM generate_series(0, 1182) n);
    DELETE FROM visit v USING (
        SELECT id, row_number() OVER (PARTITION BY customer, at ORDER BY walker) AS place FROM visit) d
    WHERE d.id = v.id AND d.place > 1;
    """


def _take_indexes_away(admin: psycopg.Connection) -> list[str]:
    rebuild = []
    rows = admin.execute(
        """SELECT c.conname, c.conrelid::regclass::text, pg_get_constraintdef(c.oid) FROM pg_constraint c
           WHERE contype = 'x'"""
    ).fetchall()
    for name, table, definition in rows:
        admin.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        rebuild.append(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    rows = admin.execute(
        """SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename IN ('bookings', 'calendar_blocks')
           AND indexname NOT IN (SELECT conname FROM pg_constraint)"""
    ).fetchall()
    for name, definition in rows:
        admin.execute(f"DROP INDEX {name}")
        rebuild.append(definition)
    return rebuild
