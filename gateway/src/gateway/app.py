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
from chassis.responses import dumps
from chassis.service import ServiceDefinition
from gateway import listeners, metrics_server, public_openapi, sweep
from gateway.account_sync import AccountSync
from gateway.api import accounts, documents, notifications, organizations, sessions
from gateway.api.dependencies import Dependencies
from gateway.api.schemas import Notification
from gateway.authentication import RequestAuthenticator
from gateway.clients.fair_queue import FairQueue
from gateway.clients.upstream import Upstream
from gateway.device_cookies import DeviceCookies
from gateway.middleware.in_flight import InFlight
from gateway.middleware.proxy import Proxy
from gateway.middleware.routing import Routing
from gateway.middleware.security_headers import SecurityHeaders
from gateway.middleware.static_files import StaticFiles
from gateway.notification_streams import NotificationStreams
from gateway.passwords import Passwords
from gateway.rate_limits import RateLimits
from gateway.sessions import Sessions
from gateway.settings import Settings
from gateway.sign_in import PasswordAuthenticator
from gateway.store.notifications import NotificationRow

DESCRIPTION = "The public API of Packwalk: businesses, accounts, sessions, and what the services behind the gateway do."


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the gateway's application."""
    config = settings or Settings()
    routers = (organizations.router, accounts.router, sessions.router, notifications.router, documents.router)
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
    sync = AccountSync(app.state.database, booking, issuer)
    made = _dependencies(config, app.state.database, sync, issuer, app.state.ending)
    in_flight = InFlight(config.requests_per_account, config.unread_bytes_per_account)
    proxies = {
        name: Proxy(
            _upstream(name, url, config), made.authenticator, issuer, in_flight, sync if name == "booking" else None
        )
        for name, url in config.services.items()
    }
    app.state.dependencies, app.state.proxies, app.state.booking = made, proxies, booking
    # Without a service people still sign in and read why they cannot do something: taking the gateway away as well would help nobody.
    app.state.optional_checks = {name: proxy.upstream.ready for name, proxy in proxies.items()}
    contracts = public_openapi.read(config.contracts_dir, config.services)
    services = {resource: proxies[name] for resource, name in public_openapi.routes(contracts).items()}
    # Innermost: proxied requests go through ids, deadline and logs, but never through FastAPI.
    app.user_middleware.append(Middleware(Routing, services=services, files=StaticFiles(config.frontend_dir)))
    app.add_middleware(SecurityHeaders)
    own = app.openapi
    app.openapi = functools.cache(lambda: public_openapi.merge(own(), contracts))  # type: ignore[method-assign]
    return app


def _upstream(audience: str, url: str, config: Settings) -> Upstream:
    at_once, share = config.upstream_connections, config.upstream_connections_per_organization
    queue = FairQueue(audience, at_once, share, config.requests_waiting_per_organization)
    return Upstream(audience, url, config.upstream_timeout_s, queue, config.upstream_wait_s)


def _dependencies(
    config: Settings, db: Database, sync: AccountSync, issuer: Issuer, ending: asyncio.Event
) -> Dependencies:
    passwords, limits = Passwords(), RateLimits(config)
    sessions = Sessions(db, config.session_cache_s)
    return Dependencies(
        settings=config,
        db=db,
        passwords=passwords,
        rate_limits=limits,
        sessions=sessions,
        sign_in=PasswordAuthenticator(db, passwords, limits, sessions),
        device_cookies=DeviceCookies(lambda: issuer.key),
        authenticator=RequestAuthenticator(sessions, limits, config.cookie_name),
        account_sync=sync,
        streams=NotificationStreams(db, sessions, config, ending, _notification_json),
    )


def _notification_json(row: NotificationRow) -> bytes:
    return dumps(Notification.of(row).model_dump())


@asynccontextmanager
async def _running(app: FastAPI) -> AsyncIterator[None]:
    made: Dependencies = app.state.dependencies
    config = made.settings
    app.state.documents = documents.Documents.of(app.openapi())
    for proxy in app.state.proxies.values():
        await proxy.upstream.open()
    tasks = (
        made.account_sync.keep_sending(config.tell_again_s),
        made.streams.listen(),
        made.streams.end(),
        sweep.keep_sweeping(made.db, config),
    )
    try:
        async with (
            background(*tasks),
            metrics_server.serving(config.metrics_host, config.metrics_port, app.state.metrics_page),
        ):
            yield
    finally:
        for proxy in app.state.proxies.values():
            await proxy.upstream.close()
        await app.state.booking.close()
