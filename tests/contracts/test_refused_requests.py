"""What people read when a form is refused: every refused field of every operation, gathered from the running services.

`contracts/problems/refused-requests.json` holds it; the page's tests read it. `PACKWALK_WRITE_CONTRACTS=1` writes it anew.
"""

import json
import os
import re
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.contracts.asking import PREFIX, Asking, Refusal
from tests.contracts.conftest import Services
from tests.contracts.impossible_requests import ask_for_what_the_business_refuses
from tests.contracts.wrong_requests import Document

REPOSITORY = Path(__file__).parents[2]
CONTRACTS = REPOSITORY / "contracts"
FIXTURE = CONTRACTS / "problems" / "refused-requests.json"


def ask_for_all_that_does_not_fit(asking: Asking, document: Document) -> None:
    """Send every operation every wrong body and parameter that its schema lets one think of."""
    for method, path, operation in document.operations():
        name = f"{method} {path.removeprefix(PREFIX)}"
        body = document.body(operation)
        for wrong in document.wrong(body) if body else ():
            if wrong is None and not operation["requestBody"].get("required"):
                continue
            status = asking.ask(name, json=wrong)
            assert status == 422, f"{name} took {str(wrong)[:200]}: {status}"
        for parameter in operation.get("parameters", ()):
            _ask_with_wrong(asking, document, name, parameter, operation)


def _ask_with_wrong(asking: Asking, document: Document, name: str, parameter: Any, operation: Any) -> None:
    place, called, schema = parameter["in"], parameter["name"], parameter["schema"]
    body = document.body(operation)
    good = {"json": document.good(body)} if body else {}
    query = {
        p["name"]: document.good(p["schema"])
        for p in operation.get("parameters", ())
        if p["in"] == "query" and p.get("required")
    }
    if place == "query" and parameter.get("required"):
        assert asking.ask(name, params={k: v for k, v in query.items() if k != called}, **good) == 422, called
    # Whatever stands in an address is text: a number is no other type there.
    texts = {str(wrong) for wrong in document.wrong(schema) if wrong not in (None, 5, "")} | {"\x07"}
    for text in sorted(texts):
        if place == "query":
            asking.ask(name, params={**query, called: text}, **good)
        elif place == "path" and text.isalpha():
            asking.ask(name, name.split(" ")[1].replace(f"{{{called}}}", text), params=query, **good)
        elif called.lower() == "last-event-id" and text.isprintable():
            asking.ask(name, headers={called: text})


def test_the_committed_refusals_are_what_the_services_say_today(services: Services) -> None:
    document = Document(yaml.safe_load((CONTRACTS / "openapi" / "gateway.yaml").read_text()))
    with closing(Asking(services.gateway + PREFIX)) as asking:
        ask_for_all_that_does_not_fit(asking, document)
        ask_for_what_the_business_refuses(asking, document)
    found = sorted(asking.found, key=lambda one: (one["operation"], json.dumps(one)))
    text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("PACKWALK_WRITE_CONTRACTS"):
        FIXTURE.write_text(text)
    assert text == FIXTURE.read_text(), "run this test with PACKWALK_WRITE_CONTRACTS=1 and read what changed"


def words_of_a_programmer(refusal: Refusal) -> list[str]:
    """Find what nobody should have to read."""
    texts = [refusal["detail"], *(field["message"] for field in refusal["fields"])]
    found = [text for text in texts if _PROGRAMMERS.search(text) or not _SENTENCE.fullmatch(text)]
    names = {name for field in refusal["fields"] for name in field["path"].split(".") if not name.isdigit()}
    return found + [
        text for text in texts for name in names if re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE)
    ]


_PROGRAMMERS = re.compile(
    r"\b(values?|items?|None|null|UUID|JSON|fields?|string|integer)\b|[\[\]{}<>_]|input should", re.IGNORECASE
)
_SENTENCE = re.compile(r"[A-Z][^\n]*[.?]")


def test_every_refusal_is_a_sentence_for_a_person() -> None:
    refusals = json.loads(FIXTURE.read_text())
    assert len(refusals) > 300
    assert {one["operation"]: words for one in refusals if (words := words_of_a_programmer(one))} == {}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("starts_on", "is in the past"),
        ("count", "Count must be 366 at most."),
        ("admin.password", "Value should have at least 8 items after validation, not 3."),
        ("dog_ids.0", "Input should be a valid string."),
        ("kind", "Input should be 'walk' or 'group_walk'."),
        ("label", "Field required."),
        ("label", "The label is missing."),
    ],
)
def test_a_programmers_words_are_found(path: str, text: str) -> None:
    good = {"operation": "x", "fields": [{"path": path, "message": "Please fill this in."}], "detail": text}
    assert words_of_a_programmer(good)
    bad = {"operation": "x", "fields": [{"path": path, "message": text}], "detail": "Please fill this in."}
    assert words_of_a_programmer(bad)
