"""Keys and replays over HTTP: the headers of a request, and the answer that says whether it was given before."""

import re
from hashlib import sha256
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel

from chassis.database import Database
from chassis.idempotency.errors import KeyInvalid, KeyMissing
from chassis.idempotency.once import Once, StoredResponse
from chassis.responses import Json
from chassis.tokens import Caller

_UUID = re.compile(r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_Header = Annotated[
    str | None, Header(description="A UUID of your choice, the same for every retry of the same submission.")
]
_StandardHeader = Annotated[str | None, Header(description="The same, quoted or not.")]


async def optional_key(x_idempotency_key: _Header = None, idempotency_key: _StandardHeader = None) -> UUID | None:
    """Return the request's key, None when it has none. Raises KeyInvalid."""
    text = x_idempotency_key or idempotency_key
    if not text:
        return None
    bare = text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text
    if not _UUID.fullmatch(bare):
        raise KeyInvalid("The header X-Idempotency-Key must hold a UUID.")
    return UUID(bare)


OptionalKey = Annotated[UUID | None, Depends(optional_key)]


class RequestKey(NamedTuple):
    """A request's key, None when it has none, and what its use needs of the service."""

    value: UUID | None
    db: Database
    hours: int

    def once(self, who: Caller, operation: str, body: BaseModel, *, without: Any = None) -> Once:
        """Make what `body` asks for once for whoever is signed in. without: of `fingerprint`."""
        return Once(
            self.db,
            who.organization_id,
            who.account_id,
            self.value,
            fingerprint(operation, body, without=without),
            self.hours,
        )


async def request_key(request: Request, key: OptionalKey) -> RequestKey:
    """Return the key of a request that makes something. Raises KeyInvalid."""
    state = request.app.state
    return RequestKey(key, state.database, state.settings.idempotency_hours)


IdempotencyKey = Annotated[RequestKey, Depends(request_key)]


def required(key: UUID | None) -> UUID:
    """Return the key. Raises KeyMissing when the request has none."""
    if key is None:
        raise KeyMissing("A request that books needs the header X-Idempotency-Key with a UUID.")
    return key


def fingerprint(operation: str, body: BaseModel, *, without: Any = None) -> str:
    """Tell requests apart by what they were understood as, not by their bytes. What is left at its default does not count.

    without: what must not go into a digest, as pydantic's `exclude`: whoever reads the table could try passwords.
    """
    understood = body.model_dump_json(exclude=without, exclude_defaults=True)
    return sha256(f"{operation} {understood}".encode()).hexdigest()


def send(stored: StoredResponse) -> Response:
    """Send an answer; a replay says so."""
    headers = {"cache-control": "no-store"}
    if stored.replayed:
        headers["idempotent-replayed"] = "true"
    return Json(stored.body, stored.status, headers)
