"""What operators see of travel times being found out: one place for its metrics and log lines. Neither holds a place or the key."""

from prometheus_client import Counter, Gauge, Histogram

from chassis import logs
from travel.model import Reason, Source

log = logs.get("travel")

calls = Counter("travel_provider_calls_total", "Requests to a provider by how they ended.", ["provider", "outcome"])
seconds = Histogram(
    "travel_provider_duration_seconds",
    "Time of a request to a provider.",
    ["provider"],
    buckets=(0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5),
)
billed = Counter(
    "travel_elements_billed_total", "Elements that a provider was asked for, which is what it bills.", ["provider"]
)
lookups = Counter("travel_cache_lookups_total", "Trips by where they were found.", ["result"])
fallbacks = Counter("travel_fallbacks_total", "Trips that were estimated although there is a provider.", ["reason"])
needs_operator = Gauge(
    "travel_provider_needs_operator",
    "1 while the provider refuses us for something only an operator can settle.",
    ["provider"],
)

_OUTCOMES = ("ok", *(reason.value for reason in Reason if not reason.lasts and reason is not Reason.OPEN))
for _result in ("memory", "database", "miss"):
    lookups.labels(_result)
for _reason in Reason:
    fallbacks.labels(_reason.value)


def watch(provider: Source) -> None:
    """Show a provider's metrics from the start, with nothing to complain of."""
    for outcome in _OUTCOMES:
        calls.labels(provider.value, outcome)
    billed.labels(provider.value)
    seconds.labels(provider.value)
    needs_operator.labels(provider.value).set(0)


for _source in (Source.GOOGLE_ROUTES, Source.GOOGLE_DISTANCE_MATRIX):
    watch(_source)


def refused(provider: Source, why: str) -> None:
    """Tell that somebody must do something."""
    needs_operator.labels(provider.value).set(1)
    log.error("provider refuses us: see to the key, the API and the billing", provider=provider.value, why=why)
