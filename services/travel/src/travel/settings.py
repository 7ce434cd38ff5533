"""All that travel reads from its environment."""

from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, field_validator, model_validator

from chassis.setting_types import HeaderKey, HttpUrl, Port, key_for_headers
from chassis.settings import ServiceSettings
from travel.clients.google_routes import Traffic
from travel.rules.model import Source


class Settings(ServiceSettings):
    """Travel's own settings, beside every service's."""

    port: Port = 8002
    travel_provider: Source | None = Field(
        default=None, description="Without it: google_routes with a key, else estimate."
    )
    google_maps_api_key: HeaderKey | None = None
    google_maps_api_key_file: Path | None = None
    google_maps_base_url: HttpUrl = "https://maps.googleapis.com"
    google_routes_base_url: HttpUrl = "https://routes.googleapis.com"
    google_routes_traffic: Traffic = "TRAFFIC_AWARE"

    travel_buffer_minutes: int = Field(default=15, ge=0, le=120)
    travel_cache_hours: float = Field(default=24, ge=0, le=24 * 30, description="0: nothing is kept at all.")
    travel_estimate_cache_minutes: float = Field(default=5, ge=0, le=60)
    travel_memory_entries: int = Field(default=50_000, ge=1, le=10_000_000)
    travel_sweep_s: float = Field(default=600, gt=0, le=86_400)

    travel_budget_s: float = Field(default=1.5, gt=0, le=10, description="Within this every question is answered.")
    travel_requests_at_once: int = Field(default=16, ge=1, le=100)
    travel_breaker_failures: int = Field(default=5, ge=1, le=1000)
    travel_breaker_rest_s: float = Field(default=30, gt=0, le=86_400)
    travel_refused_rest_s: float = Field(
        default=600, gt=0, le=86_400, description="After a refusal that an operator must settle."
    )

    booking_jwks_url: HttpUrl = "http://127.0.0.1:8001/.well-known/jwks.json"

    @field_validator("travel_provider", "google_maps_api_key_file", mode="before")
    @classmethod
    def _nothing_is_no_choice(cls, given: object) -> object:
        return given or None

    @model_validator(mode="after")
    def _has_a_key_where_one_is_needed(self) -> Self:
        key = self.key  # also where no provider is named: a file that cannot be read is a mistake
        if self.travel_provider not in (None, Source.ESTIMATE) and key is None:
            raise ValueError(
                f"TRAVEL_PROVIDER={self.travel_provider} needs GOOGLE_MAPS_API_KEY or GOOGLE_MAPS_API_KEY_FILE"
            )
        return self

    @property
    def key(self) -> SecretStr | None:
        """Return Google's key. Raises ValueError when the file that shall hold it cannot be read."""
        if self.google_maps_api_key and self.google_maps_api_key.get_secret_value():
            return self.google_maps_api_key
        if self.google_maps_api_key_file is None:
            return None
        try:
            text = self.google_maps_api_key_file.read_text().strip()
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "it is no text"
            raise ValueError(f"GOOGLE_MAPS_API_KEY_FILE cannot be read: {why}") from None
        return key_for_headers(SecretStr(text)) if text else None

    @property
    def source(self) -> Source:
        """Return who is asked."""
        return self.travel_provider or (Source.GOOGLE_ROUTES if self.key else Source.ESTIMATE)
