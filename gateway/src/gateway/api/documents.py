"""The public API's document, made once, for clients that need not be signed in."""

import hashlib
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from chassis.responses import Json, dumps
from gateway.rules.request_target import PREFIX

router = APIRouter(include_in_schema=False)
_PAGE = "/api-reference.html"  # of the frontend


@dataclass(frozen=True, slots=True)
class Documents:
    """The public API's document as bytes. tag: its entity tag, the same while the document is the same."""

    openapi: bytes
    tag: str

    @classmethod
    def of(cls, document: dict[str, Any]) -> "Documents":
        """Write a document as JSON."""
        openapi = dumps(document)
        return cls(openapi, f'"{hashlib.sha256(openapi).hexdigest()[:32]}"')

    def headers(self) -> dict[str, str]:
        """Return the headers by which a client keeps a copy and asks whether the copy is current."""
        return {"cache-control": "no-cache", "etag": self.tag}

    def not_modified(self, request: Request) -> Response | None:
        """Return the answer to a client that has this document already, None for other clients."""
        same = request.headers.get("if-none-match") == self.tag
        return Response(status_code=304, headers=self.headers()) if same else None


@router.get(f"{PREFIX}/openapi.json")
async def openapi(request: Request) -> Response:
    """Return the public API's document."""
    documents: Documents = request.app.state.documents
    return documents.not_modified(request) or Json(documents.openapi, headers=documents.headers())


@router.get(f"{PREFIX}/docs")
async def docs() -> Response:
    """Redirect to the page that shows the document, and in which operations can be tried."""
    return RedirectResponse(_PAGE)
