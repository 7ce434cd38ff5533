"""Run an application behind a real uvicorn on a free port, in a thread of the test process."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from fastapi import FastAPI

from chassis.server import Server
from chassis.testing import response_checks
from chassis.testing.waiting import HANG_S, eventually


@dataclass(frozen=True)
class Served:
    """A running application, and where it answers."""

    url: str
    app: FastAPI
    loop: asyncio.AbstractEventLoop
    server: Server


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serve(app: FastAPI, port: int = 0) -> Iterator[Served]:
    """Serve an application while the block runs; its graceful shutdown is part of the block's end. port: 0 takes a free one."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    server = Server(app, app.state.settings)
    loops: list[asyncio.AbstractEventLoop] = []

    async def run() -> None:
        loops.append(asyncio.get_running_loop())
        await server.serve(sockets=[listener])

    def work() -> None:
        with asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner:
            runner.run(run())

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    eventually(lambda: server.started or not thread.is_alive(), "the application starts")
    if not thread.is_alive():
        raise RuntimeError("the application did not start")
    answers_at = int(listener.getsockname()[1])
    response_checks.answers_for(app.title.rpartition(" ")[2], answers_at)
    try:
        yield Served(f"http://127.0.0.1:{answers_at}", app, loops[0], server)
    finally:
        response_checks.answers_no_more(answers_at)
        server.should_exit = True
        thread.join(HANG_S)
        listener.close()
        assert not thread.is_alive(), "the application does not end"
