"""Put a service together: the same for every one."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from fastapi import APIRouter, FastAPI

from chassis import health, issuer, logs, metrics, openapi, problem_handlers, problems, tracing
from chassis.database import Database
from chassis.events.listeners import Listeners
from chassis.events.running import Events
from chassis.health import Check
from chassis.request_body import BodyReader
from chassis.request_middleware import RequestMiddleware
from chassis.settings import ServiceSettings
from chassis.tokens import Tokens

Refresh = Callable[[Database], Awaitable[None]]
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, kw_only=True)
class ServiceDefinition:
    """What a service is made of, beside its settings.

    running: what else lives as long as the process; it finds `app.state.database` open. checks: readiness beside the database's.
    before_scrape: brings gauges up to date when somebody reads the metrics. publishes: it has an outbox. listeners: what it does when
    others speak. signs_as: it calls other services and signs under this name. callers: which services may call it, beside the gateway,
    and where their keys are.
    """

    name: str
    description: str
    routers: Sequence[APIRouter] = ()
    running: Lifespan | None = None
    checks: Mapping[str, Check] = field(default_factory=dict)
    before_scrape: Refresh | None = None
    publishes: bool = False
    listeners: Listeners | None = None
    signs_as: str | None = None
    callers: Mapping[str, str] = field(default_factory=dict)


def build(service: ServiceDefinition, settings: ServiceSettings) -> FastAPI:
    """Make a service's application: its routes, with health, metrics, problems, database and token check."""
    logs.configure(service.name, settings.log_level)
    db = Database(settings)
    events = Events(service.name, db, settings, publishes=service.publishes, listeners=service.listeners)
    app = _application(service, _lifespan(service, settings, db, events))
    app.state.database = db
    app.state.settings = settings
    app.state.events = events
    app.state.ending = asyncio.Event()
    app.state.tokens = Tokens(service.name, settings.token_issuer, settings.jwks_url, service.callers)
    app.state.issuer = issuer.issuer_for(service.name, service.signs_as, settings) if service.signs_as else None
    if service.signs_as:
        app.include_router(issuer.router)
    problem_handlers.install(app)
    openapi.install(app)
    health.install(app, {"database": db.ready, **service.checks})
    # Shown only: the gateway waits for those that it calls, and they would wait for its keys.
    app.state.optional_checks = app.state.tokens.checks()
    metrics.install(app, db.measure, _refresher(db, events, service.before_scrape))
    for router in service.routers:
        app.include_router(router)
    bodies = BodyReader(settings.max_body_bytes, settings.max_bodies_bytes)
    app.add_middleware(RequestMiddleware, limit_s=settings.request_timeout_s, bodies=bodies)
    return app


def _application(service: ServiceDefinition, lifespan: Lifespan) -> FastAPI:
    return FastAPI(
        title=f"Packwalk {service.name}",
        version="1",
        description=service.description,
        lifespan=lifespan,
        responses=problems.refusals(*problems.EVERYWHERE),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=openapi.operation_id,
        # `RequestMiddleware` traces and counts every request already; a second set of spans takes a sixth of the gateway's time.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )


def _lifespan(service: ServiceDefinition, settings: ServiceSettings, db: Database, events: Events) -> Lifespan:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        traces = tracing.configure(service.name, settings.otel_exporter_otlp_endpoint)
        await db.open()
        try:
            async with AsyncExitStack() as stack:
                if service.running is not None:
                    await stack.enter_async_context(service.running(app))
                await stack.enter_async_context(events.running())
                yield
        finally:
            await db.close()
            traces.shutdown()

    return lifespan


def _refresher(db: Database, events: Events, refresh: Refresh | None) -> Callable[[], Awaitable[None]]:
    async def refreshed() -> None:
        await events.measure()
        if refresh is not None:
            await refresh(db)

    return refreshed
