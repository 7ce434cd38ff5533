"""All that the gateway reads from its environment."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from chassis.settings import KeySettings


class Settings(KeySettings):
    """The gateway's own settings, beside every service's. Limits are written as `limits` reads them: `10/minute`."""

    port: int = 8080
    metrics_port: int = Field(
        default=0, ge=0, le=65535, description="Serves /metrics, beside the public port; 0: nowhere."
    )
    metrics_host: str = "127.0.0.1"
    booking_url: str = "http://127.0.0.1:8001"
    travel_url: str = "http://127.0.0.1:8002"
    upstream_timeout_s: float = Field(default=10.0, gt=0)
    upstream_connections: int = Field(default=256, ge=1)

    frontend_dir: Path | None = None

    registration_open: bool = True
    cookie_secure: Literal["auto", "yes", "no"] = "auto"
    session_cache_s: float = Field(default=5.0, ge=0, le=10)
    notifications_keep_days: int = Field(default=180, ge=1)
    streams_per_account: int = Field(default=5, ge=1, description="In one process.")
    stream_heartbeat_s: float = Field(default=10.0, gt=0, le=15)
    tell_again_s: float = Field(default=5.0, gt=0)

    sign_in_failures_per_account_and_address: str = "10/minute"
    sign_in_failures_per_account: str = "100/minute"
    sign_ins_per_address: str = "600/minute"
    registrations_per_address: str = "600/minute"
    writes_per_account: str = "12000/minute"

    @property
    def secure(self) -> bool:
        """Whether cookies are for https only."""
        return self.environment == "production" if self.cookie_secure == "auto" else self.cookie_secure == "yes"

    @property
    def cookie_name(self) -> str:
        """The session cookie's name; over https one that no neighbouring host can set."""
        return "__Host-packwalk" if self.secure else "packwalk"
