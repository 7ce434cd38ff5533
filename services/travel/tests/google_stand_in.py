"""A stand-in for Google's two APIs: a real HTTP server that answers as their documentation says, and fails in every way they can.

Its fidelity is checked with Google's own client, `googlemaps`. Traffic goes by the hour of departure, in UTC: rush hours take twice as
long as nights.
"""

import json
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "AIzaCanary-of-the-tests-0123456789"
_MODES = ("driving", "walking", "bicycling", "transit")
_ROUTES_MODES = ("DRIVE", "WALK", "BICYCLE", "TRANSIT")
_RUSH = {7: 1.6, 8: 2.0, 9: 1.5, 16: 1.5, 17: 2.0, 18: 1.7}
_RPC = {
    "INVALID_ARGUMENT": (400, 3),
    "API_KEY_INVALID": (400, 3),
    "UNAUTHENTICATED": (401, 16),
    "PERMISSION_DENIED": (403, 7),
    "RESOURCE_EXHAUSTED": (429, 8),
    "DAILY_LIMIT": (429, 8),
    "INTERNAL": (500, 13),
    "UNAVAILABLE": (503, 14),
}
Point = tuple[float, float]


@dataclass
class Asked:
    """One request, as it arrived."""

    api: str
    origins: list[Point]
    destinations: list[Point]
    mode: str
    departs_at: datetime | None
    headers: dict[str, str]
    target: str
    body: Any = None

    @property
    def elements(self) -> int:
        return len(self.origins) * len(self.destinations)


