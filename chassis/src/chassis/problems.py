"""Refusals that people and programs can act on: RFC 9457 problem+json for everything that is not a success.

A `Problem` is a refusal the service decided on. Anything else that escapes a request is a defect and becomes a 500 that names nothing
but the correlation id.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import orjson
from fastapi import Request, Response
from pydantic import BaseModel, Field
from starlette.types import Receive, Scope, Send

from chassis.correlation import correlation_id
from chassis.refused_fields import detail_of

MEDIA_TYPE = "application/problem+json"
PREFIX_HEADER = "x-forwarded-prefix"
_PREFIX = re.compile(r"(/[A-Za-z0-9_-]{1,40}){1,4}")


class Problem(Exception):  # noqa: N818 - the RFC's word
    """A refusal. Subclasses say which; `detail` is for a person, `extra` for the page."""

    type: ClassVar[str] = "internal-error"
    title: ClassVar[str] = "Something went wrong on our side"
    status: ClassVar[int] = 500
    retryable: ClassVar[bool] = False
    model: ClassVar[Any]

    def __init__(self, detail: str, *, headers: Mapping[str, str] | None = None, **extra: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.headers = dict(headers or {})
        self.extra = extra

    def body(self, instance: str) -> bytes:
        """Serialise as RFC 9457 asks, with `retryable` and `correlation_id` added."""
        return orjson.dumps(
            {
                "type": f"/problems/{self.type}",
                "title": self.title,
                "status": self.status,
                "detail": self.detail,
                "instance": instance,
                "retryable": self.retryable,
                "correlation_id": correlation_id(),
                **self.extra,
            },
            option=orjson.OPT_UTC_Z,
        )

    def response(self, instance: str) -> Response:
        """Answer a request for `instance` (a path) with this refusal."""
        headers = {"cache-control": "no-store", **self.headers}
        return Response(self.body(instance), self.status, headers, MEDIA_TYPE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer an ASGI request, for middleware that refuses before any route is known."""
        await self.response(instance_of(Request(scope)))(scope, receive, send)


class ProblemBody(BaseModel):
    """RFC 9457 problem details."""

    type: str = Field(examples=["/problems/not-found"])
    title: str
    status: int
    detail: str
    instance: str
    retryable: bool = Field(description="True: the same request may succeed later.")
    correlation_id: str


class FieldError(BaseModel):
    """What is wrong with one field. `path`: its dotted name, for programs. `message`: a sentence for the person who filled it in."""

    path: str
    message: str


class FieldsBody(ProblemBody):
    """Problem details that name the fields."""

    fields: list[FieldError] = []


Problem.model = ProblemBody


class MalformedRequest(Problem):
    """The request cannot be read at all."""

    type = "malformed-request"
    title = "We could not read that request"
    status = 400


class NotSignedIn(Problem):
    """No token or session, or one that is no longer good."""

    type = "not-signed-in"
    title = "Please sign in"
    status = 401


class NotAllowed(Problem):
    """Signed in, but not for this."""

    type = "not-allowed"
    title = "You are not allowed to do that"
    status = 403


class NotFound(Problem):
    """It does not exist, or not for this person."""

    type = "not-found"
    title = "Not found"
    status = 404


class MethodNotAllowed(Problem):
    """The path exists, the method does not."""

    type = "method-not-allowed"
    title = "That cannot be done here"
    status = 405


class RequestTimeout(Problem):
    """The request came too slowly to be waited for."""

    type = "request-timeout"
    title = "That took too long to arrive"
    status = 408
    retryable = True


class BodyTooLarge(Problem):
    """More bytes than a request may have."""

    type = "body-too-large"
    title = "That is too much at once"
    status = 413


class HeadersTooLarge(Problem):
    """More lines, or longer ones, before the body than a request may have."""

    type = "headers-too-large"
    title = "That is too much at once"
    status = 431


class InvalidRequest(Problem):
    """Some fields are wrong; `fields` names each."""

    type = "invalid-request"
    title = "Please check what you entered"
    status = 422
    model = FieldsBody

    @classmethod
    def field(cls, path: str, message: str) -> "InvalidRequest":
        """Refuse because of one field. message: a whole sentence for a person, which does not name the field."""
        return cls.of([{"path": path, "message": message}])

    @classmethod
    def of(cls, fields: Sequence[Mapping[str, str]]) -> "InvalidRequest":
        """Refuse because of several fields, each `{"path", "message"}`."""
        return cls(detail_of(fields), fields=list(fields))

    def renamed(self, names: Mapping[str, str]) -> "InvalidRequest":
        """Refuse the same under the paths of another request. names: path here -> path there; others stay."""
        fields = [{**field, "path": names.get(field["path"], field["path"])} for field in self.extra["fields"]]
        return type(self)(self.detail, fields=fields)


class TooManyRequests(Problem):
    """A limit was reached; `Retry-After` says when to come back."""

    type = "too-many-requests"
    title = "That was a bit too fast"
    status = 429
    retryable = True


class UpstreamUnavailable(Problem):
    """Something this service needs is away: nothing was done, try again."""

    type = "upstream-unavailable"
    title = "We cannot do that right now"
    status = 503
    retryable = True

    def __init__(self, detail: str, *, retry_after_s: int = 1, **extra: Any) -> None:
        super().__init__(detail, headers={"retry-after": str(retry_after_s)}, **extra)


class UpstreamTimeout(Problem):
    """Something this service needs took too long."""

    type = "upstream-timeout"
    title = "That took too long"
    status = 504
    retryable = True

    def __init__(self, detail: str, *, retry_after_s: int = 2, **extra: Any) -> None:
        super().__init__(detail, headers={"retry-after": str(retry_after_s)}, **extra)


class InternalError(Problem):
    """A defect. Says nothing of itself but the correlation id."""


def refusals(*problems: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """Document the refusals of a route, several of one status together."""
    by_status: dict[int | str, list[type[Problem]]] = {}
    for problem in problems:
        by_status.setdefault(problem.status, []).append(problem)
    return {status: _documented(kinds) for status, kinds in by_status.items()}


def _documented(kinds: Sequence[type[Problem]]) -> dict[str, Any]:
    names = ", ".join(f"`{kind.type}`" for kind in kinds)
    richest = max((kind.model for kind in kinds), key=lambda model: len(model.model_fields))
    text = " ".join(f"{kind.title} ({names})." for kind in kinds[:1])
    return {"model": richest, "description": text if len(kinds) == 1 else names}


EVERYWHERE = (
    MalformedRequest,
    NotSignedIn,
    NotAllowed,
    NotFound,
    RequestTimeout,
    BodyTooLarge,
    InvalidRequest,
    TooManyRequests,
    HeadersTooLarge,
    InternalError,
    UpstreamUnavailable,
    UpstreamTimeout,
)


def instance_of(request: Request) -> str:
    """Return the path as the client knows it: a gateway says what it took off."""
    prefix = request.headers.get(PREFIX_HEADER, "")
    return f"{prefix if _PREFIX.fullmatch(prefix) else ''}{request.scope['path']}"
