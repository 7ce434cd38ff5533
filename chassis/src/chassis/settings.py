"""What every service reads from its environment; a service's own settings extend this."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_SAMPLE = "packwalk-development"  # what docker-compose.yml takes where nobody set a password
_SECRETS = "/run/secrets"  # where containers are given files, each named like a setting
_REPOSITORY = Path(__file__).parents[3]


class ServiceSettings(BaseSettings):
    """Twelve-factor settings: unprefixed variables of the process, or files of secrets; safe defaults for a laptop."""

    model_config = SettingsConfigDict(
        extra="ignore", frozen=True, secrets_dir=_SECRETS if Path(_SECRETS).is_dir() else None
    )

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

    kafka_bootstrap_servers: str = Field(default="127.0.0.1:9092", description="Empty: no event leaves or arrives.")
    kafka_prefix: str = Field(default="", description="Before every topic and group: installations may share a broker.")
    kafka_instance: str = Field(default="", description="A replica's name in its group; empty: made of host and port.")
    outbox_poll_s: float = Field(default=0.1, gt=0)
    outbox_keep_hours: int = Field(default=24, ge=0)
    inbox_keep_days: int = Field(default=30, ge=15, description="Longer than topics keep events.")
    contracts_dir: Path = _REPOSITORY / "contracts"

    otel_exporter_otlp_endpoint: str | None = Field(
        default=None, description="Unset: spans have ids, which logs carry, and are not recorded."
    )

    token_issuer: str = "packwalk-gateway"  # noqa: S105 - a name, no secret
    jwks_url: str = "http://127.0.0.1:8080/.well-known/jwks.json"
    token_key_file: Path | None = Field(
        default=None, description="The key that this service's own tokens are signed with."
    )

    @model_validator(mode="after")
    def _no_sample_secret(self) -> Self:
        for url in (self.database_url, self.migrations_database_url):
            if self.environment == "production" and url and _SAMPLE in url.get_secret_value():
                raise ValueError(f"the database's password is the sample one ({_SAMPLE}); set another in production")
        return self


class KeySettings(ServiceSettings):
    """The settings of a service that keeps idempotency keys."""

    idempotency_hours: int = Field(default=24, ge=1)
    idempotency_sweep_s: float = Field(default=600, gt=0)
