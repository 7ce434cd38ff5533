"""Everything that a route can raise, as problem+json: the exception handlers of every application."""

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.routing import Match

from chassis.problems import (
    InvalidRequest,
    MalformedRequest,
    MethodNotAllowed,
    NotFound,
    Problem,
    instance_of,
)
from chassis.refused_fields import fields_of

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def install(app: FastAPI) -> None:
    """Turn everything that a route can raise into problem+json."""

    @app.exception_handler(Problem)
    async def refused(request: Request, problem: Problem) -> Response:
        return problem.response(instance_of(request))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        return (_of_another_method(request, error) or _of_validation(error)).response(instance_of(request))

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        return _of_http(request, error).response(instance_of(request))


def _of_http(request: Request, error: HTTPException) -> Problem:
    if isinstance(error.__cause__, Problem):  # FastAPI takes whatever stops it from reading a body for a malformed one
        return error.__cause__
    if error.status_code == 404:
        return NotFound("There is nothing at this address.")
    if error.status_code == 405:
        return _method_not_allowed(_taken(request))
    # What the framework says of it is for whoever writes the program, in words of its own.
    return MalformedRequest("We could not read that request. Please try again.")


def _method_not_allowed(taken: str) -> MethodNotAllowed:
    return MethodNotAllowed("This address does not take that method.", headers={"allow": taken})


def _of_another_method(request: Request, error: RequestValidationError) -> MethodNotAllowed | None:
    # `GET /series/preview` fits `GET /series/{id}`, and is no id; it is an address of its own, which takes POST.
    if not any(one["loc"][0] == "path" for one in error.errors()):
        return None
    routes = [route for route in iter_route_contexts(request.app.routes) if route.path == request.scope["path"]]
    taken = [method for method in METHODS if any(method in (route.methods or ()) for route in routes)]
    return _method_not_allowed(", ".join(taken)) if taken else None


def _taken(request: Request) -> str:
    # Starlette names the methods of the first route that fits, and of no other.
    asked = ({**request.scope, "method": method} for method in METHODS)
    routes = request.app.routes
    return ", ".join(a["method"] for a in asked if any(route.matches(a)[0] is Match.FULL for route in routes))


def _of_validation(error: RequestValidationError) -> Problem:
    errors = error.errors()
    if any(e["type"] == "json_invalid" for e in errors):
        return MalformedRequest("The body is not valid JSON.")
    return InvalidRequest.of(fields_of(errors))
