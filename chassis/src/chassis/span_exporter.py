"""The way of spans to a collector. One that is away costs a line when it goes, a line when it is back, and its spans, which are counted."""

from collections.abc import Callable, Sequence
from threading import Lock

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from prometheus_client import Counter

from chassis import logs

_WAITING_AT_MOST = 2048
_TIMEOUT_S = 5

dropped_total = Counter("spans_dropped_total", "Spans that no collector took.")
_log = logs.get("tracing")


class CollectorExporter(SpanExporter):
    """Sends spans to an OTLP/HTTP base address. batch_left: hears how many spans wait no more."""

    def __init__(self, endpoint: str, batch_left: Callable[[int], None]) -> None:
        self._batch_left = batch_left
        self._endpoint = endpoint
        self._otlp = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=_TIMEOUT_S)
        self._lost = 0  # since the collector went away
        self._ending = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send spans, in the exporting thread. What is not taken is gone: nobody waits for traces."""
        self._batch_left(len(spans))
        if self._ending and self._lost:
            return self._drop(len(spans))
        if self._otlp.export(spans) is not SpanExportResult.SUCCESS:
            return self._drop(len(spans))
        if self._lost:
            _log.info("the collector of traces is back", collector=self._endpoint, spans_dropped=self._lost)
        self._lost = 0
        return SpanExportResult.SUCCESS

    def _drop(self, count: int) -> SpanExportResult:
        if not self._lost:
            _log.warning("the collector of traces is away: spans are dropped", collector=self._endpoint)
        self._lost += count
        dropped_total.inc(count)
        return SpanExportResult.FAILURE

    def end(self) -> None:
        """Try no more, if the collector is away: nobody shall wait for it at the end."""
        self._ending = True
        if self._lost:
            self._otlp.shutdown()  # type: ignore[no-untyped-call]

    def shutdown(self) -> None:
        """Hang up."""
        if not (self._ending and self._lost):
            self._otlp.shutdown()  # type: ignore[no-untyped-call]


class CountingBatchProcessor(BatchSpanProcessor):
    """Spans on their way. Those for which there is no room are counted as well: the SDK would log each."""

    def __init__(self, endpoint: str) -> None:
        self._collector = CollectorExporter(endpoint, self._left)
        self._counting = Lock()
        self._waiting = 0
        super().__init__(self._collector, max_queue_size=_WAITING_AT_MOST)

    def on_end(self, span: ReadableSpan) -> None:
        """Let a span wait for the next batch; the oldest makes room where there is none."""
        if span.context and span.context.trace_flags.sampled:
            with self._counting:
                full = self._waiting >= _WAITING_AT_MOST
                self._waiting += not full
            if full:
                dropped_total.inc()
        super().on_end(span)

    def _left(self, count: int) -> None:
        with self._counting:
            self._waiting -= count

    def shutdown(self) -> None:
        """Send what waits, unless the collector is away."""
        self._collector.end()
        super().shutdown()  # type: ignore[no-untyped-call]
