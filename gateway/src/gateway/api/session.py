"""Sessions over HTTP: sign in, who am I, sign out, another password."""

from typing import Any

from fastapi import APIRouter, Request, Response

from chassis.api_types import RequestBody
from chassis.problems import TooManyRequests, refusals
from chassis.responses import Json
from gateway import accounts
from gateway.api.context import Address, Gateway, In
from gateway.api.fields import Email, NewPassword, Password, SlugTyped
from gateway.api.shown import SessionShown
from gateway.countries import country_of
from gateway.device_cookies import KEPT_FOR_S
from gateway.errors import AccountClosed, WhichBusiness, WrongCredentials, WrongPassword
from gateway.parts import Parts
from gateway.request_target import PREFIX
from gateway.sessions import csrf_token
from gateway.sign_in import Credentials

router = APIRouter(prefix=PREFIX, tags=["session"])
_NINETY_DAYS_S = 90 * 24 * 3600


class SignIn(RequestBody):
    """E-mail and password; the business's slug only where they fit several."""

    email: Email
    password: Password
    organization: SlugTyped | None = None


class PasswordChange(RequestBody):
    """The old password and the new one."""

    current_password: Password
    new_password: NewPassword


def _set_cookie(gateway: Parts, response: Response, name: str, value: str, max_age_s: int) -> Response:
    response.set_cookie(
        name, value, max_age=max_age_s, path="/", secure=gateway.settings.secure, httponly=True, samesite="lax"
    )
    return response


def _session_cookie(gateway: Parts, response: Response, token: str, max_age_s: int) -> Response:
    return _set_cookie(gateway, response, gateway.settings.cookie_name, token, max_age_s)


def _shown(token: str, account: dict[str, Any], time_zone: str, *, with_token: bool) -> Response:
    body = {
        "token": token if with_token else None,
        "csrf_token": csrf_token(token),
        "account": account,
        "country": country_of(time_zone),
    }
    return Json(body, headers={"cache-control": "no-store"})


@router.post(
    "/session",
    response_model=SessionShown,
    responses=refusals(WrongCredentials, AccountClosed, WhichBusiness, TooManyRequests),
)
async def sign_in(body: SignIn, gateway: Gateway, address: Address, request: Request) -> Response:
    """Sign in. Sets the session cookie for browsers, and returns the token for programs.

    Where e-mail and password fit several businesses, the refusal lists them. After some wrong passwords the next one has to wait, twice as
    long each time; a browser that signed in before, which a second cookie says, waits for its own only.
    """
    device = gateway.devices.read(request.cookies.get(gateway.settings.device_cookie_name))
    given = Credentials(body.email, body.password, body.organization)
    token, found = await gateway.sign_in.begin(given, address, device)
    shown = _shown(token, found.account.shown(), found.time_zone, with_token=True)
    known = gateway.devices.write(device, found.account.id)
    _set_cookie(gateway, shown, gateway.settings.device_cookie_name, known, KEPT_FOR_S)
    return _session_cookie(gateway, shown, token, _NINETY_DAYS_S)


@router.get("/session", response_model=SessionShown)
async def who_am_i(entered: In) -> Response:
    """Say who is signed in, and how its page proves that it is ours."""
    who = entered.found.who
    account = {
        "id": who.account_id,
        "organization_id": who.organization_id,
        "role": who.role,
        "name": who.name,
        "email": entered.found.email,
        "active": True,
    }
    return _shown(entered.token, account, who.time_zone, with_token=not entered.by_cookie)


@router.delete("/session", status_code=204, response_class=Response)
async def sign_out(gateway: Gateway, entered: In) -> Response:
    """Sign out: the token is worth nothing any more."""
    await gateway.sessions.sign_out(entered.token)
    return _session_cookie(gateway, Response(status_code=204), "", 0)


@router.put("/session/password", status_code=204, response_class=Response)
async def change_password(body: PasswordChange, gateway: Gateway, entered: In, address: Address) -> Response:
    """Change one's own password. Ends all of one's sessions, this one too."""
    who = entered.found.who
    place = gateway.limits.place(str(who.organization_id), entered.found.email, address)
    gateway.limits.refuse_guesses(place)
    try:
        await accounts.set_password(gateway.db, gateway.passwords, who, body.current_password, body.new_password)
    except WrongPassword:
        gateway.limits.guessed_wrong(place)
        raise
    gateway.sessions.forget(who.account_id)
    return _session_cookie(gateway, Response(status_code=204), "", 0)
