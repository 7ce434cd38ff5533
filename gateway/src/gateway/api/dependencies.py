"""Dependencies of routes: the objects that live as long as the process, the caller, and the client's address."""

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request

from chassis.client_address import address_of
from chassis.database import Database
from chassis.problems import NotAllowed
from chassis.tokens import Caller
from gateway.account_sync import AccountSync
from gateway.authentication import AuthenticatedRequest, RequestAuthenticator
from gateway.device_cookies import DeviceCookies
from gateway.notification_streams import NotificationStreams
from gateway.passwords import Passwords
from gateway.rate_limits import RateLimits
from gateway.sessions import Sessions
from gateway.settings import Settings
from gateway.sign_in import PasswordAuthenticator


@dataclass(frozen=True, slots=True)
class Dependencies:
    """The objects that routes work with: made once, kept as `app.state.dependencies`."""

    settings: Settings
    db: Database
    passwords: Passwords
    rate_limits: RateLimits
    sessions: Sessions
    sign_in: PasswordAuthenticator
    device_cookies: DeviceCookies
    authenticator: RequestAuthenticator
    account_sync: AccountSync
    streams: NotificationStreams


async def dependencies(request: Request) -> Dependencies:
    """Return the process's objects."""
    return cast("Dependencies", request.app.state.dependencies)


async def authenticated(
    request: Request, gateway: Annotated[Dependencies, Depends(dependencies)]
) -> AuthenticatedRequest:
    """Return the request's session. Raises NotSignedIn, CsrfTokenInvalid, TooManyRequests."""
    return await gateway.authenticator.authenticate(request.method, dict(request.scope["headers"]))


async def signed_in(request: Annotated[AuthenticatedRequest, Depends(authenticated)]) -> Caller:
    """Return the account that is signed in."""
    return request.session.caller


async def admin(caller: Annotated[Caller, Depends(signed_in)]) -> Caller:
    """Return the caller if an admin. Raises NotAllowed."""
    if caller.role != "admin":
        raise NotAllowed("Only the office can do this.")
    return caller


async def client_address(request: Request) -> str:
    """Return the address that a request counts as coming from."""
    return address_of(request.client)


Gateway = Annotated[Dependencies, Depends(dependencies)]
Authenticated = Annotated[AuthenticatedRequest, Depends(authenticated)]
SignedIn = Annotated[Caller, Depends(signed_in)]
Admin = Annotated[Caller, Depends(admin)]
ClientAddress = Annotated[str, Depends(client_address)]
