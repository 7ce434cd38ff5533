"""Puts the gateway together; the only module that knows all the others."""

import asyncio
import functools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware import Middleware

from chassis import service
from chassis.background import background
from chassis.breaker import Breaker
from chassis.database import Database
from chassis.http_client import ServiceClient
from chassis.issuer import Issuer
from chassis.service import ServiceDefinition
from gateway import contract, listeners, metrics_port, sweep
from gateway.api import accounts, documents, notifications, organizations, session
from gateway.device_cookies import DeviceCookies
from gateway.door import Door
from gateway.fair_queue import FairQueue
from gateway.front import Front
from gateway.in_flight import InFlight
from gateway.limiting import Limits
from gateway.pages import Pages
from gateway.parts import Parts
from gateway.passwords import Passwords
from gateway.proxy import Proxy
from gateway.security_headers import SecurityHeaders
from gateway.sessions import Sessions
from gateway.settings import Settings
from gateway.sign_in import Authenticator
from gateway.streams import Streams
from gateway.telling import Telling
from gateway.upstream import Upstream

DESCRIPTION = "The public API of Packwalk: businesses, accounts, sessions, and what the services behind the gateway do."
BOOKINGS = ("services", "walkers", "bookings", "series", "calendar", "locations", "dogs")
TRAVELS = ("travel-times",)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the gateway's application."""
    config = settings or Settings()
    routers = (organizations.router, accounts.router, session.router, notifications.router, documents.router)
    definition = ServiceDefinition(
        name="gateway",
        description=DESCRIPTION,
        routers=routers,
        running=_running,
        listeners=listeners.listeners,
        signs_as=config.token_issuer,
    )
    app = service.build(definition, config)
    issuer = app.state.issuer
    booking = ServiceClient(config.booking_url, 3.0, Breaker("booking-accounts"))
    telling = Telling(app.state.database, booking, issuer)
    parts = _parts(config, app.state.database, telling, issuer, app.state.ending)
    in_flight = InFlight(config.requests_per_account, config.unread_bytes_per_account)
    proxies = {
        "booking": Proxy(
            _upstream("booking", config.booking_url, config), parts.door, issuer, in_flight, parts.telling
        ),
        "travel": Proxy(_upstream("travel", config.travel_url, config), parts.door, issuer, in_flight),
    }
    app.state.parts, app.state.proxies, app.state.booking = parts, proxies, booking
    # Without a service people still sign in and read why they cannot do something: taking the gateway away as well would help nobody.
    app.state.optional_checks = {name: proxy.upstream.ready for name, proxy in proxies.items()}
    passed_on = {**dict.fromkeys(BOOKINGS, proxies["booking"]), **dict.fromkeys(TRAVELS, proxies["travel"])}
    # Innermost: what is passed on goes through ids, deadline and logs, but never through FastAPI.
    app.user_middleware.append(Middleware(Front, services=passed_on, pages=Pages(config.frontend_dir)))
    app.add_middleware(SecurityHeaders)
    _describe(app, config)
    return app


def _upstream(audience: str, url: str, config: Settings) -> Upstream:
    at_once, share = config.upstream_connections, config.upstream_connections_per_organization
    queue = FairQueue(audience, at_once, share, config.requests_waiting_per_organization)
    return Upstream(audience, url, config.upstream_timeout_s, queue, config.upstream_wait_s)


def _parts(config: Settings, db: Database, telling: Telling, issuer: Issuer, ending: asyncio.Event) -> Parts:
    passwords, limits = Passwords(), Limits(config)
    sessions = Sessions(db, config.session_cache_s)
    sign_in, devices = Authenticator(db, passwords, limits, sessions), DeviceCookies(lambda: issuer.key)
    door, streams = Door(sessions, limits, config.cookie_name), Streams(db, sessions, config, ending)
    return Parts(config, db, passwords, limits, sessions, sign_in, devices, door, telling, streams)


@asynccontextmanager
async def _running(app: FastAPI) -> AsyncIterator[None]:
    parts: Parts = app.state.parts
    app.state.documents = documents.Documents.of(app.openapi())
    for proxy in app.state.proxies.values():
        await proxy.upstream.open()
    works = (
        parts.telling.keep_telling(parts.settings.tell_again_s),
        parts.streams.listen(),
        parts.streams.end(),
        sweep.keep_sweeping(parts.db, parts.settings),
    )
    config = parts.settings
    try:
        async with (
            background(*works),
            metrics_port.served(config.metrics_host, config.metrics_port, app.state.metrics_page),
        ):
            yield
    finally:
        for proxy in app.state.proxies.values():
            await proxy.upstream.close()
        await app.state.booking.close()


def _describe(app: FastAPI, config: Settings) -> None:
    own = app.openapi
    app.openapi = functools.cache(lambda: contract.merged(own(), config.contracts_dir / "openapi"))  # type: ignore[method-assign]
