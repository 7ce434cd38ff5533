"""Whatever lies at the edge of its type, no service fails by it: every parameter and field of every operation of every document.

What was written in spite of being so odd can be read back, in every list, page by page.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest

from tests.contracts import edges
from tests.contracts.conftest import Services
from tests.contracts.place import STREAM, Asked, Place
from tests.contracts.wrong_requests import Document

JSON = {"content-type": "application/json"}
# An account may have five streams at once, and guess a password now and then.
LIMITED = (STREAM, "post /session", "put /session/password")


@pytest.fixture(scope="module")
def place(services: Services) -> Iterator[Place]:
    """A business of this module's own."""
    with closing(Place(services)) as made:
        yield made


class Found:
    """What was answered: how often which status, and what should never have been."""

    def __init__(self) -> None:
        self.statuses: dict[int, int] = {}
        self.failures: list[str] = []

    def ask(self, asked: Asked, path: str, what: object, **request: Any) -> None:
        """Send a request as whoever may, and note the answer. what: the edge that is in it."""
        method = asked.name.partition(" ")[0]
        headers = {"x-idempotency-key": str(uuid4()), **request.pop("headers", {})}
        for who in asked.people:
            status = _status(who, asked.name == STREAM, method, path, headers=headers, **request)
            if status != 403:
                break
        self.statuses[status] = self.statuses.get(status, 0) + 1
        # Whoever is told to come back later has not been judged.
        if status >= 500 or (status == 429 and asked.name not in LIMITED):
            self.failures.append(f"{asked.name} {what!r:.200}: {status}")


def _status(who: httpx.Client, endless: bool, method: str, path: str, **request: Any) -> int:
    if not endless:
        return who.request(method, path, **request).status_code
    with who.stream(method, path, **request) as answer:
        return answer.status_code


def ask_with_every_edge(place: Place, asked: Asked, found: Found) -> None:
    """Send an operation every edge of every parameter and of every field of its body, one at a time."""
    document, own = asked.document, place.path(asked.template)
    body = document.body(asked.operation)
    good = {"content": json.dumps(document.good(body)), "headers": JSON} if body else {}
    query = {p["name"]: place.ids.get(p["name"], place.town.day(0)) for p in asked.parameters("query") if p["required"]}
    for edge in document.edges(body) if body else ():
        found.ask(asked, own, edge, content=json.dumps(edge), headers=JSON, params=query)
    for parameter in asked.parameters("query"):
        for text in _texts(document, parameter):
            # A lone surrogate has no bytes; those that a careless program would send for it are no UTF-8.
            sent = "&".join(f"{name}={_quoted(value)}" for name, value in {**query, parameter["name"]: text}.items())
            found.ask(asked, f"{own}?{sent}", (parameter["name"], text), **good)
    for parameter in asked.parameters("path"):
        for text in _texts(document, parameter):
            if text not in ("", " "):
                path = place.path(asked.template.replace(f"{{{parameter['name']}}}", _quoted(text[:2000])))
                found.ask(asked, path, (parameter["name"], text), params=query, **good)
    # What is removed is removed once, and others need it.
    for parameter in asked.parameters("header") if not asked.name.startswith("delete") else ():
        for text in ("", '"', '"x', "ÿ", "x" * 5000, edges.NOBODY, f'"{edges.NOBODY}"', "0", "-1", str(2**63)):
            headers = {**(JSON if body else {}), parameter["name"]: text.encode("latin-1")}
            found.ask(asked, own, (parameter["name"], text), params=query, **{**good, "headers": headers})


def _texts(document: Document, parameter: Mapping[str, Any]) -> list[str]:
    own = edges.cursors() if parameter["name"] == "cursor" else document.edges(parameter["schema"])
    return sorted({str(edge) for edge in own if not isinstance(edge, list | dict)})


def _quoted(text: str) -> str:
    return quote(text[:20_000].encode("utf-8", "surrogatepass"), safe="")


def read_everything(place: Place) -> dict[str, int]:
    """Read every list to its end, a row a page, and the calendar at its ends. Returns how much there is in each."""
    office, walker = place.asking.office, place.town.walker
    lists = ("/services", "/walkers", "/bookings", "/series", "/dogs", "/locations", "/organization/accounts")
    counts = {path: len(list(_rows(office, path))) for path in (*lists, f"/walkers/{walker}/time-off")}
    for first, last in (("0001-01-01", "0001-01-03"), ("9999-12-01", "9999-12-31"), ("9998-12-01", "9998-12-31")):
        answer = office.get("/calendar", params={"walker_id": walker, "from": first, "to": last})
        assert answer.status_code == 200, answer.text
        assert list(_rows(office, "/bookings", {"from": first, "to": last})) == []
    everything = {"from": "0001-01-01", "to": "9999-12-31"}
    assert len(list(_rows(office, "/bookings", everything))) == counts["/bookings"]
    return counts


def _rows(who: httpx.Client, path: str, params: Mapping[str, str] | None = None) -> Iterator[Any]:
    cursor: str | None = None
    while True:
        answer = who.get(path, params={**(params or {}), "limit": "1", **({"cursor": cursor} if cursor else {})})
        assert answer.status_code == 200, answer.text
        yield from answer.json()["items"]
        cursor = answer.json()["next_cursor"]
        if cursor is None:
            return


def _belongs(service: str, asked: Asked) -> bool:
    # What the gateway passes on it does not read: the services behind it are asked directly, and the gateway with addresses only.
    return service != "gateway" or not _behind(asked.template)


def _behind(template: str) -> bool:
    return template.split("/")[1] not in ("organizations", "organization", "accounts", "session", "notifications")


@pytest.mark.parametrize("service", ["travel", "booking", "gateway"])
def test_no_edge_is_a_failure_and_what_was_written_is_read_back(place: Place, service: str) -> None:
    found = Found()
    for asked in place.operations(service):
        if _belongs(service, asked):
            ask_with_every_edge(place, asked, found)
    assert found.failures == []
    # Requests that only ever are refused at the door would show nothing.
    assert found.statuses.get(200, 0) + found.statuses.get(201, 0) > 20
    assert found.statuses.get(422, 0) > 50
    assert all(read_everything(place).values())


def test_what_the_gateway_passes_on_is_no_failure_either(place: Place) -> None:
    found = Found()
    for asked in place.operations("gateway"):
        if _behind(asked.template):
            for parameter in asked.parameters("query") + asked.parameters("path"):
                _ask_with(found, place, asked, parameter)
    assert found.failures == []


def _ask_with(found: Found, place: Place, asked: Asked, parameter: Mapping[str, Any]) -> None:
    own = place.path(asked.template)
    for text in (
        "\x00",
        "\ud800",
        "ÿ",
        "/",
        "..",
        "%",
        "x" * 5000,
        edges.cursor(["a\x00", edges.NOBODY]),
        "9999-12-31",
    ):
        if parameter["in"] == "query":
            found.ask(asked, f"{own}?{parameter['name']}={_quoted(text)}", text)
        else:
            found.ask(asked, place.path(asked.template.replace(f"{{{parameter['name']}}}", _quoted(text))), text)
