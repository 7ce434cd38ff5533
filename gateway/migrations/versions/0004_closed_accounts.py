"""Whoever signs in to a closed account with the right password, or comes with a session of before, hears that it is closed, and by whom.

The functions that know of active accounts only stay for the replicas of before that still run.
"""

from alembic import op

revision = "0004"
down_revision = "0003"

FUNCTIONS = """
CREATE FUNCTION accounts_with_email(with_email text, at_slug text) RETURNS TABLE (
    organization_id uuid, id uuid, role text, name text, email text, active boolean, password_hash text,
    organization_name text, time_zone text
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT a.organization_id, a.id, a.role, a.name, a.email, a.active, a.password_hash, o.name, o.time_zone
   FROM accounts a JOIN organizations o USING (organization_id)
   WHERE a.email = with_email AND (at_slug IS NULL OR o.slug = at_slug) AND a.password_hash IS NOT NULL
   ORDER BY a.active DESC, a.created_at LIMIT 10 $$;

-- Being seen moves a session's end, but not past its ninetieth day; written once an hour, not with every request.
CREATE FUNCTION session_with_token(token bytea) RETURNS TABLE (
    organization_id uuid, id uuid, role text, name text, email text, time_zone text, currency text, booking_knows boolean,
    active boolean, organization_name text
) LANGUAGE sql SECURITY DEFINER SET search_path = public AS
$$ WITH seen AS (
       UPDATE sessions s SET seen_at = now(),
           ends_at = least(s.created_at + interval '90 days', now() + interval '30 days')
       FROM accounts a
       WHERE s.token_hash = token AND s.ends_at > now() AND s.seen_at < now() - interval '1 hour'
         AND a.organization_id = s.organization_id AND a.id = s.account_id AND a.active
   )
   SELECT a.organization_id, a.id, a.role, a.name, a.email, o.time_zone, o.currency, a.booking_knows = a.revision, a.active, o.name
   FROM sessions s
   JOIN accounts a ON a.organization_id = s.organization_id AND a.id = s.account_id
   JOIN organizations o ON o.organization_id = s.organization_id
   WHERE s.token_hash = token AND s.ends_at > now() $$;

REVOKE EXECUTE ON FUNCTION accounts_with_email(text, text), session_with_token(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION accounts_with_email(text, text), session_with_token(bytea) TO gateway;
"""


def upgrade() -> None:
    """Make functions that know closed accounts as well."""
    op.execute(FUNCTIONS)
