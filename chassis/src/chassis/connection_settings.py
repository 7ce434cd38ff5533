"""What every service reads from its environment about the connections of its clients."""

import ipaddress
from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _networks(text: str) -> Sequence[Network]:
    return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())


def _check_networks(text: str) -> str:
    try:
        _networks(text)
    except ValueError:
        # `*` neither: whoever reaches the port could write any address.
        raise ValueError("write addresses or networks like 10.0.0.7, 10.1.0.0/16, with commas between them") from None
    return text


class ConnectionSettings(BaseSettings):
    """Bounds on what a client may bring, hold and take."""

    max_connections: int = Field(default=2048, ge=1, le=1_000_000)
    max_connections_per_address: int = Field(
        default=512, ge=1, le=1_000_000, description="Not of proxies. An IPv6 network of 64 bits is one address."
    )
    max_header_bytes: int = Field(default=32 * 1024, ge=1024, le=2**20)
    max_header_lines: int = Field(default=100, ge=10, le=10_000)
    header_timeout_s: float = Field(
        default=10.0, gt=0, le=3600, description="From a request's first byte to the end of its headers."
    )
    body_timeout_s: float = Field(
        default=10.0, gt=0, le=3600, description="How far a body may fall behind its least rate."
    )
    body_least_bytes_per_s: int = Field(default=1024, ge=1, le=2**30)
    keep_alive_s: float = Field(default=75.0, gt=0, le=86_400, description="How long a connection may be idle.")
    unread_answer_timeout_s: float = Field(
        default=30.0, gt=0, le=3600, description="How long a client may take less than 30 KiB of a waiting answer."
    )
    forwarded_allow_ips: Annotated[str, AfterValidator(_check_networks)] = Field(
        default="",
        description="Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed: addresses and networks.",
    )

    @property
    def proxies(self) -> Sequence[Network]:
        """The networks of the proxies that are believed."""
        return _networks(self.forwarded_allow_ips)
