"""OpenTelemetry traces. Recorded and exported only where an OTLP endpoint is configured; a collector that is away slows nobody down.

Without one a span still has its ids: log lines carry them, and so does what is asked of other services.
"""

import logging
import os
from collections.abc import Mapping

from opentelemetry import propagate, trace
from opentelemetry.sdk.environment_variables import OTEL_TRACES_SAMPLER
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ALWAYS_ON

from chassis.span_exporter import CountingBatchProcessor

tracer = trace.get_tracer("packwalk")


def configure(service: str, endpoint: str | None) -> TracerProvider:
    """Install the process's tracer provider. endpoint: an OTLP/HTTP base address, or None to export nothing."""
    # Recording what nobody will read takes a sixth of the gateway's time. Where it is read everything is recorded, unless the usual
    # variable says otherwise: also what a caller did not record, who may have no endpoint.
    own = None if os.environ.get(OTEL_TRACES_SAMPLER) else ALWAYS_ON
    sampler = own if endpoint else ALWAYS_OFF
    provider = TracerProvider(sampler, Resource.create({"service.name": service}))
    if endpoint:
        # Every batch that fails is an error to the SDK, and headers that it cannot read are printed with what is secret in them.
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
        provider.add_span_processor(CountingBatchProcessor(endpoint))
    trace.set_tracer_provider(provider)
    return provider


def outgoing() -> dict[str, str]:
    """Return the headers that carry the current trace to another service."""
    headers: dict[str, str] = {}
    propagate.inject(headers)
    return headers


def parent(headers: Mapping[str, str]) -> object:
    """Read the trace that a caller carries on; None where there is none."""
    return propagate.extract(headers) if "traceparent" in headers else None
