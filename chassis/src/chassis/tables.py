"""The chassis' own tables as they are now, for the `tables.py` of a service. Migrations make them by `events/` and `idempotency/`."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)

TIMESTAMP = DateTime(timezone=True)


def add_outbox(metadata: MetaData) -> Table:
    """Add the events that leave."""
    return Table(
        "outbox",
        metadata,
        Column("organization_id", Uuid, primary_key=True),
        Column("position", BigInteger, Identity(always=True), primary_key=True),
        Column("id", Uuid, nullable=False),
        Column("topic", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("event", Text, nullable=False),
        Column("created_at", TIMESTAMP, nullable=False, server_default=func.now()),
        Column("published_at", TIMESTAMP),
        Index("outbox_waiting", "position", postgresql_where=text("published_at IS NULL")),
        Index("outbox_by_publication", "published_at", postgresql_where=text("published_at IS NOT NULL")),
    )


def add_inbox(metadata: MetaData, only_topic: str) -> tuple[Table, Table, Table]:
    """Add the events that were read, and the dead letters. only_topic: as in the migration that made the inbox know topics."""
    inbox = Table(
        "inbox",
        metadata,
        Column("organization_id", Uuid, primary_key=True),
        Column("id", Uuid, primary_key=True),
        Column("received_at", TIMESTAMP, nullable=False, server_default=func.now()),
        Column("topic", Text, nullable=False, server_default=only_topic),
        Index("inbox_by_age", "received_at"),
    )
    dead_letters = Table(
        "dead_letters",
        metadata,
        Column("number", BigInteger, Identity(always=True), primary_key=True),
        Column("event_id", Uuid, nullable=False),
        Column("topic", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("type", Text, nullable=False),
        Column("error", Text, nullable=False),
        Column("waits", Boolean, nullable=False),
        Column("tries", Integer, nullable=False),
        Column("letter_partition", Integer, nullable=False),
        Column("letter_offset", BigInteger, nullable=False),
        Column("buried_at", TIMESTAMP, nullable=False, server_default=func.now()),
        UniqueConstraint("event_id", name="dead_letters_event_id_key"),
        Index("dead_letters_of_key", "topic", "key", "number"),
    )
    rereads = Table(
        "rereads", metadata, Column("topic", Text, primary_key=True), Column("partition", Integer, primary_key=True)
    )
    return inbox, dead_letters, rereads


def add_idempotency_keys(metadata: MetaData) -> Table:
    """Add the idempotency keys with the responses that they stand for."""
    return Table(
        "idempotency_keys",
        metadata,
        Column("organization_id", Uuid, primary_key=True),
        Column("customer_id", Uuid, primary_key=True),
        Column("key", Uuid, primary_key=True),
        Column("fingerprint", Text, nullable=False),
        Column("status", Integer),
        Column("response", Text),
        Column("expires_at", TIMESTAMP, nullable=False),
        Index("idempotency_keys_by_expiry", "expires_at"),
    )
