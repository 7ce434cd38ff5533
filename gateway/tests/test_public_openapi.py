"""The routes of the services behind the gateway come from their OpenAPI documents."""

import pytest

from gateway import public_openapi


def document(*paths: str) -> dict[str, object]:
    return {"paths": {path: {"get": {"responses": {"200": {}}}} for path in paths}}


def test_a_resource_is_routed_to_the_service_that_documents_it() -> None:
    documents = {"booking": document("/series", "/series/{id}/cancel", "/dogs"), "zones": document("/zones")}
    assert public_openapi.routes(documents) == {"series": "booking", "dogs": "booking", "zones": "zones"}


def test_internal_paths_have_no_route() -> None:
    assert public_openapi.routes({"booking": document("/internal/accounts/{id}")}) == {}


def test_a_resource_of_two_services_stops_the_gateway() -> None:
    with pytest.raises(ValueError, match="dogs is of booking and of groupwalk"):
        public_openapi.routes({"booking": document("/dogs"), "groupwalk": document("/dogs/{id}")})
