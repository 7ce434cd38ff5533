"""Ids of everything that is stored."""

from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """Return a UUID v7: it grows with time, which keeps indexes dense."""
    return UUID(bytes=uuid_utils.uuid7().bytes)
