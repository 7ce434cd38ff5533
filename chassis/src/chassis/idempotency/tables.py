"""The table of keys, as migrations make it. The text is frozen: migrations that ran somewhere used it."""

from alembic.operations import Operations

from chassis.migrations import protect

# customer_id: whoever asks. The response is text: jsonb would reorder its members, and a replay is the same byte for byte.
KEYS = """
CREATE TABLE idempotency_keys (
    organization_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    key uuid NOT NULL,
    fingerprint text NOT NULL,
    status int,
    response text,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, customer_id, key)
);
CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);

CREATE FUNCTION sweep_idempotency_keys(at_most int) RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public AS
$$ WITH expired AS (
       SELECT organization_id, customer_id, key FROM idempotency_keys
       WHERE expires_at <= now() ORDER BY expires_at LIMIT at_most FOR UPDATE SKIP LOCKED
   ), gone AS (
       DELETE FROM idempotency_keys k USING expired e
       WHERE (k.organization_id, k.customer_id, k.key) = (e.organization_id, e.customer_id, e.key) RETURNING 1
   ) SELECT count(*) FROM gone $$;
"""


def add_keys(op: Operations, role: str) -> None:
    """Make the table for a service's role, and the sweep of all organizations' expired keys."""
    op.execute(KEYS)
    protect(op, "idempotency_keys", role)
    op.execute("REVOKE EXECUTE ON FUNCTION sweep_idempotency_keys(int) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION sweep_idempotency_keys(int) TO {role}")
