"""What a plan reads has a version that the commit compares: also what the office decides for everybody, and whether an account is open."""

from alembic import op

from chassis.migrations import protect

revision = "0006"
down_revision = "0005"

# version: moves with every change of the organization's services and settings. time_zone, currency: NULL until the gateway told of a
# change; the caller's token has them as well.
ORGANIZATIONS = """
CREATE TABLE organizations (
    organization_id uuid PRIMARY KEY,
    version bigint NOT NULL DEFAULT 0,
    time_zone text,
    currency text,
    CHECK ((time_zone IS NULL) = (currency IS NULL))
)
"""


def upgrade() -> None:
    """Make the table, and let customers be closed."""
    op.execute(ORGANIZATIONS)
    protect(op, "organizations", "booking")
    op.execute("ALTER TABLE customers ADD COLUMN active boolean NOT NULL DEFAULT true")
