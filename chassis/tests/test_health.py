"""Readiness: what is the matter with each dependency, told before whoever asks gives up."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI

from chassis import health
from chassis.health import NotReady


async def good() -> None:
    """Answer."""


async def bad() -> None:
    raise NotReady("nobody listens at its address")


async def silent() -> None:
    await asyncio.Event().wait()


@pytest.mark.parametrize(("needed", "status"), [(good, 200), (bad, 503), (silent, 503)])
async def test_what_is_optional_is_shown_and_decides_nothing(needed: health.Check, status: int) -> None:
    app = FastAPI()
    health.install(app, {"database": needed})
    app.state.optional_checks = {"keys": silent, "booking": bad}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://trial") as client:
        answer = await client.get("/readyz")
    words = {good: "ok", bad: "nobody listens at its address", silent: "does not answer in time"}
    checks = {"database": words[needed], "keys": "does not answer in time", "booking": "nobody listens at its address"}
    assert (answer.status_code, answer.json()["checks"]) == (status, checks)
