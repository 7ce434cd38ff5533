"""What is wrong with a request's fields, in sentences for the person who filled them in. Programs read the fields' paths.

A sentence never names its field: the page shows it beside the field's own label.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

_FRAMES = ("body", "query", "path", "header", "cookie")
_AT_MOST = 50

FILL_IN = "Please fill this in."
_TEXT = "Please enter text."
_WHOLE_NUMBER = "Please enter a whole number."
_NUMBER = "Please enter a number."
_DAY = "Please enter a day that exists, like 2026-12-07."
_TIME = "Please enter a time that exists, like 09:00."
_INSTANT = "Please enter a day and a time that exist."
_CHOICE = "Please choose one of the options."
_UNREADABLE = "We cannot read this. Please enter it again."

# By pydantic's types of errors; where a type is missing here, its first word decides, and at last `_UNREADABLE`.
_SENTENCES = {
    "missing": FILL_IN,
    "extra_forbidden": "We do not know what this is. Please leave it out.",
    "bool_type": "Please answer with yes or no.",
    "bool_parsing": "Please answer with yes or no.",
    "int_type": _WHOLE_NUMBER,
    "int_parsing": _WHOLE_NUMBER,
    "int_parsing_size": "This number is too large.",
    "int_from_float": _WHOLE_NUMBER,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "string_type": _TEXT,
    "string_unicode": "Please use only characters that can be typed.",
    "literal_error": _CHOICE,
    "enum": _CHOICE,
    "list_type": "Please choose one or more.",
    "uuid_type": _CHOICE,
    "uuid_parsing": _CHOICE,
}
_BY_FIRST_WORD = {"date": _DAY, "time": _TIME, "datetime": _INSTANT, "timezone": _INSTANT}


def _characters(number: int) -> str:
    return "1 character" if number == 1 else f"{number} characters"


def _text_too_short(said: Mapping[str, Any]) -> str:
    least: int = said["min_length"]
    return FILL_IN if least == 1 else f"Use at least {_characters(least)}."


def _text_too_long(said: Mapping[str, Any]) -> str:
    return f"Use {_characters(said['max_length'])} at most."


def _plain(number: float) -> str:
    return f"{number:,.0f}" if number == int(number) else f"{number:g}"


def _too_few(said: Mapping[str, Any]) -> str:
    least: int = said["min_length"]
    return "Please choose at least one." if least == 1 else f"Please choose at least {least}."


_WITH_LIMITS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "string_too_short": _text_too_short,
    "string_too_long": _text_too_long,
    "too_short": _too_few,
    "too_long": lambda said: f"Please choose {said['max_length']} at most.",
    "greater_than_equal": lambda said: f"This must be {_plain(said['ge'])} or more.",
    "less_than_equal": lambda said: f"This must be {_plain(said['le'])} or less.",
}


def fields_of(errors: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Say what pydantic found: `[{"path", "message"}]`, each path once."""
    found: dict[str, str] = {}
    for error in errors:
        if len(found) == _AT_MOST:
            break
        found.setdefault(_path(error["loc"]), sentence(error))
    return [{"path": path, "message": message} for path, message in found.items()]


def detail_of(fields: Sequence[Mapping[str, str]]) -> str:
    """Sum up what is wrong with the fields, without naming one."""
    messages = list(dict.fromkeys(field["message"] for field in fields))
    if len(messages) == 1:
        return messages[0]
    return f"There are {len(fields)} things to correct. The first: {messages[0]}"


def sentence(error: Mapping[str, Any]) -> str:
    """Put one of pydantic's errors into words."""
    kind: str = error["type"]
    if kind == "value_error":
        return str(error["ctx"]["error"])
    if error.get("input", "") is None:
        return FILL_IN
    if kind in ("too_short", "too_long") and isinstance(error["input"], str):
        # pydantic measures what one of our own validators has seen first as if it were a list.
        kind = f"string_{kind}"
    if kind in _WITH_LIMITS:
        return _WITH_LIMITS[kind](error["ctx"])
    return _SENTENCES.get(kind) or _BY_FIRST_WORD.get(kind.partition("_")[0], _UNREADABLE)


def _path(loc: Sequence[int | str]) -> str:
    named = loc[1:] if loc and loc[0] in _FRAMES else loc
    return ".".join(str(part) for part in named) or "body"
