"""Whoever is signed in brings their business's notice: services judge by it what is cancelled late."""

from alembic import op

revision = "0006"
down_revision = "0005"

# Beside the function that finds a session, which the replicas of before go on to use as it is.
FUNCTIONS = """
CREATE FUNCTION cancellation_notice_of(organization uuid) RETURNS int
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT cancellation_notice_hours FROM organizations WHERE organization_id = organization $$;

REVOKE EXECUTE ON FUNCTION cancellation_notice_of(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cancellation_notice_of(uuid) TO gateway;
"""


def upgrade() -> None:
    """Make the function."""
    op.execute(FUNCTIONS)
