"""Types of the fields that people fill in: e-mail, password, slug, time zone, currency."""

import re
import unicodedata
from functools import cache
from typing import Annotated, Any
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BeforeValidator, Field

from gateway.rules.currencies import CURRENCIES
from gateway.rules.password_spelling import can_be_typed, normalized

_LONGEST_TYPED = 800
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
    # Lower case may come apart again where the capital letter has no composed form.
    return unicodedata.normalize("NFC", checked.normalized.lower())


def _new_password(value: str) -> str:
    if len(value) > _LONGEST_TYPED:
        return value  # refused for its length
    if not can_be_typed(value):
        raise ValueError("Please use only characters that can be typed.")
    return normalized(value)


def _encodable(value: str) -> str:
    if "\x00" in value or any(0xD800 <= ord(c) < 0xE000 for c in value):
        raise ValueError("Please use only characters that can be typed.")
    return value


def _slug(value: str) -> str:
    if not _SLUG.fullmatch(value):
        raise ValueError("Use small letters, digits and dashes only, like riverside-walks.")
    return value


def _folded(value: str) -> str:
    return unicodedata.normalize("NFKC", value).strip().casefold()


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
# Former passwords may have 200 characters, and four times as many where a keyboard sends accents apart.
Password = Annotated[str, BeforeValidator(_text), Field(max_length=_LONGEST_TYPED), AfterValidator(_encodable)]
NewPassword = Annotated[
    str,
    BeforeValidator(_text),
    AfterValidator(_new_password),
    Field(
        min_length=8,
        max_length=128,
        description="8 to 128 characters, any that can be typed; not what many people have, nor a name of one's own.",
        examples=["four dogs and one lead"],
    ),
]
# The slug of an existing business, as people remember it.
TypedSlug = Annotated[
    str,
    BeforeValidator(_text),
    Field(max_length=63, examples=["riverside"]),
    AfterValidator(_folded),
    AfterValidator(_slug),
]
Slug = Annotated[str, BeforeValidator(_text), Field(max_length=63, examples=["riverside"]), AfterValidator(_slug)]
TimeZone = Annotated[str, BeforeValidator(_text), Field(examples=["Europe/London"]), AfterValidator(_time_zone)]
Currency = Annotated[str, BeforeValidator(_text), Field(examples=["GBP"]), AfterValidator(_currency)]
