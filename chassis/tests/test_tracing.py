"""Traces in a process of its own: exported where an endpoint is configured, and ids in log lines and requests everywhere."""

import json
import os
import socket
import subprocess
import sys
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from chassis.testing import collector, free_port

_ASKED = """
import asyncio, json, sys, httpx
from chassis import logs, tracing
from chassis.request_middleware import RequestMiddleware
from chassis.request_body import BodyReader

async def app(scope, receive, send):
    logs.get("walks").info("noted", **tracing.outgoing())
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})

async def ask(headers):
    transport = httpx.ASGITransport(RequestMiddleware(app, 5, BodyReader(1000, 1000)))
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


def spans(sent: list[bytes]) -> list[Span]:
    """Read what a collector was sent."""
    of = [resource for body in sent for resource in ExportTraceServiceRequest.FromString(body).resource_spans]
    return [span for resource in of for scope in resource.scope_spans for span in scope.spans]


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
    (span,) = spans(kept)
    assert (span.trace_id.hex(), span.span_id.hex()) == (noted["trace_id"], noted["span_id"])
    assert (request["trace_id"], request["span_id"]) == (noted["trace_id"], noted["span_id"])
    assert noted["traceparent"] == f"00-{span.trace_id.hex()}-{span.span_id.hex()}-{noted['traceparent'][-2:]}"
    assert int(noted["traceparent"][-2:], 16) & 1, "whoever is asked records too"
    assert span.name == "GET unmatched"
    found = {one.key: one.value for one in span.attributes}
    assert found["http.response.status_code"].int_value == 204
    assert found["packwalk.correlation_id"].string_value == request["correlation_id"]
    assert not headers or (span.trace_id.hex(), span.parent_span_id.hex()) == (_TRACE, "00f067aa0ba902b7")


_AWAY = """
import json, sys, threading
from prometheus_client import REGISTRY
from chassis import logs, tracing

def say(word):
    print(json.dumps({"event": word, "dropped": REGISTRY.get_sample_value("spans_dropped_total")}), flush=True)

logs.configure("trial", "INFO")
traces = tracing.configure("trial", sys.argv[1])
for line in sys.stdin:
    for _ in range(int(line)):
        tracing.tracer.start_span("walk").end()
    if len(sys.argv) == 2:
        traces.force_flush()
    say("ended")
traces.shutdown()
say("over")
"""


class Tracing:
    """A process that ends as many spans as it is told."""

    def __init__(self, endpoint: str, *, flushes: bool = True) -> None:
        command = [sys.executable, "-c", _AWAY, endpoint, *([] if flushes else ["waits"])]
        secret = {**os.environ, "OTEL_EXPORTER_OTLP_HEADERS": "no header but canary of a token"}
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, env=secret, stdin=pipe, stdout=pipe, stderr=pipe, text=True)

    def ends(self, spans: int) -> list[dict[str, Any]]:
        """End some spans. Returns what was said until then."""
        self._process.stdin.write(f"{spans}\n")
        self._process.stdin.flush()
        return self._until("ended")

    def is_over(self) -> list[dict[str, Any]]:
        """End it. Returns what was said until then."""
        self._process.stdin.close()
        said = self._until("over")
        assert self._process.wait() == 0
        assert self._process.stderr.read() == ""
        self._process.stdout.close()
        self._process.stderr.close()
        return said

    def _until(self, event: str) -> list[dict[str, Any]]:
        said: list[dict[str, Any]] = []
        while not said or said[-1]["event"] != event:
            line = self._process.stdout.readline()
            assert line, self._process.stderr.read()
            assert "canary" not in line
            said.append(json.loads(line))
        return said


def test_a_collector_that_is_away_is_one_line_and_one_more_when_it_is_back() -> None:
    port = free_port()
    trial = Tracing(f"http://127.0.0.1:{port}")
    gone, ended = trial.ends(3)
    assert (gone["event"], gone["level"]) == ("the collector of traces is away: spans are dropped", "WARN")
    assert gone["collector"] == f"http://127.0.0.1:{port}"
    assert ended["dropped"] == 3
    [ended] = trial.ends(4)
    assert ended["dropped"] == 7
    with collector(port) as (_, kept):
        back, ended = trial.ends(2)
        assert (back["event"], back["spans_dropped"]) == ("the collector of traces is back", 7)
        assert ended["dropped"] == 7
        assert len(spans(kept)) == 2
        [over] = trial.is_over()
    assert over["dropped"] == 7


def test_spans_for_which_there_is_no_room_are_counted_and_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as never_answers:
        trial = Tracing(f"http://127.0.0.1:{never_answers.getsockname()[1]}", flushes=False)
        *_, ended = trial.ends(10_000)
        said = trial.is_over()
    assert ended["dropped"] > 10_000 - 4_096
    assert said[-1]["dropped"] == 10_000
    assert len([one for one in said if one["event"] not in ("ended", "over")]) <= 1
