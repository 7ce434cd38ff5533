"""A booking of a series that is moved to another date still stands for its date of the rule."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the column: NULL until a booking is moved."""
    op.execute("ALTER TABLE bookings ADD COLUMN rule_date date")
