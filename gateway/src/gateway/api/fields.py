"""The shapes of what people enter: e-mail, password, slug, time zone, currency."""

import re
from functools import cache
from typing import Annotated, Any
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BeforeValidator, Field

from gateway.currencies import CURRENCIES

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def _text(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError("Please enter text.")  # noqa: TRY004 - pydantic turns only ValueError into a field error
    return value


def _email(value: str) -> str:
    try:
        checked = validate_email(value.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValueError("Please enter an e-mail address like ann@example.com.") from error
    return checked.normalized.lower()


def _encodable(value: str) -> str:
    if "\x00" in value or any(0xD800 <= ord(c) < 0xE000 for c in value):
        raise ValueError("Please use only characters that can be typed.")
    return value


def _slug(value: str) -> str:
    if not _SLUG.fullmatch(value):
        raise ValueError("Use small letters, digits and dashes only, like riverside-walks.")
    return value


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(name for name in available_timezones() if "/" in name or name == "UTC")


def _time_zone(value: str) -> str:
    if value not in _time_zones():
        raise ValueError("Please choose a zone like Europe/London.")
    return value


def _currency(value: str) -> str:
    if value not in CURRENCIES:
        raise ValueError("Please choose one like GBP, EUR or USD.")
    return value


Email = Annotated[
    str, BeforeValidator(_text), Field(max_length=254, examples=["ann@example.com"]), AfterValidator(_email)
]
Password = Annotated[str, BeforeValidator(_text), Field(max_length=200), AfterValidator(_encodable)]
NewPassword = Annotated[
    str,
    BeforeValidator(_text),
    Field(min_length=8, max_length=200, description="At least 8 characters."),
    AfterValidator(_encodable),
]
Slug = Annotated[str, BeforeValidator(_text), Field(max_length=63, examples=["riverside"]), AfterValidator(_slug)]
TimeZone = Annotated[str, BeforeValidator(_text), Field(examples=["Europe/London"]), AfterValidator(_time_zone)]
Currency = Annotated[str, BeforeValidator(_text), Field(examples=["GBP"]), AfterValidator(_currency)]
