"""The gateway's accounts, copied over HTTP."""

from typing import Annotated, Literal

from fastapi import APIRouter, Response
from pydantic import Field

from booking import accounts
from booking.api.dependencies import Db
from chassis.api_types import Boolean, Id, RequestBody
from chassis.tokens import TheGateway

internal = APIRouter(include_in_schema=False)


class Account(RequestBody):
    """An account as the gateway has it."""

    role: Literal["customer", "walker", "admin"]
    # Cleaned where it was typed. One of before that rule must arrive as well, or its owner could book nothing.
    name: Annotated[str, Field(min_length=1)]
    active: Boolean = True


@internal.put("/internal/accounts/{account_id}", status_code=204)
async def put_account(account_id: Id, account: Account, db: Db, who: TheGateway) -> Response:
    """Take over an account."""
    await accounts.save(db, who, account_id, account.role, account.name, active=account.active)
    return Response(status_code=204)
