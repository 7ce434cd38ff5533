"""Run an application behind uvicorn, with bounds on what clients may bring, hold and take."""

import asyncio
import gc
import resource
import socket
from contextlib import suppress

import uvicorn
from fastapi import FastAPI

from chassis import logs
from chassis.connection import Connection
from chassis.connection_limits import ConnectionLimits, Connections
from chassis.settings import ServiceSettings

_TICKS = 5  # uvicorn ticks every tenth of a second
_LOOK_EVERY_S = 0.5
_OTHER_FILES = 512  # of the database, the broker, neighbours and ourselves

_log = logs.get("server")


class Server(uvicorn.Server):
    """A server that ends connections which go beyond their limits, and, when it is asked to stop, open streams: it would wait for them."""

    def __init__(self, app: FastAPI, settings: ServiceSettings) -> None:
        super().__init__(_config(app, settings))
        self.server_state: Connections = Connections(ConnectionLimits.of(settings), settings.proxies)
        self._ending: asyncio.Event = app.state.ending

    async def on_tick(self, counter: int) -> bool:
        """Let connections know that time passes."""
        if counter % _TICKS == 0:
            self.server_state.pass_time(_LOOK_EVERY_S)
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, and finish what is in flight."""
        self._ending.set()
        await super().shutdown(sockets)


def _config(app: FastAPI, settings: ServiceSettings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=Connection,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=[str(network) for network in settings.proxies],
        timeout_graceful_shutdown=settings.shutdown_grace_s,
    )


def serve(app: FastAPI, settings: ServiceSettings) -> None:
    """Serve until SIGTERM or SIGINT, then finish what is in flight within the grace. Raises SystemExit without a key to sign with."""
    if app.state.issuer:
        _ = app.state.issuer.key
    _open_enough_files(settings.max_connections + _OTHER_FILES)
    server = Server(app, settings)
    _collect_seldom()
    with suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        raise SystemExit(3)


def _open_enough_files(wanted: int) -> None:
    # Shells give a process 1,024, and with none left it can neither accept a connection nor ask its database.
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    if most < wanted:
        _log.warning("few files may be open", limit=hard, needed=wanted, setting="max_connections")


def _collect_seldom() -> None:
    # A request makes thousands of small things and next to no cycles. Looking for cycles after every 700 of them, and again and again
    # through all that was made at the start, takes a fifth of a preview's time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
