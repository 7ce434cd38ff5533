"""What the gateway heard of others' events, and what people are told because of it."""

from alembic import op

from chassis.events import tables
from chassis.migrations import protect

revision = "0002"
down_revision = "0001"

# sequence: of the account, given under the lock of its counter, so that a lower one is never committed after a higher one was
# seen: who has read up to a sequence has missed nothing. action: what somebody did, of which a person is told once.
NOTIFICATIONS = """
CREATE TABLE notification_counters (
    organization_id uuid NOT NULL,
    account_id uuid NOT NULL,
    last bigint NOT NULL,
    PRIMARY KEY (organization_id, account_id),
    FOREIGN KEY (organization_id, account_id) REFERENCES accounts (organization_id, id)
);

CREATE TABLE notifications (
    organization_id uuid NOT NULL,
    account_id uuid NOT NULL,
    sequence bigint NOT NULL,
    id uuid NOT NULL,
    action uuid NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    about_type text NOT NULL,
    about_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    read_at timestamptz,
    PRIMARY KEY (organization_id, account_id, sequence),
    CONSTRAINT notifications_id UNIQUE (organization_id, account_id, id),
    CONSTRAINT notifications_once UNIQUE (organization_id, account_id, action),
    FOREIGN KEY (organization_id, account_id) REFERENCES accounts (organization_id, id)
);
CREATE INDEX notifications_unread ON notifications (organization_id, account_id) WHERE read_at IS NULL;
CREATE INDEX notifications_by_age ON notifications (created_at);

CREATE FUNCTION sweep_notifications(keep interval, at_most int) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public AS
$$ WITH old AS (
       SELECT organization_id, account_id, sequence FROM notifications
       WHERE created_at < now() - keep ORDER BY created_at LIMIT at_most FOR UPDATE SKIP LOCKED
   ), gone AS (
       DELETE FROM notifications n USING old
       WHERE (n.organization_id, n.account_id, n.sequence) = (old.organization_id, old.account_id, old.sequence) RETURNING 1
   ) SELECT count(*) FROM gone $$;
REVOKE EXECUTE ON FUNCTION sweep_notifications(interval, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sweep_notifications(interval, int) TO gateway;
"""


def upgrade() -> None:
    """Make everything."""
    tables.add_inbox(op, "gateway")
    op.execute(NOTIFICATIONS)
    protect(op, "notification_counters", "gateway")
    protect(op, "notifications", "gateway")
