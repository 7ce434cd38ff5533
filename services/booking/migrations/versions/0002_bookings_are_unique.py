"""One booking per customer, service and start: the safeguard in the database.

Databases in use may hold duplicates already. The oldest of each stays, the others are cancelled with `cancel_reason =
'duplicate'`, their blocks are released unless another booking needs them, and a report table lists them. Cancelling
touches only duplicates; making the index locks bookings against writes while it reads them once, which `lock_timeout`
bounds at its start.
"""

from alembic import op

from chassis.migrations import protect

revision = "0002"
down_revision = "0001"

REPORT = """
CREATE TABLE duplicate_bookings_report (
    organization_id uuid NOT NULL,
    booking_id uuid NOT NULL,
    kept_booking_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    service_id uuid NOT NULL,
    scheduled_start timestamptz NOT NULL,
    cancelled_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, booking_id)
)
"""

# Nobody may add a duplicate between the cleaning and the index.
LOCK = "LOCK TABLE bookings IN SHARE ROW EXCLUSIVE MODE"

CANCEL_DUPLICATES = """
WITH ranked AS (
    SELECT organization_id, id, customer_id, service_id, scheduled_start,
           first_value(id) OVER same AS kept, row_number() OVER same AS place
    FROM bookings WHERE status <> 'cancelled'
    WINDOW same AS (PARTITION BY organization_id, customer_id, service_id, scheduled_start ORDER BY created_at, id)
), cancelled AS (
    UPDATE bookings b SET status = 'cancelled', cancelled_at = now(), cancel_reason = 'duplicate'
    FROM ranked r
    WHERE r.place > 1 AND (b.organization_id, b.id) = (r.organization_id, r.id)
    RETURNING b.organization_id, b.id, r.kept, b.customer_id, b.service_id, b.scheduled_start
)
INSERT INTO duplicate_bookings_report
    (organization_id, booking_id, kept_booking_id, customer_id, service_id, scheduled_start)
SELECT * FROM cancelled
"""

RELEASE_BLOCKS = """
UPDATE calendar_blocks k SET released_at = now()
FROM bookings b JOIN duplicate_bookings_report d ON (d.organization_id, d.booking_id) = (b.organization_id, b.id)
WHERE (k.organization_id, k.id) = (b.organization_id, b.block_id) AND k.released_at IS NULL
  AND NOT EXISTS (SELECT FROM bookings o WHERE (o.organization_id, o.block_id) = (k.organization_id, k.id)
                  AND o.status <> 'cancelled')
"""

UNIQUE = """
CREATE UNIQUE INDEX bookings_are_unique ON bookings (organization_id, customer_id, service_id, scheduled_start)
WHERE status <> 'cancelled'
"""


def upgrade() -> None:
    """Clean up what is there, then forbid it."""
    op.execute(REPORT)
    protect(op, "duplicate_bookings_report", "booking")
    for statement in (LOCK, CANCEL_DUPLICATES, RELEASE_BLOCKS, UNIQUE):
        op.execute(statement)
