"""The least that a question costs: a preview's request, checked as booking checks it, and one statement that asks for nothing."""

from pathlib import Path

from fastapi import APIRouter, FastAPI, Response

from booking.api.dependencies import Booker, Db
from booking.api.series import NewSeries
from chassis import command_line, service
from chassis.responses import Json
from chassis.service import ServiceDefinition
from chassis.settings import ServiceSettings

router = APIRouter()


@router.post("/least")
async def least(body: NewSeries, db: Db, who: Booker) -> Response:
    """Answer with one."""
    body.request(who)
    async with db.reading(who.organization_id) as tx:
        found = await tx.execute("SELECT 1", prepare=True)
    return Json(await found.fetchone())


def _app() -> FastAPI:
    return service.build(
        ServiceDefinition(name="booking", description="The least.", routers=[router]), ServiceSettings()
    )


if __name__ == "__main__":
    command_line.main("booking", ServiceSettings, _app, Path(__file__).parent)
