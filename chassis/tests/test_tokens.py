"""Tokens: only the gateway's, only for us, only now."""

import base64
import json
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import jwt
import pytest

from chassis import logs
from chassis.clock_skew import SKEW, ClockSkew
from chassis.health import NotReady
from chassis.issuer import Issuer, new_key
from chassis.problems import NotSignedIn, Problem, UpstreamUnavailable
from chassis.testing import Identity, free_port
from chassis.tokens import Caller, Tokens


@pytest.fixture(scope="module")
def identity() -> Iterator[Identity]:
    issuer = Identity()
    yield issuer
    issuer.close()


@pytest.fixture
def tokens(identity: Identity) -> Tokens:
    return Tokens("booking", "packwalk-gateway", identity.jwks_url)


@pytest.fixture
def ann(identity: Identity) -> Caller:
    return identity.person("customer", uuid4())


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    good = {
        "iss": "packwalk-gateway",
        "aud": "booking",
        "iat": now,
        "exp": now + 60,
        "sub": str(uuid4()),
        "org": str(uuid4()),
        "role": "customer",
        "name": "Ann",
        "time_zone": "Europe/London",
        "currency": "GBP",
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def signed(identity: Identity, **changes: Any) -> str:
    issuer = identity.issuer
    return jwt.encode(claims(**changes), issuer.key, algorithm="EdDSA", headers={"kid": issuer.key_id})


async def test_a_good_token_says_who_it_is(tokens: Tokens, identity: Identity, ann: Caller) -> None:
    assert await tokens.caller(identity.issuer.token("booking", ann)) == ann


@pytest.mark.parametrize(
    "changes",
    [{name: None} for name in ("iss", "aud", "iat", "exp", "sub", "org", "role", "name", "time_zone", "currency")]
    + [
        {"aud": "travel"},
        {"aud": ["booking", "travel"]},
        {"iss": "somebody-else"},
        {"exp": int(time.time()) - 10},
        {"iat": int(time.time()) + 10**8},  # far from when the tests are collected to when this one runs
        {"role": "owner"},
        {"sub": "nobody"},
        {"org": "*"},
    ],
    ids="-".join,
)
async def test_a_token_with_a_wrong_claim_is_refused(tokens: Tokens, identity: Identity, changes: Any) -> None:
    with pytest.raises(NotSignedIn):
        await tokens.caller(signed(identity, **changes))


def segment(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


async def test_an_unsigned_token_is_refused(tokens: Tokens, identity: Identity) -> None:
    kid = identity.issuer.key_id
    for algorithm in ("none", "None", "EdDSA"):
        token = f"{segment({'alg': algorithm, 'kid': kid, 'typ': 'JWT'})}.{segment(claims())}."
        with pytest.raises(NotSignedIn):
            await tokens.caller(token)


async def test_the_public_key_is_no_shared_secret(tokens: Tokens, identity: Identity) -> None:
    public = identity.issuer.jwks()["keys"][0]["x"]
    for secret in (public.encode(), base64.urlsafe_b64decode(public + "=")):
        headers = {"kid": identity.issuer.key_id}
        padded = secret.ljust(32, b"=")
        with pytest.raises(NotSignedIn):
            await tokens.caller(jwt.encode(claims(), padded, algorithm="HS256", headers=headers))


async def test_another_key_is_refused_under_its_own_name_and_under_ours(tokens: Tokens, identity: Identity) -> None:
    other = Issuer(new_key, "packwalk-gateway")
    for kid in (other.key_id, identity.issuer.key_id):
        token = jwt.encode(claims(), other.key, algorithm="EdDSA", headers={"kid": kid})
        with pytest.raises(NotSignedIn):
            await tokens.caller(token)


@pytest.mark.parametrize("text", ["", "a.b.c", "....", "not a token", "e30.e30.e30"])
async def test_what_is_no_token_is_refused(tokens: Tokens, text: str) -> None:
    with pytest.raises(NotSignedIn):
        await tokens.caller(text)


@pytest.mark.parametrize(
    ("iat_s", "exp_s", "says"),
    [
        (11, 71, "The token is not valid yet: the clock of the gateway is {} s ahead of ours."),
        (-71, -11, "The token is not valid any more: the clock of the gateway is {} s behind ours."),
    ],
)
async def test_a_token_out_of_its_time_speaks_of_clocks_and_says_by_how_much(
    tokens: Tokens, identity: Identity, iat_s: int, exp_s: int, says: str
) -> None:
    now = int(time.time())
    with pytest.raises(ClockSkew) as refused:
        await tokens.caller(signed(identity, iat=now + iat_s, exp=now + exp_s))
    skew_s = int(refused.value.headers[SKEW])
    # The test and the token are as old as the machine is busy.
    assert skew_s in range(3, 12) if iat_s > 0 else skew_s <= -11
    assert refused.value.detail == says.format(abs(skew_s))


async def test_keys_that_cannot_be_fetched_are_named_once(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("booking", "INFO")
    tokens = Tokens("booking", "packwalk-gateway", f"http://127.0.0.1:{free_port()}/jwks.json")
    [(name, check)] = tokens.checks().items()
    for _ in range(3):
        with pytest.raises(UpstreamUnavailable):
            await tokens.caller(jwt.encode(claims(), new_key(), algorithm="EdDSA", headers={"kid": "x"}))
        with pytest.raises(NotReady, match=r"^nobody listens at its address$"):
            await check()
    [line] = [json.loads(one) for one in capsys.readouterr().out.splitlines()]
    assert (name, line["event"]) == ("keys of gateway", "keys cannot be fetched: nobody is believed")
    assert (line["of"], line["cause"]) == ("gateway", "nobody listens at its address")


async def test_without_the_gateways_keys_nobody_is_believed_and_nobody_is_signed_out(identity: Identity) -> None:
    tokens = Tokens("booking", "packwalk-gateway", f"http://127.0.0.1:{free_port()}/jwks.json")
    with pytest.raises(Problem) as refused:
        await tokens.caller(signed(identity))
    assert isinstance(refused.value, UpstreamUnavailable)


@pytest.fixture(scope="module")
def booking() -> Iterator[Identity]:
    """Booking, as travel knows it."""
    issuer = Identity("packwalk-booking")
    yield issuer
    issuer.close()


@pytest.fixture
def travels(identity: Identity, booking: Identity) -> Tokens:
    return Tokens("travel", "packwalk-gateway", identity.jwks_url, {"booking": booking.jwks_url})


async def test_a_service_speaks_for_itself(travels: Tokens, booking: Identity, ann: Caller) -> None:
    itself = ann.through("booking")
    assert await travels.caller(booking.issuer.token("travel", itself)) == itself


@pytest.mark.parametrize(
    "changes",
    [
        {"role": "customer"},
        {"role": "admin"},
        {"role": "service", "name": "gateway"},
        {"role": "service", "name": "zones"},
    ],
    ids=lambda changes: "-".join(changes.values()),
)
async def test_a_service_speaks_for_nobody_else(travels: Tokens, booking: Identity, changes: Any) -> None:
    with pytest.raises(NotSignedIn):
        await travels.caller(signed(booking, aud="travel", iss="packwalk-booking", **changes))


async def test_nobody_speaks_for_another_issuer(travels: Tokens, identity: Identity, booking: Identity) -> None:
    for signs, claims_to_be in ((booking, "packwalk-gateway"), (identity, "packwalk-booking")):
        with pytest.raises(NotSignedIn):
            await travels.caller(signed(signs, aud="travel", iss=claims_to_be, role="service", name="booking"))
    with pytest.raises(NotSignedIn):
        await travels.caller(signed(identity, aud="travel", role="service", name="booking"))


async def test_a_service_that_is_not_expected_is_refused(tokens: Tokens, booking: Identity, ann: Caller) -> None:
    with pytest.raises(NotSignedIn):
        await tokens.caller(booking.issuer.token("booking", ann.through("booking")))
