"""What the public sees beside the API: the frontend, the contract, health; and what it does not see."""

import gzip
from pathlib import Path

import httpx
import pytest
import yaml
from pydantic import SecretStr

from chassis.server import serve
from chassis.testing import HANG_S, Served, free_port
from conftest import REPOSITORY, Serving
from gateway.app import create_app
from gateway.settings import Settings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A built frontend."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>Packwalk</title>")
    (tmp_path / "assets" / "app-1a2b.js").write_text("walk()")
    (tmp_path / "assets" / "app-1a2b.js.gz").write_bytes(gzip.compress(b"walk()"))
    return tmp_path


def test_the_app_is_shown_at_every_address_and_its_assets_stay(serving: Serving, folder: Path) -> None:
    with serving(frontend_dir=folder, booking_url=f"http://127.0.0.1:{free_port()}") as served:
        for path in ("/", "/book", "/bookings/2026"):
            page = httpx.get(f"{served.url}{path}", timeout=HANG_S)
            assert "Packwalk" in page.text
            assert page.headers["cache-control"] == "no-cache"
        for path in ("x" * 300, "é" * 130, "x/" * 3000):
            assert "Packwalk" in httpx.get(f"{served.url}/{path}", timeout=HANG_S).text
        assert httpx.get(f"{served.url}/assets/{'x' * 300}", timeout=HANG_S).status_code == 404
        script = httpx.get(f"{served.url}/assets/app-1a2b.js", timeout=HANG_S)
        assert (script.text, script.headers["content-encoding"]) == ("walk()", "gzip")
        assert "immutable" in script.headers["cache-control"]
        assert "javascript" in script.headers["content-type"]
        assert httpx.get(f"{served.url}/assets/gone.js", timeout=HANG_S).status_code == 404
        unchanged = httpx.get(
            served.url, headers={"if-none-match": httpx.get(served.url, timeout=HANG_S).headers["etag"]}, timeout=HANG_S
        )
        assert unchanged.status_code == 304
        assert httpx.post(served.url, timeout=HANG_S).status_code == 404


def test_every_answer_makes_browsers_strict(gateway: Served) -> None:
    for path in ("/", "/healthz", "/api/v1/session", "/api/v1/services", "/api/v1/nothing", "/api/v1//"):
        headers = httpx.get(f"{gateway.url}{path}", timeout=HANG_S).headers
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "script-src 'self';" in policy
        for forbidden in ("object-src", "base-uri", "frame-ancestors"):
            assert f"{forbidden} 'none'" in policy
        assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
        assert "access-control-allow-origin" not in headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "strict-transport-security" not in headers
        assert headers["x-request-id"]


def test_https_is_what_a_known_proxy_says(gateway: Served, serving: Serving) -> None:
    said = {"x-forwarded-proto": "https"}
    anybody = httpx.get(f"{gateway.url}/healthz", headers=said, timeout=HANG_S)
    assert "strict-transport-security" not in anybody.headers
    with serving(forwarded_allow_ips="127.0.0.1") as behind_a_proxy:
        over_https = httpx.get(f"{behind_a_proxy.url}/healthz", headers=said, timeout=HANG_S)
    assert "max-age" in over_https.headers["strict-transport-security"]


def test_the_metrics_are_not_for_the_public(serving: Serving) -> None:
    port = free_port()
    with serving(metrics_port=port, booking_url=f"http://127.0.0.1:{free_port()}") as served:
        for path in ("/metrics", "/openapi.json"):
            assert httpx.get(f"{served.url}{path}", timeout=HANG_S).status_code == 404
        inside = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=HANG_S)
        assert 'breaker_state{upstream="booking"} 0.0' in inside.text


def test_the_gateway_is_ready_without_booking_and_says_so(serving: Serving) -> None:
    with serving(booking_url=f"http://127.0.0.1:{free_port()}") as served:
        answer = httpx.get(f"{served.url}/readyz", timeout=HANG_S)
        assert answer.status_code == 200
        assert answer.json()["checks"]["database"] == "ok"
        assert answer.json()["checks"]["booking"] == "nobody listens at its address"


def test_the_contract_holds_everything_and_is_the_committed_one(gateway: Served) -> None:
    shown = httpx.get(f"{gateway.url}/api/v1/openapi.json", timeout=HANG_S).json()
    committed = yaml.safe_load((REPOSITORY / "contracts" / "openapi" / "gateway.yaml").read_text())
    assert shown == committed, "make it anew: python -m gateway openapi > contracts/openapi/gateway.yaml"
    assert {"/api/v1/session", "/api/v1/series", "/api/v1/dogs"} <= set(shown["paths"])
    assert not [path for path in shown["paths"] if "internal" in path]
    docs = httpx.get(f"{gateway.url}/api/v1/docs", timeout=HANG_S)
    assert (docs.status_code, docs.headers["location"]) == (307, "/api-reference.html")


def test_production_does_not_start_without_a_key(tmp_path: Path) -> None:
    for file in (None, tmp_path / "missing.key"):
        app = create_app(
            Settings(environment="production", token_key_file=file, database_url=SecretStr("postgresql://x"))
        )
        with pytest.raises(SystemExit, match="TOKEN_KEY_FILE"):
            serve(app, app.state.settings)
