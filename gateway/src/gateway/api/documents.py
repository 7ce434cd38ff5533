"""The contract for people and programs."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from chassis.answers import Json
from gateway import contract
from gateway.request_target import PREFIX

router = APIRouter(include_in_schema=False)


@router.get(f"{PREFIX}/openapi.json")
async def openapi(request: Request) -> Response:
    """Show the public API's document."""
    return Json(request.app.openapi(), headers={"cache-control": "no-cache"})


@router.get(f"{PREFIX}/docs")
async def docs(request: Request) -> Response:
    """Show it as a page."""
    return HTMLResponse(contract.page(request.app.openapi()), headers={"cache-control": "no-cache"})
