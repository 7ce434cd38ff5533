"""Kinds of settings, checked before anything connects. No message repeats the value: it may hold a password, in its right place or not."""

import re
from typing import Annotated
from urllib.parse import urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict
from pydantic import AfterValidator, Field, SecretStr

_HOST = re.compile(r"[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]")
_AUTHORITY = re.compile(r"(?:(?P<credentials>[^@]*)@)?(?P<hosts>[^@]*)")
_POSTGRES = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?]*)(?:/(?P<name>[^/?@:]*))?(?:\?(?P<query>[^?@]*))?"
)


def _host_and_port(text: str, *, port_needed: bool = False) -> str | None:
    """Say what is wrong with `host` or `host:port`; None when nothing is."""
    host, colon, port = text, "", ""
    if not text.endswith("]"):
        host, colon, port = text.rpartition(":") if ":" in text else (text, "", "")
    if not _HOST.fullmatch(host):
        return "has no host, or one with characters that no host has"
    if (colon or port_needed) and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        return "needs a port from 1 to 65535 after the host and a colon"
    return None


def _http_url(url: str) -> str:
    """Check an address like `http://booking:8001`, below which we ask."""
    wrong = _wrong_http_url(url)
    if wrong:
        raise ValueError(f"{wrong}; it must be an address like http://127.0.0.1:8000")
    return url


def _wrong_http_url(url: str) -> str | None:
    if not url.isascii() or not url.isprintable() or " " in url:
        return "has blanks or characters that no address has"
    try:
        parts = urlsplit(url)
    except ValueError:
        return "is no address"
    if parts.scheme not in ("http", "https"):
        return "does not begin with http:// or https://"
    if "@" in parts.netloc:
        return "must hold no name and no password"
    if "?" in url or "#" in url:
        return "must hold no ? and no #"
    return _host_and_port(parts.netloc)


def _http_url_or_nothing(url: str) -> str:
    return _http_url(url) if url else url


def _postgres_url(secret: SecretStr) -> SecretStr:
    """Check an address of a database by our own grammar, then by libpq's: its messages repeat the address, so none is passed on."""
    wrong = _wrong_postgres_url(secret.get_secret_value())
    if wrong:
        raise ValueError(f"{wrong}; it must be an address like postgresql://role:password@host:5432/database")
    return secret


def _wrong_postgres_url(url: str) -> str | None:
    scheme, found, _ = url.partition("://")
    if not found or scheme not in ("postgresql", "postgres"):
        return "does not begin with postgresql://"
    parts = _POSTGRES.fullmatch(url)
    authority = parts and _AUTHORITY.fullmatch(parts["authority"])
    if not parts or not authority:
        return (
            "cannot be read: @ : / ? # % and blanks in a name or a password are written as %40 %3A %2F %3F %23 %25 %20"
        )
    for host in authority["hosts"].split(","):
        if host and (wrong := _host_and_port(host)):
            return wrong
    return _refused_by_libpq(url)


def _refused_by_libpq(url: str) -> str | None:
    try:
        conninfo_to_dict(url)
    except psycopg.Error:
        return "cannot be read: a % is written as %25, a blank as %20, and only libpq's own parameters may follow the ?"
    return None


def _brokers(text: str) -> str:
    """Check `host:port,host:port`; nothing at all is good as well."""
    for one in text.split(","):
        if one.strip() and (wrong := _host_and_port(one.strip(), port_needed=True)):
            raise ValueError(f"one of its brokers {wrong}; it must be a list like 127.0.0.1:9092,127.0.0.1:9093")
    return text


def _topic_prefix(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._-]{0,100}", text):
        raise ValueError("must hold no more than 100 letters, digits, dots, dashes and underscores, as topics do")
    return text


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return text


def key_for_headers(secret: SecretStr) -> SecretStr:
    """Check a key that is sent in a header: one that no header can hold would be repeated in the client's error."""
    key = secret.get_secret_value().strip()
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ValueError("has blanks or characters that no key has")
    return SecretStr(key)


HttpUrl = Annotated[str, AfterValidator(_http_url)]
HttpUrlOrNothing = Annotated[str, AfterValidator(_http_url_or_nothing)]
PostgresUrl = Annotated[SecretStr, AfterValidator(_postgres_url)]
Brokers = Annotated[str, AfterValidator(_brokers)]
TopicPrefix = Annotated[str, AfterValidator(_topic_prefix)]
Filled = Annotated[str, AfterValidator(_filled)]
HeaderKey = Annotated[SecretStr, AfterValidator(key_for_headers)]
Port = Annotated[int, Field(ge=1, le=65535)]
