"""Travel's metrics, and the log lines of provider calls. Neither holds a place or the key."""

from prometheus_client import Counter, Gauge, Histogram

from chassis import logs
from travel.rules.model import FallbackReason, Source

log = logs.get("travel")

provider_calls = Counter(
    "travel_provider_calls_total", "Requests to a provider by how they ended.", ["provider", "outcome"]
)
provider_call_s = Histogram(
    "travel_provider_duration_seconds",
    "Time of a request to a provider.",
    ["provider"],
    buckets=(0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5),
)
elements_billed = Counter(
    "travel_elements_billed_total", "Elements that a provider was asked for, which is what it bills.", ["provider"]
)
cache_lookups = Counter("travel_cache_lookups_total", "Trips by where they were found.", ["result"])
fallbacks = Counter("travel_fallbacks_total", "Trips that were estimated although there is a provider.", ["reason"])
needs_operator = Gauge(
    "travel_provider_needs_operator",
    "1 while the provider refuses us for something only an operator can settle.",
    ["provider"],
)

_OUTCOMES = (
    "ok",
    *(reason.value for reason in FallbackReason if not reason.is_permanent and reason is not FallbackReason.OPEN),
)
for _result in ("memory", "database", "miss"):
    cache_lookups.labels(_result)
for _reason in FallbackReason:
    fallbacks.labels(_reason.value)


def reset_provider(provider: Source) -> None:
    """Show a provider's metrics from the start, with nothing to complain of."""
    for outcome in _OUTCOMES:
        provider_calls.labels(provider.value, outcome)
    elements_billed.labels(provider.value)
    provider_call_s.labels(provider.value)
    needs_operator.labels(provider.value).set(0)


for _source in (Source.GOOGLE_ROUTES, Source.GOOGLE_DISTANCE_MATRIX):
    reset_provider(_source)


def access_denied(provider: Source, why: str) -> None:
    """Raise the alarm that an operator must do something."""
    needs_operator.labels(provider.value).set(1)
    log.error("provider refuses us: see to the key, the API and the billing", provider=provider.value, why=why)
