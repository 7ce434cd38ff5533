"""What this process traces, kept for tests to look at."""

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

# A process has one provider, the first that is set. A service's own would record nothing, for tests have no endpoint.
_provider = TracerProvider()
trace.set_tracer_provider(_provider)


def recorded_spans() -> InMemorySpanExporter:
    """Keep every span that ends from now on, whoever made it."""
    kept = InMemorySpanExporter()
    _provider.add_span_processor(SimpleSpanProcessor(kept))
    return kept
