"""The relay publishes what waits in the outbox, of whatever organization."""

from alembic import op

from chassis.events import tables

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the relay's functions."""
    tables.add_outbox_functions(op, "booking")
