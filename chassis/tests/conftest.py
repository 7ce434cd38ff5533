"""A small service that stands on the chassis alone, with a real database."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from fastapi import APIRouter, Request
from pydantic import BaseModel, SecretStr

from chassis import service
from chassis.problems import NotFound
from chassis.settings import ServiceSettings
from chassis.testing import Served, ServiceDatabase, create_database, drop_database, serve
from chassis.testing.relay import Relay

HOME = Path(__file__).parents[2] / "services" / "booking"
Serving = Callable[..., Served]


@pytest.fixture(scope="session")
def database() -> Iterator[ServiceDatabase]:
    """Any database will do; booking's is at hand."""
    made = create_database("booking", HOME, migrated=False)
    yield made
    drop_database(made)


@pytest.fixture
def relay(database: ServiceDatabase) -> Iterator[Relay]:
    """The way to the database, which can be cut."""
    made = Relay(database.admin_url)
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

    @router.post("/walks")
    async def walk(walk: Walk) -> int:
        return walk.dogs

    return router


@pytest.fixture
def serving(relay: Relay) -> Iterator[Serving]:
    """Serve the service, small, with limits of the test's own."""
    with ExitStack() as stack:

        def serving(**limits: float) -> Served:
            own = {"database_url": SecretStr(relay.url), "database_pool_size": 4, "max_body_bytes": 1000, **limits}
            app = service.build("trial", ServiceSettings(**own), [routes()], description="A trial.")
            return stack.enter_context(serve(app))

        yield serving


@pytest.fixture
def served(serving: Serving) -> Served:
    """The service, patient."""
    return serving()
