"""Addresses are kept composed, as they are compared: small letters of before may have come apart where the capital has no composed form.

One that is kept composed by another account already stays as it is.
"""

from alembic import op

revision = "0005"
down_revision = "0004"

# A row is checked when it is made: one that stays as it is can still be changed otherwise, and closed.
COMPOSE = """
UPDATE accounts a SET email = normalize(email, NFC)
WHERE email IS NOT NFC NORMALIZED
  AND NOT EXISTS (SELECT FROM accounts b WHERE (b.organization_id, b.email) = (a.organization_id, normalize(a.email, NFC)));
ALTER TABLE accounts ADD CONSTRAINT accounts_email_is_composed
    CHECK (email IS NFC NORMALIZED OR created_at < now()) NOT VALID;
"""


def upgrade() -> None:
    """Compose what is there, and let nothing else in."""
    op.execute(COMPOSE)
