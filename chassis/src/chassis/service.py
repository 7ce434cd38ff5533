"""Put a service together, run it, and describe it: the same for every one."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, redirect_stdout
from pathlib import Path

import yaml
from fastapi import APIRouter, FastAPI
from pydantic import ValidationError
from pydantic_settings import SettingsError

from chassis import database_errors, health, issuer, logs, metrics, ports, problems, tracing
from chassis.database import Database
from chassis.events.listeners import Listeners
from chassis.events.running import Events
from chassis.health import Check
from chassis.observe import Observed
from chassis.request_body import Bodies
from chassis.server import serve
from chassis.settings import ServiceSettings
from chassis.tokens import Tokens

Refresh = Callable[[Database], Awaitable[None]]
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def build(
    name: str,
    settings: ServiceSettings,
    routers: Sequence[APIRouter],
    *,
    description: str,
    running: Lifespan | None = None,
    checks: Mapping[str, Check] | None = None,
    before_scrape: Refresh | None = None,
    publishes: bool = False,
    listeners: Listeners | None = None,
    signs_as: str | None = None,
    callers: Mapping[str, str] | None = None,
) -> FastAPI:
    """Make a service's application: its routes, with health, metrics, problems, database and token check.

    running: what else lives as long as the process; it finds `app.state.database` open. checks: readiness beside the database's.
    before_scrape: brings gauges up to date when somebody reads the metrics. publishes: it has an outbox. listeners: what it does when
    others speak. signs_as: it calls other services and signs under this name. callers: which services may call it, beside the gateway,
    and where their keys are.
    """
    logs.configure(name, settings.log_level)
    db = Database(settings)
    events = Events(name, db, settings, publishes=publishes, listeners=listeners)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        traces = tracing.configure(name, settings.otel_exporter_otlp_endpoint)
        await db.open()
        try:
            async with AsyncExitStack() as stack:
                if running is not None:
                    await stack.enter_async_context(running(app))
                await stack.enter_async_context(events.running())
                yield
        finally:
            await db.close()
            traces.shutdown()

    app = FastAPI(
        title=f"Packwalk {name}",
        version="1",
        description=description,
        lifespan=lifespan,
        responses=problems.refusals(*problems.EVERYWHERE),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # `Observed` traces and counts every request already; a second set of spans takes a sixth of the gateway's time.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.database = db
    app.state.settings = settings
    app.state.events = events
    app.state.ending = asyncio.Event()
    app.state.tokens = Tokens(name, settings.token_issuer, settings.jwks_url, callers)
    app.state.issuer = issuer.issuer_for(name, signs_as, settings) if signs_as else None
    if signs_as:
        app.include_router(issuer.router)
    problems.install(app)
    health.install(app, {"database": db.ready, **(checks or {})})
    # Shown only: the gateway waits for those that it calls, and they would wait for its keys.
    app.state.optional_checks = app.state.tokens.checks()
    metrics.install(app, db.measure, _refresher(db, events, before_scrape))
    for router in routers:
        app.include_router(router)
    app.add_middleware(
        Observed, limit_s=settings.request_timeout_s, bodies=Bodies(settings.max_body_bytes, settings.max_bodies_bytes)
    )
    return app


def _refresher(db: Database, events: Events, refresh: Refresh | None) -> Callable[[], Awaitable[None]]:
    async def refreshed() -> None:
        await events.measure()
        if refresh is not None:
            await refresh(db)

    return refreshed


def main(name: str, settings: Callable[[], ServiceSettings], app: Callable[[], FastAPI], home: Path) -> None:
    """Run a service's verbs: `serve`, `migrate`, `openapi`, `events`, `key`. home: the folder that holds `migrations/`."""
    verb = sys.argv[1] if len(sys.argv) > 1 else "serve"
    if verb == "key":
        if len(sys.argv) != 3:
            raise SystemExit(f"{name}: say where the key shall be: python -m {name} key FILE")
        issuer.write_key(Path(sys.argv[2]))
        return
    try:
        settings()
    except ValidationError as error:
        raise SystemExit(f"{name}: {_what_is_wrong(error)}") from None
    except SettingsError:
        raise SystemExit(f"{name}: a setting, or a file of secrets, cannot be read") from None
    if verb == "serve":
        made = app()
        ports.refuse_taken(name, settings().ports)
        serve(made, settings())
    elif verb == "migrate":
        # Alembic and SQLAlchemy take 24 MB that a serving process has no use for.
        from chassis import migrations  # noqa: PLC0415

        logs.configure(name, settings().log_level)
        try:
            migrations.upgrade(home, settings())
        except database_errors.CannotConnect as error:
            raise SystemExit(f"{name}: the database cannot be migrated: {error}") from None
    elif verb == "openapi":
        # What is logged while the application is made is no part of the document.
        with redirect_stdout(sys.stderr):
            document = openapi(app())
        sys.stdout.write(document)
    elif verb == "events":
        from chassis.events import command  # noqa: PLC0415 - operators need it, a serving process does not

        logs.configure(name, "ERROR")
        raise SystemExit(command.run(app().state.events, sys.argv[2:]))
    else:
        raise SystemExit(f"{name}: there is no verb '{verb}'; serve, migrate, openapi, events and key there are")


def _what_is_wrong(error: ValidationError) -> str:
    # Without the values: one of them is the database's address with its password.
    found = (
        (".".join(str(part) for part in one["loc"]).upper(), one["msg"].removeprefix("Value error, "))
        for one in error.errors(include_input=False, include_url=False, include_context=False)
    )
    return "; ".join(f"{setting}: {message}" if setting else message for setting, message in found)


def openapi(app: FastAPI) -> str:
    """Describe the service as an OpenAPI document in YAML."""
    return yaml.safe_dump(app.openapi(), sort_keys=False, allow_unicode=True, width=120)
