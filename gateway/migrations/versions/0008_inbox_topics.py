"""The inbox knows the topic of what was read, so that one topic can be read anew."""

from alembic import op

from chassis.events import tables

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Tell the inbox of topics; until now the gateway listened to booking alone."""
    tables.add_inbox_topics(op, "gateway", "packwalk.booking.v1")