@dataclass
class Google:
    """How it behaves, and what it was asked; `strayed`: at addresses that neither API has.

    `how`: always; `next`: the next requests, one each; `cells`: one pair's status.

    A `how` is ok, any status of either API, http 500 (or any number), garbage, half, redirect, hang up; slow and drip last until it is
    `over`.
    """

    how: str = "ok"
    next: deque[str] = field(default_factory=deque)
    cells: Callable[[Point, Point], str] = lambda _o, _d: "OK"
    delay_s: float = 0
    jam: float = 1  # how many times longer every way takes
    requests: list[Asked] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)
    url: str = ""
    raw: bytes | None = None
    strayed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.gate.set()

    @property
    def billed(self) -> int:
        """How many elements were asked for."""
        return sum(asked.elements for asked in self.requests)

    def start(self) -> "Google":
        google = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                _distance_matrix(google, self)

            def do_POST(self) -> None:
                _routes(google, self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            request_queue_size = 256
            daemon_threads = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                """Clients that hang up are what some tests are about."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        self.gate.set()
        self.over.set()
        self._server.shutdown()
        self._server.server_close()


def way(o: Point, d: Point, departs_at: datetime | None) -> tuple[int, int, int]:
    """Metres, seconds, and seconds with traffic; not the same in both directions, as roads are."""
    metres = int((abs(o[0] - d[0]) * 111_000 + abs(o[1] - d[1]) * 70_000) * 1.2) + (17 if o < d else 0)
    seconds = metres // 9
    return metres, seconds, int(seconds * _RUSH.get(departs_at.hour if departs_at else 12, 1.0))


def _how(google: Google, asked: Asked) -> str:
    how = google.next.popleft() if google.next else google.how
    google.requests.append(asked)
    google.gate.wait()
    if google.delay_s:
        time.sleep(google.delay_s)
    return how


def _send(handler: Any, status: int, body: bytes, kind: str = "application/json; charset=UTF-8") -> None:
    handler.send_response(status)
    handler.send_header("content-type", kind)
    handler.send_header("content-length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def _misbehaves(google: Google, handler: Any, how: str, body: bytes) -> bool:
    """Do what has nothing to do with either API."""
    if google.raw is not None:
        _send(handler, 200, google.raw)
    elif how.startswith("http "):
        _send(handler, int(how[5:]), b"<html>Error</html>", "text/html")
    elif how == "garbage":
        _send(handler, 200, b'{"rows": [{"elem')
    elif how == "redirect":
        handler.send_response(302)
        handler.send_header("location", f"{google.url}/elsewhere")
        handler.send_header("content-length", "0")
        handler.end_headers()
    elif how == "hang up":
        handler.close_connection = True
    elif how == "slow":
        google.over.wait()
        _send(handler, 200, body)
    elif how == "drip":
        handler.send_response(200)
        handler.send_header("content-length", "1000000000")
        handler.end_headers()
        while not google.over.wait(0.05):
            handler.wfile.write(b" ")
            handler.wfile.flush()
        handler.close_connection = True
    else:
        return False
    return True


# --- Distance Matrix -------------------------------------------------------------------------------------------------


def _points(text: str) -> list[Point]:
    return [(float(lat), float(lng)) for lat, lng in (one.split(",") for one in text.split("|"))]


def _distance_matrix(google: Google, handler: Any) -> None:
    parts = urlsplit(handler.path)
    given = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if parts.path != "/maps/api/distancematrix/json":
        google.strayed.append(handler.path)
        _send(handler, 404, b"<html>404</html>", "text/html")
        return
    if "origins" not in given or "destinations" not in given:
        _send(handler, 200, _said("INVALID_REQUEST", "Missing the 'origins' or 'destinations' parameter."))
        return
    departs = given.get("departure_time")
    at = datetime.now(UTC) if departs == "now" else datetime.fromtimestamp(int(departs), UTC) if departs else None
    asked = Asked(
        "distance_matrix", _points(given["origins"]), _points(given["destinations"]), given.get("mode", "driving"), at,
        dict(handler.headers), handler.path,
    )  # fmt: skip
    how = _how(google, asked)
    body = _matrix_body(google, asked, half=how == "half")
    if _misbehaves(google, handler, how, body):
        return
    said = _refusal(asked, given) if how in ("ok", "half") else how
    _send(handler, 200, _said(said, f"This is {said}.") if said else body)


def _refusal(asked: Asked, given: dict[str, str]) -> str | None:
    if given.get("key") != KEY:
        return "REQUEST_DENIED"
    if len(asked.origins) > 25 or len(asked.destinations) > 25:
        return "MAX_DIMENSIONS_EXCEEDED"
    if asked.elements > 100:
        return "MAX_ELEMENTS_EXCEEDED"
    past = asked.departs_at is not None and asked.departs_at.timestamp() < time.time() - 1
    return "INVALID_REQUEST" if past or asked.mode not in _MODES else None


def _said(status: str, message: str) -> bytes:
    words = {
        "destination_addresses": [],
        "error_message": message,
        "origin_addresses": [],
        "rows": [],
        "status": status,
    }
    return json.dumps(words).encode()


def _matrix_body(google: Google, asked: Asked, *, half: bool) -> bytes:
    rows: list[dict[str, list[Any]]] = [
        {"elements": [_element(google, asked, o, d) for d in asked.destinations]} for o in asked.origins
    ]
    if half:
        for row in rows:
            row["elements"] = [None if n % 2 else element for n, element in enumerate(row["elements"])]
    return json.dumps(
        {
            "destination_addresses": [f"{lat},{lng}" for lat, lng in asked.destinations],
            "origin_addresses": [f"{lat},{lng}" for lat, lng in asked.origins],
            "rows": rows,
            "status": "OK",
        }
    ).encode()


def _element(google: Google, asked: Asked, o: Point, d: Point) -> dict[str, Any]:
    status = google.cells(o, d)
    if status != "OK":
        return {"status": status}
    metres, seconds, traffic = way(o, d, asked.departs_at)
    seconds, traffic = int(seconds * google.jam), int(traffic * google.jam)
    element: dict[str, Any] = {
        "distance": {"text": f"{metres / 1000:.1f} km", "value": metres},
        "duration": {"text": f"{seconds // 60} mins", "value": seconds},
        "status": "OK",
    }
    if asked.mode == "driving" and asked.departs_at is not None:
        element["duration_in_traffic"] = {"text": f"{traffic // 60} mins", "value": traffic}
    return element


# --- Routes ----------------------------------------------------------------------------------------------------------


def _latlng(waypoint: Any) -> Point:
    point = waypoint["waypoint"]["location"]["latLng"]
    return point["latitude"], point["longitude"]


def _routes(google: Google, handler: Any) -> None:
    body = json.loads(handler.rfile.read(int(handler.headers["content-length"])))
    if handler.path != "/distanceMatrix/v2:computeRouteMatrix":
        google.strayed.append(handler.path)
        _send(handler, 404, b"<html>404</html>", "text/html")
        return
    departs = body.get("departureTime")
    asked = Asked(
        "routes", [_latlng(o) for o in body["origins"]], [_latlng(d) for d in body["destinations"]],
        body.get("travelMode", "DRIVE"), datetime.fromisoformat(departs) if departs else None,
        {name.lower(): value for name, value in handler.headers.items()}, handler.path, body,
    )  # fmt: skip
    how = _how(google, asked)
    elements = _stream(google, asked, half=how == "half")
    if _misbehaves(google, handler, how, json.dumps(elements).encode()):
        return
    said = _routes_refusal(asked) if how in ("ok", "half") else how
    if said:
        status, code = _RPC[said]
        _send(handler, status, json.dumps([{"error": _rpc_error(said, status, code)}]).encode())
    else:
        _send(handler, 200, json.dumps(elements).encode())


def _rpc_error(said: str, status: int, code: int) -> dict[str, Any]:
    error: dict[str, Any] = {"code": status, "message": f"This is {code}.", "status": said}
    if said == "API_KEY_INVALID":
        error["status"] = "INVALID_ARGUMENT"
        error["details"] = [
            {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": said, "domain": "googleapis.com"}
        ]
    if said == "DAILY_LIMIT":
        error["status"] = "RESOURCE_EXHAUSTED"
        error["details"] = [
            {"reason": "RATE_LIMIT_EXCEEDED", "metadata": {"quota_limit": "ComputeRouteMatrixElementsPerDay"}}
        ]
    return error


def _routes_refusal(asked: Asked) -> str | None:
    preference = asked.body.get("routingPreference")
    few = asked.mode == "TRANSIT" or preference == "TRAFFIC_AWARE_OPTIMAL"
    past = asked.departs_at is not None and asked.departs_at.timestamp() < time.time() - 1
    if asked.headers.get("x-goog-api-key") != KEY:
        return "API_KEY_INVALID"
    wrong = (
        not asked.headers.get("x-goog-fieldmask")
        or asked.elements > (100 if few else 625)
        or asked.mode not in _ROUTES_MODES
        or (preference and asked.mode != "DRIVE")
        or (past and asked.mode != "TRANSIT")
        or (asked.departs_at is not None and asked.mode == "DRIVE" and not preference)
    )
    return "INVALID_ARGUMENT" if wrong else None


def _stream(google: Google, asked: Asked, *, half: bool) -> list[dict[str, Any]]:
    mask = asked.headers.get("x-goog-fieldmask", "").split(",")
    found = []
    for i, o in enumerate(asked.origins):
        for j, d in enumerate(asked.destinations):
            element = {"originIndex": i, "destinationIndex": j, **_route(google, asked, o, d)}
            # JSON leaves zeros out, and the mask all that was not asked for.
            found.append({name: value for name, value in element.items() if name in mask and value != 0})
    found.reverse()  # any order is allowed
    return found[::2] if half else found


def _route(google: Google, asked: Asked, o: Point, d: Point) -> dict[str, Any]:
    status = google.cells(o, d)
    if status in ("ZERO_RESULTS", "ROUTE_NOT_FOUND"):
        return {"status": {}, "condition": "ROUTE_NOT_FOUND"}
    if status != "OK":
        code = {"NOT_FOUND": 5}.get(status, 13)
        return {"status": {"code": code, "message": f"This is {status}."}}
    metres, seconds, traffic = way(o, d, asked.departs_at)
    seconds, traffic = int(seconds * google.jam), int(traffic * google.jam)
    seconds = traffic if asked.body.get("routingPreference", "").startswith("TRAFFIC_AWARE") else seconds
    return {"status": {}, "condition": "ROUTE_EXISTS", "distanceMeters": metres, "duration": f"{seconds}s"}
