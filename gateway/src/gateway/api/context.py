"""What routes are given: the gateway's parts, who is signed in, and where a request comes from."""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Annotated, cast

from fastapi import Depends, Request

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
    """Return the address that a request comes from, as the server in front of us says; of IPv6 the network, which is one customer's."""
    host = request.client.host if request.client else "-"
    try:
        given = ip_address(host)
    except ValueError:
        return host
    if not isinstance(given, IPv6Address):
        return host
    return str(given.ipv4_mapped or ip_network((given, 64), strict=False))


Gateway = Annotated[Parts, Depends(parts)]
In = Annotated[Entered, Depends(entered)]
Who = Annotated[Caller, Depends(caller)]
Office = Annotated[Caller, Depends(admin)]
Address = Annotated[str, Depends(address)]
