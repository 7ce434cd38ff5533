"""The contract for people and programs, made once: whoever asks for it need not be signed in."""

import hashlib
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from chassis.responses import Json, dumps
from gateway import contract
from gateway.request_target import PREFIX

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Documents:
    """The public API's document, as it is sent. tag: the same as long as the document is."""

    openapi: bytes
    page: bytes
    tag: str

    @classmethod
    def of(cls, document: dict[str, Any]) -> "Documents":
        """Write a document as JSON and as a page."""
        openapi, page = dumps(document), contract.page(document).encode()
        return cls(openapi, page, f'"{hashlib.sha256(openapi + page).hexdigest()[:32]}"')

    def headers(self) -> dict[str, str]:
        """Return what lets a client keep a copy and ask whether it is still good."""
        return {"cache-control": "no-cache", "etag": self.tag}

    def known(self, request: Request) -> Response | None:
        """Return the answer to a client that has this document already."""
        same = request.headers.get("if-none-match") == self.tag
        return Response(status_code=304, headers=self.headers()) if same else None


@router.get(f"{PREFIX}/openapi.json")
async def openapi(request: Request) -> Response:
    """Show the public API's document."""
    made: Documents = request.app.state.documents
    return made.known(request) or Json(made.openapi, headers=made.headers())


@router.get(f"{PREFIX}/docs")
async def docs(request: Request) -> Response:
    """Show it as a page."""
    made: Documents = request.app.state.documents
    return made.known(request) or HTMLResponse(made.page, headers=made.headers())
