"""A cancellation is kept with who cancelled, and whether it came later than the business's notice asks for."""

from alembic import op

revision = "0005"
down_revision = "0004"

# NOT VALID: what is there already is not read again under the table's lock, and cannot be late.
COLUMNS = """
ALTER TABLE bookings ADD COLUMN cancelled_by uuid, ADD COLUMN late boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT bookings_are_late_when_cancelled CHECK (status = 'cancelled' OR NOT late) NOT VALID
"""


def upgrade() -> None:
    """Add the columns."""
    op.execute(COLUMNS)
