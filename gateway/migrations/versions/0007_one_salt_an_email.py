"""Whoever signs in without naming a business is found in all of them, for the price of one slow hash.

The functions of before stay for the replicas that still use them.
"""

from alembic import op

revision = "0007"
down_revision = "0006"

# A salt is no secret, but no two people and no two installations have the same.
SALTS = """
CREATE TABLE password_salting (one boolean PRIMARY KEY DEFAULT true CHECK (one), key bytea NOT NULL);
INSERT INTO password_salting (key) VALUES (uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));

CREATE FUNCTION password_salt(of_email text) RETURNS bytea LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT substr(sha256(key || convert_to(of_email, 'UTF8')), 1, 16) FROM password_salting $$;
"""

# Hashes that were made alike stand together in this order, so that each way of making them is found by one step, and an account by its
# hash, however many have the e-mail.
HASHES = """
DROP INDEX accounts_by_email;
CREATE INDEX accounts_by_password ON accounts (email, password_hash COLLATE "C") WHERE password_hash IS NOT NULL;

CREATE FUNCTION password_hash_beginning(of_hash text) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT substring(of_hash FROM '^.*[$]') $$;

-- '~' comes after everything that a hash is written with.
CREATE FUNCTION password_hash_beginnings(with_email text, at_slug text) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ WITH RECURSIVE found AS (
       (SELECT password_hash_beginning(password_hash) AS beginning FROM accounts
        WHERE at_slug IS NULL AND email = with_email AND password_hash IS NOT NULL
        ORDER BY password_hash COLLATE "C" LIMIT 1)
       UNION ALL
       SELECT (SELECT password_hash_beginning(a.password_hash) FROM accounts a
               WHERE a.email = with_email AND a.password_hash COLLATE "C" > f.beginning || '~'
               ORDER BY a.password_hash COLLATE "C" LIMIT 1)
       FROM found f WHERE f.beginning IS NOT NULL
   )
   (SELECT beginning FROM found WHERE beginning IS NOT NULL LIMIT 1000)
   UNION ALL
   SELECT password_hash_beginning(a.password_hash) FROM organizations o JOIN accounts a USING (organization_id)
   WHERE o.slug = at_slug AND a.email = with_email AND a.password_hash IS NOT NULL $$;

CREATE FUNCTION accounts_among(ids uuid[], with_email text, at_slug text) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT a.id FROM accounts a JOIN organizations o USING (organization_id)
   WHERE a.id = ANY (ids) AND a.email = with_email AND (at_slug IS NULL OR o.slug = at_slug) $$;
CREATE INDEX accounts_by_id ON accounts (id);

CREATE FUNCTION accounts_with_password(with_email text, at_slug text, hashes text[]) RETURNS TABLE (
    organization_id uuid, id uuid, role text, name text, email text, active boolean, password_hash text,
    organization_name text, organization_slug text, time_zone text
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT a.organization_id, a.id, a.role, a.name, a.email, a.active, a.password_hash, o.name, o.slug, o.time_zone
   FROM accounts a JOIN organizations o USING (organization_id)
   WHERE a.email = with_email AND a.password_hash COLLATE "C" = ANY (hashes) AND (at_slug IS NULL OR o.slug = at_slug)
   ORDER BY a.active DESC, o.name, o.slug LIMIT 100 $$;
"""

FUNCTIONS = (
    "password_salt(text), password_hash_beginnings(text, text), accounts_among(uuid[], text, text),"
    " accounts_with_password(text, text, text[])"
)


def upgrade() -> None:
    """Make all of it; nobody but the gateway's role may use it, and nobody at all the key."""
    op.execute(SALTS)
    op.execute(HASHES)
    op.execute(f"REVOKE EXECUTE ON FUNCTION {FUNCTIONS} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {FUNCTIONS} TO gateway")
