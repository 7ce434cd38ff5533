"""All that booking reads from its environment."""

from pydantic import Field

from chassis.setting_types import HttpUrlOrNothing, Port
from chassis.settings import KeySettings


class Settings(KeySettings):
    """Booking's own settings, beside every service's."""

    port: Port = 8001
    travel_url: HttpUrlOrNothing = Field(default="http://127.0.0.1:8002", description="Empty: booking's own estimates.")
    travel_timeout_s: float = Field(default=1.8, gt=0, le=2)
    travel_buffer_minutes: int = Field(default=15, ge=0, le=120)
    restore_minutes: int = Field(default=10, ge=0, le=1440, description="How long a cancellation can be undone.")
    max_occurrences: int = Field(default=366, ge=1, le=1000)
    max_series_months: int = Field(default=24, ge=1, le=60)
