"""What the OpenAPI documents say of operations, for programs that are generated from them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.contracts.asking import PREFIX
from tests.contracts.wrong_requests import Document

FILES = sorted((Path(__file__).parents[2] / "contracts" / "openapi").glob("*.yaml"))
DOCUMENTS = {file.stem: yaml.safe_load(file.read_text()) for file in FILES}
OPERATIONS = {
    name: {
        operation["operationId"]: f"{method} {path.removeprefix(PREFIX)}"
        for method, path, operation in Document(document).operations()
    }
    for name, document in DOCUMENTS.items()
}


def defaults(document: Document, schema: Any, where: str = "") -> Iterator[str]:
    """Yield where a body's schema has a default."""
    if "default" in schema:
        yield where
    schema = document.resolved(schema)
    for name, member in schema.get("properties", {}).items():
        yield from defaults(document, member, f"{where}.{name}")
    if "items" in schema:
        yield from defaults(document, schema["items"], f"{where}[]")


@pytest.mark.parametrize("service", DOCUMENTS)
def test_what_a_change_leaves_out_has_no_default_that_a_client_could_fill_in(service: str) -> None:
    document = Document(DOCUMENTS[service])
    changes = [
        (path, document.body(operation)) for method, path, operation in document.operations() if method == "patch"
    ]
    assert [f"{path}{where}" for path, body in changes for where in defaults(document, body)] == []
    assert changes or service == "travel"


@pytest.mark.parametrize("service", DOCUMENTS)
def test_every_operation_has_a_name_of_its_own(service: str) -> None:
    assert len(OPERATIONS[service]) == len(list(Document(DOCUMENTS[service]).operations()))
    assert [name for name in OPERATIONS[service] if not name.isalpha() or not name[0].islower()] == []


@pytest.mark.parametrize("service", ["booking", "travel"])
def test_an_operation_has_the_same_name_in_the_public_document(service: str) -> None:
    assert OPERATIONS[service].items() <= OPERATIONS["gateway"].items()
