"""Accounts and businesses are made once for an idempotency key."""

from alembic import op

from chassis.idempotency import tables

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table of keys."""
    tables.add_keys(op, "gateway")
