"""What every service reads from its environment; a service's own settings extend this."""

from pathlib import Path
from typing import Literal, Self

from pydantic import DirectoryPath, Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from chassis.connection_settings import ConnectionSettings
from chassis.setting_types import Brokers, Filled, HttpUrl, HttpUrlOrNothing, Port, PostgresUrl, TopicPrefix

_SAMPLE = "packwalk-development"  # what docker-compose.yml takes where nobody set a password
_SECRETS = "/run/secrets"  # where containers are given files, each named like a setting
_REPOSITORY = Path(__file__).parents[3]


class ServiceSettings(ConnectionSettings):
    """Twelve-factor settings: unprefixed variables of the process, or files of secrets; safe defaults for a laptop."""

    model_config = SettingsConfigDict(
        extra="ignore",
        frozen=True,
        allow_inf_nan=False,
        # Whoever prints what pydantic says of a setting would print its value.
        hide_input_in_errors=True,
        secrets_dir=_SECRETS if Path(_SECRETS).is_dir() else None,
    )

    environment: Literal["development", "production"] = "development"
    host: Filled = "127.0.0.1"
    port: Port = 8000
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    database_url: PostgresUrl = SecretStr("postgresql://127.0.0.1:5432/postgres")
    migrations_database_url: PostgresUrl | None = None
    database_pool_size: int = Field(default=16, ge=1, le=200)
    database_pool_timeout_s: float = Field(default=2.0, gt=0, le=600)
    database_pool_max_waiting: int = Field(default=256, ge=1, le=100_000)
    database_statement_timeout_ms: int = Field(default=5000, ge=100, le=3_600_000)
    database_lock_timeout_ms: int = Field(default=3000, ge=100, le=3_600_000)

    max_body_bytes: int = Field(default=256 * 1024, ge=1, le=2**30)
    max_bodies_bytes: int = Field(
        default=64 * 2**20, ge=1, le=2**40, description="Of the bodies of all requests in progress."
    )
    request_timeout_s: float = Field(default=15.0, gt=0, le=3600)
    shutdown_grace_s: int = Field(default=10, ge=1, le=3600)

    kafka_bootstrap_servers: Brokers = Field(default="127.0.0.1:9092", description="Empty: no event leaves or arrives.")
    kafka_prefix: TopicPrefix = Field(
        default="", description="Before every topic and group: installations may share a broker."
    )
    kafka_instance: str = Field(default="", description="A replica's name in its group; empty: made of host and port.")
    outbox_poll_s: float = Field(default=0.1, gt=0, le=3600)
    outbox_keep_hours: int = Field(default=24, ge=0, le=87_600)
    inbox_keep_days: int = Field(default=30, ge=15, le=3650, description="Longer than topics keep events.")
    contracts_dir: DirectoryPath = _REPOSITORY / "contracts"

    otel_exporter_otlp_endpoint: HttpUrlOrNothing | None = Field(
        default=None, description="Unset: spans have ids, which logs carry, and are not recorded."
    )

    token_issuer: Filled = "packwalk-gateway"  # noqa: S105 - a name, no secret
    jwks_url: HttpUrl = "http://127.0.0.1:8080/.well-known/jwks.json"
    token_key_file: Path | None = Field(
        default=None, description="The key that this service's own tokens are signed with."
    )

    @property
    def ports(self) -> dict[str, tuple[str, int]]:
        """Return where the service listens: a port's setting -> its host and the port."""
        return {"PORT": (self.host, self.port)}

    @model_validator(mode="after")
    def _no_sample_secret(self) -> Self:
        for url in (self.database_url, self.migrations_database_url):
            if self.environment == "production" and url and _SAMPLE in url.get_secret_value():
                raise ValueError(f"the database's password is the sample one ({_SAMPLE}); set another in production")
        return self


class KeySettings(ServiceSettings):
    """The settings of a service that keeps idempotency keys."""

    idempotency_hours: int = Field(default=24, ge=1, le=87_600)
    idempotency_sweep_s: float = Field(default=600, gt=0, le=86_400)
