"""The tables that events need, as migrations make them. Each text is frozen once a migration that ran somewhere used it.

Row-level security hides tenants' rows from the service's role; the relay works for all organizations at once, through functions.
"""

from alembic.operations import Operations

from chassis.migrations import protect

OUTBOX = """
CREATE TABLE outbox (
    organization_id uuid NOT NULL,
    position bigint GENERATED ALWAYS AS IDENTITY,
    id uuid NOT NULL,
    topic text NOT NULL,
    key text NOT NULL,
    event text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    published_at timestamptz,
    PRIMARY KEY (organization_id, position)
);
CREATE INDEX outbox_waiting ON outbox (position) WHERE published_at IS NULL;
"""

OUTBOX_FUNCTIONS = """
CREATE FUNCTION outbox_waiting(at_most int, bytes_at_most bigint)
RETURNS TABLE (at bigint, topic text, key text, event text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT o.position, o.topic, o.key, o.event FROM (
       SELECT w.position, w.topic, w.key, w.event,
              sum(octet_length(w.event)) OVER (ORDER BY w.position) - octet_length(w.event) AS bytes_before
       FROM (SELECT * FROM outbox WHERE published_at IS NULL ORDER BY position LIMIT at_most) w
   ) o WHERE o.bytes_before < bytes_at_most ORDER BY o.position $$;

CREATE FUNCTION outbox_published(positions bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public AS
$$ UPDATE outbox SET published_at = now() WHERE position = ANY(positions) AND published_at IS NULL $$;

CREATE FUNCTION outbox_state() RETURNS TABLE (waiting bigint, oldest_s double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT count(*), coalesce(extract(epoch FROM now() - min(created_at)), 0)::double precision
   FROM outbox WHERE published_at IS NULL $$;

CREATE INDEX outbox_by_publication ON outbox (published_at) WHERE published_at IS NOT NULL;

CREATE FUNCTION outbox_sweep(keep interval, at_most int) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public AS
$$ WITH old AS (
       SELECT organization_id, position FROM outbox
       WHERE published_at < now() - keep ORDER BY published_at LIMIT at_most FOR UPDATE SKIP LOCKED
   ), gone AS (
       DELETE FROM outbox o USING old WHERE (o.organization_id, o.position) = (old.organization_id, old.position) RETURNING 1
   ) SELECT count(*) FROM gone $$;
"""
_OUTBOX_FUNCTIONS = (
    "outbox_waiting(int, bigint), outbox_published(bigint[]), outbox_state(), outbox_sweep(interval, int)"
)

# What was read and not applied, and what an operator asked to read anew, belongs to the service, not to a tenant: both hold
# ids and reasons, no tenant's data. The letters themselves are in the topic's dead-letter topic.
INBOX = """
CREATE TABLE inbox (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX inbox_by_age ON inbox (received_at);

CREATE TABLE dead_letters (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id uuid NOT NULL UNIQUE,
    topic text NOT NULL,
    key text NOT NULL,
    type text NOT NULL,
    error text NOT NULL,
    waits boolean NOT NULL,
    tries int NOT NULL,
    letter_partition int NOT NULL,
    letter_offset bigint NOT NULL,
    buried_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX dead_letters_of_key ON dead_letters (topic, key, number);

CREATE TABLE rereads (
    topic text NOT NULL,
    partition int NOT NULL,
    PRIMARY KEY (topic, partition)
);

CREATE FUNCTION inbox_sweep(keep interval, at_most int) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public AS
$$ WITH old AS (
       SELECT organization_id, id FROM inbox
       WHERE received_at < now() - keep ORDER BY received_at LIMIT at_most FOR UPDATE SKIP LOCKED
   ), gone AS (
       DELETE FROM inbox i USING old WHERE (i.organization_id, i.id) = (old.organization_id, old.id) RETURNING 1
   ) SELECT count(*) FROM gone $$;

CREATE FUNCTION inbox_forget() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public AS
$$ DELETE FROM inbox $$;
"""
_INBOX_FUNCTIONS = "inbox_sweep(interval, int), inbox_forget()"


# Until now a service listened to one topic at most, so what it has read is of that topic. The default, and the function without an
# argument, are for replicas of the version before, which run on while a new version is rolled out.
INBOX_TOPICS = """
ALTER TABLE inbox ADD COLUMN topic text NOT NULL DEFAULT '{only_topic}';

CREATE FUNCTION inbox_forget(topics text[]) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public AS
$$ DELETE FROM inbox WHERE topic = ANY(topics) $$;
"""


def add_outbox(op: Operations, role: str) -> None:
    """Make the outbox, which a service's role writes and its relay publishes."""
    op.execute(OUTBOX)
    protect(op, "outbox", role)
    add_outbox_functions(op, role)


def add_outbox_functions(op: Operations, role: str) -> None:
    """Let a service's role publish what waits in `outbox`, of whatever organization."""
    op.execute(OUTBOX_FUNCTIONS)
    _only_for(op, role, _OUTBOX_FUNCTIONS)


def add_inbox(op: Operations, role: str) -> None:
    """Make what a consumer remembers. `add_inbox_topics` comes after it."""
    op.execute(INBOX)
    protect(op, "inbox", role)
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON dead_letters, rereads TO {role}")
    _only_for(op, role, _INBOX_FUNCTIONS)


def add_inbox_topics(op: Operations, role: str, only_topic: str) -> None:
    """Let the inbox know the topic of each event. only_topic: the topic that the service has listened to until now, or listens to first."""
    op.execute(INBOX_TOPICS.format(only_topic=only_topic))
    _only_for(op, role, "inbox_forget(text[])")


def _only_for(op: Operations, role: str, functions: str) -> None:
    op.execute(f"REVOKE EXECUTE ON FUNCTION {functions} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {functions} TO {role}")
