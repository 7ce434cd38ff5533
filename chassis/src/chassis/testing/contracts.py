"""Events as a contract allows them: for tests that a reader can read whatever fits."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from hypothesis import strategies as st

_TEXTS = {
    "uuid": st.uuids().map(str),
    "date": st.dates().map(str),
    "date-time": st.datetimes(timezones=st.just(UTC)).map(lambda at: at.isoformat()),
}
_PLAIN = {
    "null": st.none(),
    "boolean": st.booleans(),
    "number": st.floats(allow_nan=False, allow_infinity=False),
}


def fitting(schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """Make values that fit a schema of the kind that `contracts/events/` uses. Raises KeyError for words that it does not use."""
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return st.one_of([_of_kind(kind, schema) for kind in kinds])


def _of_kind(kind: str, schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    if kind == "object":
        members = {name: fitting(member) for name, member in schema["properties"].items()}
        needed = {name: members.pop(name) for name in schema["required"]}
        # A newer writer may say more than this schema knows.
        return st.fixed_dictionaries(needed, optional={**members, "said-by-a-newer-version": st.integers()})
    if kind == "array":
        return st.lists(fitting(schema["items"]), min_size=schema.get("minItems", 0), max_size=3)
    if kind == "integer":
        return st.integers(schema.get("minimum"), schema.get("maximum", 2**31 - 1))
    if kind == "string":
        if "pattern" in schema:
            return st.from_regex(schema["pattern"].replace("$", r"\Z"))
        return _TEXTS[schema["format"]] if "format" in schema else st.text(max_size=20)
    return _PLAIN[kind]
