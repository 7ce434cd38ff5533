"""The gateway's schema as it is now, for Alembic and for readers. A test compares it with what the migrations make.

Every table but `password_salting` is under row-level security. Before sign-in, accounts are found by functions, which the migrations have.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)

from chassis.tables import TIMESTAMP, add_idempotency_keys, add_inbox

metadata = MetaData()

organizations = Table(
    "organizations",
    metadata,
    Column("organization_id", Uuid, primary_key=True),
    Column("slug", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("cancellation_notice_hours", Integer, nullable=False, server_default="24"),
    Column("created_at", TIMESTAMP, nullable=False, server_default=func.now()),
    UniqueConstraint("slug", name="organizations_slug"),
    CheckConstraint("cancellation_notice_hours BETWEEN 0 AND 720"),
)

accounts = Table(
    "accounts",
    metadata,
    Column("organization_id", Uuid, ForeignKey("organizations.organization_id"), primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("role", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("password_hash", Text),
    Column("active", Boolean, nullable=False, server_default="true"),
    Column("revision", Integer, nullable=False, server_default="1"),
    # The revision of this account that booking has confirmed.
    Column("booking_knows", Integer, nullable=False, server_default="0"),
    Column("created_at", TIMESTAMP, nullable=False, server_default=func.now()),
    UniqueConstraint("organization_id", "email", name="accounts_email"),
    CheckConstraint("role IN ('customer', 'walker', 'admin')"),
    CheckConstraint("email IS NFC NORMALIZED OR created_at < now()", name="accounts_email_is_composed"),
    Index("accounts_by_id", "id"),
    Index("accounts_booking_does_not_know", "created_at", postgresql_where=text("booking_knows <> revision")),
    # Hashes that were made alike stand together: signing in finds an account by its hash. The hash's collation is "C".
    Index("accounts_by_password", "email", "password_hash", postgresql_where=text("password_hash IS NOT NULL")),
)

sessions = Table(
    "sessions",
    metadata,
    Column("organization_id", Uuid, primary_key=True),
    # Only a hash of the token: a reader of the table cannot sign in with it.
    Column("token_hash", LargeBinary, primary_key=True),
    Column("account_id", Uuid, nullable=False),
    Column("created_at", TIMESTAMP, nullable=False, server_default=func.now()),
    Column("seen_at", TIMESTAMP, nullable=False, server_default=func.now()),
    Column("ends_at", TIMESTAMP, nullable=False),
    ForeignKeyConstraint(["organization_id", "account_id"], ["accounts.organization_id", "accounts.id"]),
    Index("sessions_by_token", "token_hash", unique=True),
    Index("sessions_of_account", "organization_id", "account_id"),
    Index("sessions_by_end", "ends_at"),
)

notification_counters = Table(
    "notification_counters",
    metadata,
    Column("organization_id", Uuid, primary_key=True),
    Column("account_id", Uuid, primary_key=True),
    Column("last", BigInteger, nullable=False),
    ForeignKeyConstraint(["organization_id", "account_id"], ["accounts.organization_id", "accounts.id"]),
)

notifications = Table(
    "notifications",
    metadata,
    Column("organization_id", Uuid, primary_key=True),
    Column("account_id", Uuid, primary_key=True),
    # Given under the lock of the account's counter: a reader up to a sequence has missed nothing.
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("id", Uuid, nullable=False),
    # What a person did: each account is notified of it once.
    Column("action", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("about_type", Text, nullable=False),
    Column("about_id", Uuid, nullable=False),
    Column("created_at", TIMESTAMP, nullable=False),
    Column("read_at", TIMESTAMP),
    UniqueConstraint("organization_id", "account_id", "id", name="notifications_id"),
    UniqueConstraint("organization_id", "account_id", "action", name="notifications_once"),
    ForeignKeyConstraint(["organization_id", "account_id"], ["accounts.organization_id", "accounts.id"]),
    Index("notifications_unread", "organization_id", "account_id", postgresql_where=text("read_at IS NULL")),
    Index("notifications_by_age", "created_at"),
)

# One row: the key from which each e-mail's salt is derived.
password_salting = Table(
    "password_salting",
    metadata,
    Column("one", Boolean, CheckConstraint("one"), primary_key=True, server_default="true"),
    Column("key", LargeBinary, nullable=False),
)

add_inbox(metadata, only_topic="packwalk.booking.v1")
add_idempotency_keys(metadata)
