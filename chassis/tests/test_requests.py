"""What every service does with every request: ids, deadline, problems, log lines, metrics."""

import json
import subprocess
import sys

import httpx
import pytest

from chassis.testing import HANG_S, Served, eventually


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_refusal_is_problem_json(served: Served) -> None:
    answer = httpx.get(f"{served.url}/refused", headers={"x-request-id": "asked-by-a-test"}, timeout=HANG_S)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"] == "asked-by-a-test"
    assert answer.json() == {
        "type": "/problems/not-found",
        "title": "Not found",
        "status": 404,
        "detail": "No such walk.",
        "instance": "/refused",
        "retryable": False,
        "correlation_id": "asked-by-a-test",
        "hint": "look elsewhere",
    }


@pytest.mark.parametrize("offered", ["short", "has spaces in it", "x" * 200, 'quote"quote', "-starts-badly"])
def test_an_id_that_is_not_well_formed_is_replaced(served: Served, offered: str) -> None:
    taken = httpx.get(f"{served.url}/healthz", headers={"x-request-id": offered}, timeout=HANG_S).headers[
        "x-request-id"
    ]
    assert taken != offered
    assert len(taken) == 36


def test_a_defect_says_nothing_of_itself(served: Served) -> None:
    answer = httpx.get(f"{served.url}/defect", params={"secret": "canary-7261"}, timeout=HANG_S)
    assert (answer.status_code, answer.json()["type"]) == (500, "/problems/internal-error")
    assert "canary" not in answer.text
    assert "ValueError" not in answer.text


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        (b"{", 400, "malformed-request"),
        (b'{"dogs": "two"}', 422, "invalid-request"),
        (b"[]", 422, "invalid-request"),
        (b'{"dogs": ' + b" " * 2000 + b"1}", 413, "body-too-large"),
    ],
)
def test_a_bad_body_is_a_problem(served: Served, body: bytes, status: int, name: str) -> None:
    answer = httpx.post(
        f"{served.url}/walks", content=body, headers={"content-type": "application/json"}, timeout=HANG_S
    )
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{name}")


def test_a_body_that_is_nested_too_deeply_is_refused_in_a_sentence(served: Served) -> None:
    headers = {"content-type": "application/json"}
    refused = httpx.post(f"{served.url}/walks", content=b"[" * 999, headers=headers, timeout=HANG_S)
    assert (refused.status_code, refused.json()["type"]) == (400, "/problems/malformed-request")
    assert refused.json()["detail"].endswith(".")


def test_a_body_that_grows_too_large_is_refused_while_it_comes(served: Served) -> None:
    parts = (b"x" * 400 for _ in range(10))
    answer = httpx.post(
        f"{served.url}/walks", content=parts, headers={"content-type": "application/json"}, timeout=HANG_S
    )
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/body-too-large")


def test_a_method_that_is_not_taken_is_told_all_that_are(served: Served) -> None:
    answer = httpx.put(f"{served.url}/walks", json={}, timeout=HANG_S)
    assert (answer.status_code, answer.json()["type"]) == (405, "/problems/method-not-allowed")
    assert answer.headers["allow"] == "GET, POST"


def test_an_address_of_its_own_is_no_id_of_another(served: Served) -> None:
    answer = httpx.get(f"{served.url}/walks/preview", timeout=HANG_S)
    assert (answer.status_code, answer.json()["type"]) == (405, "/problems/method-not-allowed")
    assert answer.headers["allow"] == "POST"
    wrong = httpx.get(f"{served.url}/walks/nonsense", timeout=HANG_S)
    assert (wrong.status_code, wrong.json()["type"]) == (422, "/problems/invalid-request")


@pytest.mark.parametrize(
    ("prefix", "instance"),
    [
        ("/api/v1", "/api/v1/refused"),
        ("", "/refused"),
        ("http://elsewhere.example", "/refused"),
        ("/a b", "/refused"),
        ("/" + "x" * 500, "/refused"),
    ],
)
def test_a_problem_names_the_address_that_was_asked_for(served: Served, prefix: str, instance: str) -> None:
    answer = httpx.get(f"{served.url}/refused", headers={"x-forwarded-prefix": prefix}, timeout=HANG_S)
    assert answer.json()["instance"] == instance


@pytest.mark.parametrize("path", ["/slow", "/away"])
def test_whatever_may_be_tried_again_says_when(served: Served, path: str) -> None:
    answer = httpx.get(f"{served.url}{path}", headers={"x-deadline-ms": "200"}, timeout=HANG_S)
    assert answer.status_code in (503, 504)
    assert int(answer.headers["retry-after"]) >= 1


def test_a_service_that_is_not_ready_says_when_to_ask_again(serving, relay) -> None:
    served = serving(database_pool_timeout_s=0.2)
    relay.cut()
    answer = eventually(lambda: _unready(served), "it is not ready")
    assert int(answer.headers["retry-after"]) >= 1


def _unready(served: Served) -> httpx.Response | None:
    answer = httpx.get(f"{served.url}/readyz", timeout=HANG_S)
    return answer if answer.status_code == 503 else None


def test_a_callers_deadline_is_kept(served: Served) -> None:
    answer = httpx.get(f"{served.url}/slow", headers={"x-deadline-ms": "50"}, timeout=HANG_S)
    assert (answer.status_code, answer.json()["type"]) == (504, "/problems/upstream-timeout")


def test_metrics_know_templates_and_no_paths(served: Served) -> None:
    httpx.get(f"{served.url}/no-such-page-4711", timeout=HANG_S)
    shown = _shown_once(served, 'http_requests_total{method="GET",route="unmatched",status="404"}')
    assert "no-such-page" not in shown


def _shown_once(served: Served, expected: str) -> str:
    def shown() -> str | None:
        page = httpx.get(f"{served.url}/metrics", timeout=HANG_S).text
        return page if expected in page else None

    return eventually(shown, f"{expected} is shown")  # a request is counted after its answer


def test_a_record_is_one_json_line_whatever_people_typed() -> None:
    typed = 'a "quote"\nFAKE {"level": "ERROR"}\r\x1b[31m'
    script = (
        "import sys, logging\nfrom chassis import logs\nlogs.configure('trial', 'INFO')\n"
        "logs.get('walks').info('noted', note=sys.argv[1])\nlogging.getLogger('library').warning('said %s', sys.argv[1])\n"
    )
    ran = subprocess.run([sys.executable, "-c", script, typed], capture_output=True, text=True, check=True)
    records = lines(ran.stdout)
    assert len(records) == 2
    assert records[0]["note"] == typed
    assert records[0]["event"] == "noted"
    assert [record["level"] for record in records] == ["INFO", "WARN"]
    for record in records:
        assert {"correlation_id", "trace_id", "service", "timestamp"} <= set(record)
