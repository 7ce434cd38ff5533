"""What every service that tells and hears has, and a table for the effects."""

from alembic import op

from chassis.events import tables
from chassis.migrations import protect

revision = "0001"
down_revision = None

EFFECTS = """
CREATE TABLE effects (
    organization_id uuid NOT NULL,
    place bigint GENERATED ALWAYS AS IDENTITY,
    event_id uuid NOT NULL,
    key uuid NOT NULL,
    number int NOT NULL,
    PRIMARY KEY (organization_id, place)
);
CREATE TABLE keys (key uuid PRIMARY KEY, organization_id uuid NOT NULL, number int NOT NULL DEFAULT 0);
"""


def upgrade() -> None:
    """Make everything."""
    tables.add_outbox(op, "trial")
    tables.add_inbox(op, "trial")
    op.execute(EFFECTS)
    protect(op, "effects", "trial")
    op.execute("GRANT SELECT, INSERT, UPDATE ON keys TO trial")
