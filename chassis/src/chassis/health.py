"""Is the process alive, and can it do its work: for load balancers and operators."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import Response

from chassis.loop_time import loop_timeout
from chassis.responses import Json

Check = Callable[[], Awaitable[None]]
router = APIRouter(include_in_schema=False)
_NEEDED_WITHIN_S = 2
# What decides nothing must not make whoever asks give up: a name that nobody has yet may take seconds to look up.
_OPTIONAL_WITHIN_S = 0.7


class NotReady(Exception):  # noqa: N818 - a state, not a defect
    """Raise this in a check. The message says why, and everybody may read it."""


@router.get("/healthz")
async def alive() -> Response:
    """The process answers."""
    return Json({"status": "ok"})


@router.get("/readyz")
async def ready(request: Request) -> Response:
    """Every dependency, by name; 503 unless all that it cannot do without are ready."""
    needed: Mapping[str, Check] = request.app.state.ready_checks
    optional: Mapping[str, Check] = request.app.state.optional_checks
    asked = [_state(check, _NEEDED_WITHIN_S) for check in needed.values()]
    asked += [_state(check, _OPTIONAL_WITHIN_S) for check in optional.values()]
    results = dict(zip((*needed, *optional), await asyncio.gather(*asked), strict=True))
    good = all(results[name] == "ok" for name in needed)
    return Json({"status": "ready" if good else "not ready", "checks": results}, 200 if good else 503)


async def _state(check: Check, within_s: float) -> str:
    try:
        async with loop_timeout(within_s):
            await check()
    except NotReady as why:
        return str(why)
    except TimeoutError:
        return "does not answer in time"
    except Exception as error:  # noqa: BLE001 - whatever it is, it is not ready
        return type(error).__name__
    return "ok"


def install(app: FastAPI, checks: Mapping[str, Check]) -> None:
    """Add both pages. checks: name of a dependency -> coroutine that raises when it is not ready.

    `app.state.optional_checks`, of the same shape, are shown and decide nothing.
    """
    app.state.ready_checks = checks
    app.state.optional_checks = {}
    app.include_router(router)
