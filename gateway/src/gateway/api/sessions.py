"""Sessions over HTTP: sign in, read, sign out, change one's password."""

from fastapi import APIRouter, Request, Response

from chassis.api_types import RequestBody
from chassis.problems import TooManyRequests, refusals
from chassis.responses import Json
from gateway import accounts
from gateway.api.dependencies import Authenticated, ClientAddress, Dependencies, Gateway
from gateway.api.field_types import Email, NewPassword, Password, TypedSlug
from gateway.api.schemas import Account, Session
from gateway.device_cookies import MAX_AGE_S
from gateway.errors import AccountClosed, WhichBusiness, WrongCredentials, WrongPassword
from gateway.rules.countries import country_of
from gateway.rules.request_target import PREFIX
from gateway.sessions import csrf_token
from gateway.sign_in import Credentials

router = APIRouter(prefix=PREFIX, tags=["session"])
_NINETY_DAYS_S = 90 * 24 * 3600


class SignInRequest(RequestBody):
    """E-mail and password; the business's slug only where they fit several businesses."""

    email: Email
    password: Password
    organization: TypedSlug | None = None


class PasswordChange(RequestBody):
    """The old password and the new one."""

    current_password: Password
    new_password: NewPassword


def _set_cookie(gateway: Dependencies, response: Response, name: str, value: str, max_age_s: int) -> Response:
    response.set_cookie(
        name, value, max_age=max_age_s, path="/", secure=gateway.settings.secure, httponly=True, samesite="lax"
    )
    return response


def _session_cookie(gateway: Dependencies, response: Response, token: str, max_age_s: int) -> Response:
    return _set_cookie(gateway, response, gateway.settings.cookie_name, token, max_age_s)


def _response(token: str, account: Account, time_zone: str, *, with_token: bool) -> Response:
    session = Session(
        token=token if with_token else None,
        csrf_token=csrf_token(token),
        account=account,
        country=country_of(time_zone),
    )
    return Json(session.model_dump(), headers={"cache-control": "no-store"})


@router.post(
    "/session",
    response_model=Session,
    responses=refusals(WrongCredentials, AccountClosed, WhichBusiness, TooManyRequests),
)
async def sign_in(body: SignInRequest, gateway: Gateway, address: ClientAddress, request: Request) -> Response:
    """Sign in. Sets the session cookie for browsers, and returns the token for programs.

    Where e-mail and password fit several businesses, the refusal lists them. After some wrong passwords the next attempt has to wait,
    twice as long each time. A browser that signed in before, known by a second cookie, waits only for its own failures.
    """
    device = gateway.device_cookies.read(request.cookies.get(gateway.settings.device_cookie_name))
    credentials = Credentials(body.email, body.password, body.organization)
    token, signed_in = await gateway.sign_in.sign_in(credentials, address, device)
    response = _response(token, Account.of(signed_in.account), signed_in.time_zone, with_token=True)
    device_cookie = gateway.device_cookies.write(device, signed_in.account.id)
    _set_cookie(gateway, response, gateway.settings.device_cookie_name, device_cookie, MAX_AGE_S)
    return _session_cookie(gateway, response, token, _NINETY_DAYS_S)


@router.get("/session", response_model=Session)
async def get_session(request: Authenticated) -> Response:
    """Return the signed-in account, and the token by which a page proves that it is ours."""
    caller = request.session.caller
    account = Account.model_validate(
        {
            "id": caller.account_id,
            "organization_id": caller.organization_id,
            "role": caller.role,
            "name": caller.name,
            "email": request.session.email,
            "active": True,
        }
    )
    return _response(request.token, account, caller.time_zone, with_token=not request.by_cookie)


@router.delete("/session", status_code=204, response_class=Response)
async def sign_out(gateway: Gateway, request: Authenticated) -> Response:
    """Sign out: the token is worth nothing any more."""
    await gateway.sessions.end(request.token)
    return _session_cookie(gateway, Response(status_code=204), "", 0)


@router.put("/session/password", status_code=204, response_class=Response)
async def change_password(
    body: PasswordChange, gateway: Gateway, request: Authenticated, address: ClientAddress
) -> Response:
    """Change one's own password. Ends all of one's sessions, this one too."""
    caller, limits = request.session.caller, gateway.rate_limits
    guess = limits.guess_key(str(caller.organization_id), request.session.email, address)
    limits.refuse_guess(guess)
    try:
        await accounts.set_password(gateway.db, gateway.passwords, caller, body.current_password, body.new_password)
    except WrongPassword:
        limits.count_wrong_guess(guess)
        raise
    gateway.sessions.forget(caller.account_id)
    return _session_cookie(gateway, Response(status_code=204), "", 0)
