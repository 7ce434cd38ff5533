"""The first schema: organizations, their accounts, and the accounts' sessions."""

from alembic import op

from chassis.migrations import protect

revision = "0001"
down_revision = None

TABLES = """
CREATE TABLE organizations (
    organization_id uuid PRIMARY KEY,
    slug text NOT NULL CONSTRAINT organizations_slug UNIQUE,
    name text NOT NULL,
    time_zone text NOT NULL,
    currency text NOT NULL,
    cancellation_notice_hours int NOT NULL DEFAULT 24 CHECK (cancellation_notice_hours BETWEEN 0 AND 720),
    created_at timestamptz NOT NULL DEFAULT now()
);

-- booking_knows: the revision of this account that booking has confirmed; while it is not `revision`, booking is told again.
CREATE TABLE accounts (
    organization_id uuid NOT NULL REFERENCES organizations,
    id uuid NOT NULL,
    role text NOT NULL CHECK (role IN ('customer', 'walker', 'admin')),
    name text NOT NULL,
    email text NOT NULL,
    password_hash text,
    active boolean NOT NULL DEFAULT true,
    revision int NOT NULL DEFAULT 1,
    booking_knows int NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id),
    CONSTRAINT accounts_email UNIQUE (organization_id, email)
);
CREATE INDEX accounts_by_email ON accounts (email);
CREATE INDEX accounts_booking_does_not_know ON accounts (created_at) WHERE booking_knows <> revision;

-- Only a hash of the token: whoever reads the table cannot sign in with it.
CREATE TABLE sessions (
    organization_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    account_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now(),
    ends_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, token_hash),
    FOREIGN KEY (organization_id, account_id) REFERENCES accounts (organization_id, id)
);
CREATE UNIQUE INDEX sessions_by_token ON sessions (token_hash);
CREATE INDEX sessions_of_account ON sessions (organization_id, account_id);
CREATE INDEX sessions_by_end ON sessions (ends_at);
"""

# What must be asked before it is known whose organization it is, which row-level security hides from the gateway's role.
BEFORE_THE_DOOR = """
CREATE FUNCTION organization_called(wanted text) RETURNS SETOF organizations
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT * FROM organizations WHERE slug = wanted $$;

CREATE FUNCTION who_may_sign_in(with_email text, at_slug text) RETURNS TABLE (
    organization_id uuid, id uuid, role text, name text, email text, password_hash text
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT a.organization_id, a.id, a.role, a.name, a.email, a.password_hash
   FROM accounts a JOIN organizations o USING (organization_id)
   WHERE a.email = with_email AND (at_slug IS NULL OR o.slug = at_slug) AND a.active AND a.password_hash IS NOT NULL
   ORDER BY a.created_at LIMIT 10 $$;

-- Being seen moves a session's end, but not past its ninetieth day; written once an hour, not with every request.
CREATE FUNCTION session_of(token bytea) RETURNS TABLE (
    organization_id uuid, id uuid, role text, name text, email text, time_zone text, currency text, booking_knows boolean
) LANGUAGE sql SECURITY DEFINER SET search_path = public AS
$$ WITH seen AS (
       UPDATE sessions s SET seen_at = now(),
           ends_at = least(s.created_at + interval '90 days', now() + interval '30 days')
       WHERE s.token_hash = token AND s.ends_at > now() AND s.seen_at < now() - interval '1 hour'
   )
   SELECT a.organization_id, a.id, a.role, a.name, a.email, o.time_zone, o.currency, a.booking_knows = a.revision
   FROM sessions s
   JOIN accounts a ON a.organization_id = s.organization_id AND a.id = s.account_id
   JOIN organizations o ON o.organization_id = s.organization_id
   WHERE s.token_hash = token AND s.ends_at > now() AND a.active $$;

CREATE FUNCTION end_session(token bytea) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public AS
$$ DELETE FROM sessions WHERE token_hash = token $$;

CREATE FUNCTION sweep_sessions(at_most int) RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public AS
$$ WITH ended AS (
       SELECT token_hash FROM sessions WHERE ends_at <= now() ORDER BY ends_at LIMIT at_most FOR UPDATE SKIP LOCKED
   ), gone AS (
       DELETE FROM sessions s USING ended e WHERE s.token_hash = e.token_hash RETURNING 1
   ) SELECT count(*) FROM gone $$;

CREATE FUNCTION accounts_booking_does_not_know(at_most int) RETURNS TABLE (
    organization_id uuid, id uuid, role text, name text, active boolean, revision int, time_zone text, currency text
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT a.organization_id, a.id, a.role, a.name, a.active, a.revision, o.time_zone, o.currency
   FROM accounts a JOIN organizations o USING (organization_id)
   WHERE a.booking_knows <> a.revision ORDER BY a.created_at LIMIT at_most $$;
"""

FUNCTIONS = (
    "organization_called(text), who_may_sign_in(text, text), session_of(bytea), end_session(bytea), sweep_sessions(int),"
    " accounts_booking_does_not_know(int)"
)


def upgrade() -> None:
    """Make everything; nobody but the gateway's role may use it."""
    op.execute(TABLES)
    op.execute(BEFORE_THE_DOOR)
    for table in ("organizations", "accounts", "sessions"):
        protect(op, table, "gateway")
    op.execute(f"REVOKE EXECUTE ON FUNCTION {FUNCTIONS} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {FUNCTIONS} TO gateway")
