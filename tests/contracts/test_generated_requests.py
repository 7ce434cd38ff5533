"""Whatever Schemathesis makes of a document, right or wrong, the service answers as the document says: status, media type and schema.

The requests are the same in every run. `test_edges.py` goes to the edges of each field; here the fields go wrong together.
"""

from collections.abc import Iterator
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import schemathesis
import yaml
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from chassis.testing import HANG_S, response_checks
from chassis.testing.openapi import Exchange
from tests.contracts.asking import PREFIX
from tests.contracts.conftest import Services
from tests.contracts.place import DOCUMENTS, LEFT_OUT, STREAM, Place

CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
SEED = 20_400_102
EACH = settings(
    max_examples=5,
    deadline=None,
    database=None,
    derandomize=False,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def place(services: Services) -> Iterator[Place]:
    """A business of this module's own: other tests look for what they have written in theirs."""
    with closing(Place(services)) as made:
        yield made


def operations(service: str) -> Iterator[APIOperation[Any, Any, Any, Any]]:
    """Yield the operations of a service's document that end, and that end no session."""
    document = yaml.safe_load((DOCUMENTS / f"{service}.yaml").read_text())
    for result in schemathesis.openapi.from_dict(document).get_all_operations():
        operation = result.ok()  # type: ignore[union-attr]  # Err raises what is wrong with the document
        if f"{operation.method} {operation.path.removeprefix(PREFIX)}" not in (LEFT_OUT, STREAM):
            yield operation


def ask(case: Case[Any], who: httpx.Client, statuses: dict[int, int]) -> None:
    """Send a generated request as somebody. Raises AssertionError for a response that is not as the document says."""
    url = str(who.base_url.copy_with(path="/")).rstrip("/")
    response = case.call(base_url=url, headers={"authorization": who.headers["authorization"]}, timeout=HANG_S)
    statuses[response.status_code] = statuses.get(response.status_code, 0) + 1
    assert response.status_code < 500, f"{case.method} {case.path}: {response.text}"
    case.validate_response(response, checks=CHECKS)
    media_type = response.headers.get("content-type", [""])[0].partition(";")[0]
    path = urlsplit(response.request.url or "").path
    exchange = Exchange(case.method, path, response.status_code, media_type, response.content)
    response_checks.check(url, exchange)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("service", ["travel", "booking", "gateway"])
def test_every_response_is_what_the_document_says(place: Place, service: str, mode: GenerationMode) -> None:
    customer, office = place.people(service)
    statuses: dict[int, int] = {}
    for operation in operations(service):
        known = {name: value for name, value in place.ids.items() if f"{{{name}}}" in operation.path}

        @seed(SEED)
        @EACH
        @given(operation.as_strategy(mode, path_parameters=known if mode is GenerationMode.POSITIVE else None))
        def as_documented(case: Case[Any]) -> None:
            ask(case, customer, statuses)
            ask(case, office, statuses)

        as_documented()
    # Requests that are all refused, or none of them, would show little.
    assert statuses.get(422 if mode is GenerationMode.NEGATIVE else 200)
