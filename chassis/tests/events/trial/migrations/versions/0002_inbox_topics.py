"""The inbox knows the topic of what was read."""

from alembic import op

from chassis.events import tables

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Tell the inbox of topics."""
    tables.add_inbox_topics(op, "trial", "packwalk.trial.v1")
