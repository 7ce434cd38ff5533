"""What routes are given: the gateway's parts, who is signed in, and where a request comes from."""

from typing import Annotated, cast

from fastapi import Depends, Request

from chassis.client_address import address_of
from chassis.problems import NotAllowed
from chassis.tokens import Caller
from gateway.door import Entered
from gateway.parts import Parts


async def parts(request: Request) -> Parts:
    """Return what the gateway is made of."""
    return cast("Parts", request.app.state.parts)


async def entered(request: Request, gateway: Annotated[Parts, Depends(parts)]) -> Entered:
    """Return who is signed in. Raises NotSignedIn, CsrfTokenInvalid, TooManyRequests."""
    return await gateway.door.enter(request.method, dict(request.scope["headers"]))


async def caller(who: Annotated[Entered, Depends(entered)]) -> Caller:
    """Return the account that is signed in."""
    return who.found.who


async def admin(who: Annotated[Caller, Depends(caller)]) -> Caller:
    """Return the caller if an admin. Raises NotAllowed."""
    if who.role != "admin":
        raise NotAllowed("Only the office can do this.")
    return who


async def address(request: Request) -> str:
    """Return what counts as the address that a request comes from."""
    return address_of(request.client)


Gateway = Annotated[Parts, Depends(parts)]
In = Annotated[Entered, Depends(entered)]
Who = Annotated[Caller, Depends(caller)]
Office = Annotated[Caller, Depends(admin)]
Address = Annotated[str, Depends(address)]
