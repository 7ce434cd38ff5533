"""What every service reads from its environment; a service's own settings extend this."""

from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class ServiceSettings(BaseSettings):
    """Twelve-factor settings: unprefixed variables of the process, safe defaults for a laptop."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    environment: Literal["development", "production"] = "development"
    host: str = "127.0.0.1"
    port: int = 8000
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    database_url: SecretStr = SecretStr("postgresql://127.0.0.1:5432/postgres")
    migrations_database_url: SecretStr | None = None
    database_pool_size: int = Field(default=16, ge=1, le=200)
    database_pool_timeout_s: float = Field(default=2.0, gt=0)
    database_pool_max_waiting: int = Field(default=256, ge=1)
    database_statement_timeout_ms: int = Field(default=5000, ge=100)
    database_lock_timeout_ms: int = Field(default=3000, ge=100)

    max_body_bytes: int = 256 * 1024
    request_timeout_s: float = Field(default=15.0, gt=0)
    shutdown_grace_s: int = Field(default=10, ge=1)

    otel_exporter_otlp_endpoint: str | None = None

    token_issuer: str = "packwalk-gateway"  # noqa: S105 - a name, no secret
    jwks_url: str = "http://127.0.0.1:8080/.well-known/jwks.json"
