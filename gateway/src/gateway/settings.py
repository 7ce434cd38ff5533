"""All that the gateway reads from its environment."""

from typing import Annotated, Literal

from limits import parse_many
from pydantic import AfterValidator, DirectoryPath, Field

from chassis.setting_types import Filled, HttpUrl, Port
from chassis.settings import KeySettings


def _rate(text: str) -> str:
    try:
        limits = parse_many(text)
    except ValueError:
        limits = []
    if len(limits) != 1 or limits[0].amount < 1:
        raise ValueError("must be one limit of at least 1, like 10/minute or 100/hour")
    return text


Rate = Annotated[str, AfterValidator(_rate)]


class Settings(KeySettings):
    """The gateway's own settings, beside every service's. Limits are written as `limits` reads them: `10/minute`."""

    port: Port = 8080
    metrics_port: int = Field(
        default=0, ge=0, le=65535, description="Serves /metrics, beside the public port; 0: nowhere."
    )
    metrics_host: Filled = "127.0.0.1"
    booking_url: HttpUrl = "http://127.0.0.1:8001"
    travel_url: HttpUrl = "http://127.0.0.1:8002"
    upstream_timeout_s: float = Field(default=10.0, gt=0, le=3600)
    upstream_connections: int = Field(
        default=16, ge=1, le=10_000, description="Requests that a service is given at once."
    )
    upstream_connections_per_organization: int = Field(
        default=4, ge=1, le=10_000, description="How many of these may be one organization's."
    )
    upstream_wait_s: float = Field(
        default=5.0, gt=0, le=3600, description="How long a request waits for its turn at a service."
    )
    requests_waiting_per_organization: int = Field(default=256, ge=1, le=100_000)
    requests_per_account: int = Field(
        default=64, ge=1, le=100_000, description="Passed on and not answered yet, in one process."
    )
    unread_bytes_per_account: int = Field(
        default=8 * 2**20,
        ge=1,
        le=2**40,
        description="Of answers that a client has not taken yet; with more it gets no others.",
    )

    frontend_dir: DirectoryPath | None = None

    registration_open: bool = True
    cookie_secure: Literal["auto", "yes", "no"] = "auto"
    session_cache_s: float = Field(default=5.0, ge=0, le=10)
    notifications_keep_days: int = Field(default=180, ge=1, le=3650)
    streams_per_account: int = Field(default=5, ge=1, le=1000, description="In one process.")
    stream_heartbeat_s: float = Field(default=10.0, gt=0, le=15)
    tell_again_s: float = Field(default=5.0, gt=0, le=3600)

    sign_in_failures_free: int = Field(
        default=5, ge=1, le=100, description="Wrong passwords without a wait, by business, e-mail and address."
    )
    sign_in_delay_first_s: float = Field(default=1.0, gt=0, le=3600, description="Then twice as long each time.")
    sign_in_delay_longest_s: float = Field(default=900.0, gt=0, le=24 * 3600)
    sign_ins_per_address: Rate = "600/minute"
    registrations_per_address: Rate = "600/minute"
    writes_per_account: Rate = "12000/minute"

    @property
    def services(self) -> dict[str, str]:
        """Return the services behind the gateway, which has their routes from their OpenAPI documents, and their addresses."""
        return {"booking": self.booking_url, "travel": self.travel_url}

    @property
    def ports(self) -> dict[str, tuple[str, int]]:
        """Return where the gateway listens; the metrics' port is another one."""
        metrics = {"METRICS_PORT": (self.metrics_host, self.metrics_port)} if self.metrics_port else {}
        return {**super().ports, **metrics}

    @property
    def secure(self) -> bool:
        """Whether cookies are for https only."""
        return self.environment == "production" if self.cookie_secure == "auto" else self.cookie_secure == "yes"

    @property
    def cookie_name(self) -> str:
        """The session cookie's name; over https one that no neighbouring host can set."""
        return "__Host-packwalk" if self.secure else "packwalk"

    @property
    def device_cookie_name(self) -> str:
        """The name of the cookie by which a browser is known again."""
        return f"{self.cookie_name}-device"
