"""Traces in a process of its own: exported where an endpoint is configured, and ids in log lines and requests everywhere."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

_ASKED = """
import asyncio, json, sys, httpx
from chassis import logs, tracing
from chassis.observe import Observed

async def app(scope, receive, send):
    logs.get("walks").info("noted", **tracing.outgoing())
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})

async def ask(headers):
    transport = httpx.ASGITransport(Observed(app, 5, 1000))
    async with httpx.AsyncClient(transport=transport, base_url="http://trial") as client:
        await client.get("/walks", headers=headers)

logs.configure("trial", "INFO")
traces = tracing.configure("trial", sys.argv[1] or None)
asyncio.run(ask(json.loads(sys.argv[2])))
traces.shutdown()
"""
_TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
_CALLERS = {"traceparent": f"00-{_TRACE}-00f067aa0ba902b7-01"}
_NOT_RECORDED = {"traceparent": f"00-{_TRACE}-00f067aa0ba902b7-00"}  # by a caller that has no endpoint itself


@contextmanager
def collector() -> Iterator[tuple[str, list[Span]]]:
    """Be a collector of traces. Yields its address, and what it was sent."""
    kept: list[Span] = []

    class Collecting(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = ExportTraceServiceRequest.FromString(self.rfile.read(int(self.headers["content-length"])))
            kept.extend(span for of in sent.resource_spans for scope in of.scope_spans for span in scope.spans)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Collecting)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", kept
    server.shutdown()
    server.server_close()
    thread.join()


def records_of_a_request(endpoint: str, headers: dict[str, str]) -> list[dict[str, str]]:
    command = [sys.executable, "-c", _ASKED, endpoint, json.dumps(headers)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in ran.stdout.splitlines()]


@pytest.mark.parametrize("headers", [{}, _CALLERS])
def test_without_an_endpoint_ids_are_in_every_line_and_go_on(headers: dict[str, str]) -> None:
    noted, request = records_of_a_request("", headers)
    _, trace_id, span_id, _ = noted["traceparent"].split("-")
    assert trace_id == noted["trace_id"] == request["trace_id"]
    assert span_id == noted["span_id"] == request["span_id"]
    assert int(trace_id, 16)
    assert int(span_id, 16)
    assert trace_id == _TRACE or not headers


@pytest.mark.parametrize("headers", [{}, _CALLERS, _NOT_RECORDED])
def test_with_an_endpoint_the_collector_gets_the_span_that_the_lines_name(headers: dict[str, str]) -> None:
    with collector() as (endpoint, kept):
        noted, request = records_of_a_request(endpoint, headers)
    (span,) = kept
    assert (span.trace_id.hex(), span.span_id.hex()) == (noted["trace_id"], noted["span_id"])
    assert (request["trace_id"], request["span_id"]) == (noted["trace_id"], noted["span_id"])
    assert noted["traceparent"] == f"00-{span.trace_id.hex()}-{span.span_id.hex()}-{noted['traceparent'][-2:]}"
    assert int(noted["traceparent"][-2:], 16) & 1, "whoever is asked records too"
    assert span.name == "GET unmatched"
    found = {one.key: one.value for one in span.attributes}
    assert found["http.response.status_code"].int_value == 204
    assert found["packwalk.correlation_id"].string_value == request["correlation_id"]
    assert not headers or (span.trace_id.hex(), span.parent_span_id.hex()) == (_TRACE, "00f067aa0ba902b7")
