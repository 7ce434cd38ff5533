"""A small service that stands on the chassis alone, with a real database."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, SecretStr

from chassis import deadline, service
from chassis.problems import NotFound
from chassis.service import ServiceDefinition
from chassis.settings import ServiceSettings
from chassis.testing import Served, ServiceDatabase, create_database, drop_database, serve
from chassis.testing.tcp_proxy import TcpProxy

HOME = Path(__file__).parents[2] / "services" / "booking"
Serving = Callable[..., Served]
Made = list[str]


@pytest.fixture(scope="session")
def database() -> Iterator[ServiceDatabase]:
    """Any database will do; booking's is at hand."""
    made = create_database("booking", HOME, migrated=False)
    yield made
    drop_database(made)


@pytest.fixture
def relay(database: ServiceDatabase) -> Iterator[TcpProxy]:
    """The way to the database, which can be cut."""
    made = TcpProxy(database.admin_url)
    yield made
    made.close()


class Walk(BaseModel):
    """Something to post."""

    dogs: int


def routes() -> APIRouter:
    """Make routes that do what can go wrong."""
    router = APIRouter()

    @router.get("/sql")
    async def run(request: Request, statement: str) -> str:
        async with request.app.state.database.connection() as tx:
            await tx.execute(statement)
        return "done"

    @router.get("/slow")
    async def slow() -> None:
        await asyncio.Event().wait()

    @router.get("/defect")
    async def defect(secret: str) -> None:
        raise ValueError(secret)

    @router.get("/refused")
    async def refused() -> None:
        raise NotFound("No such walk.", hint="look elsewhere")

    @router.get("/walks")
    async def walks() -> list[Walk]:
        return []

    @router.get("/walks/{number}")
    async def one(number: int) -> int:
        return number

    @router.post("/walks/preview")
    async def preview() -> None:
        return None

    @router.get("/away")
    async def away() -> Response:
        return Response(status_code=503)

    @router.post("/walks")
    async def walk(walk: Walk) -> int:
        return walk.dogs

    return router


class Named(BaseModel):
    """Something to make."""

    name: str


def effects(made: Made) -> APIRouter:
    """Make routes that have an effect."""
    router = APIRouter()

    @router.post("/made", status_code=201)
    async def make(wish: Named) -> None:
        made.append(wish.name)

    @router.post("/made/nameless", status_code=201)
    async def make_nameless() -> None:
        made.append("")

    @router.post("/headers")
    async def headers(request: Request) -> list[str]:
        await request.body()
        return list(request.headers)

    return router


def lasting() -> APIRouter:
    """Make routes that last."""
    router, go_on = APIRouter(), asyncio.Event()

    async def in_two_parts() -> AsyncIterator[bytes]:
        yield b"first\r\n"
        await go_on.wait()
        yield b"second\r\n"

    async def without_end() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 2**16
            await asyncio.sleep(0)  # nothing waits for a client that is gone, and the server has to notice

    @router.get("/stream")
    async def stream() -> StreamingResponse:
        deadline.lift()
        return StreamingResponse(in_two_parts())

    @router.get("/endless")
    async def endless() -> StreamingResponse:
        deadline.lift()
        return StreamingResponse(without_end())

    @router.get("/late")
    async def late() -> None:
        await go_on.wait()

    @router.post("/go-on")
    async def let_go_on() -> None:
        go_on.set()

    return router


@pytest.fixture
def made() -> Made:
    """What was made."""
    return []


@pytest.fixture
def serving(relay: TcpProxy, made: Made) -> Iterator[Serving]:
    """Serve the service, small, with limits of the test's own."""
    with ExitStack() as stack:

        def serving(**limits: Any) -> Served:
            own: dict[str, Any] = {
                "database_url": SecretStr(relay.url),
                "database_pool_size": 4,
                "max_body_bytes": 1000,
                **limits,
            }
            routers = [routes(), effects(made), lasting()]
            definition = ServiceDefinition(name="trial", description="A trial.", routers=routers)
            return stack.enter_context(serve(service.build(definition, ServiceSettings(**own))))

        yield serving


@pytest.fixture
def served(serving: Serving) -> Served:
    """The service, patient."""
    return serving()
