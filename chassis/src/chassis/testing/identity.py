"""An issuer of tokens for tests, with its JWKS on a real address."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from uuid import UUID, uuid4

from chassis.issuer import Issuer, new_key
from chassis.tokens import Caller, Role


class Identity:
    """Speaks for anybody of any organization. Serves its keys at `jwks_url` until closed."""

    def __init__(self, name: str = "packwalk-gateway") -> None:
        self.issuer = Issuer(new_key, name)
        self.name = name
        body = json.dumps(self.issuer.jwks()).encode()

        class Keys(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Keys)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        self.jwks_url = f"http://127.0.0.1:{self._server.server_port}/.well-known/jwks.json"

    def person(self, role: Role, organization_id: UUID, name: str = "Ann", time_zone: str = "Europe/London") -> Caller:
        """Make up an account."""
        return Caller(uuid4(), organization_id, role, name, time_zone, "GBP")

    def headers(self, audience: str, caller: Caller, lifetime_s: int = 24 * 3600) -> dict[str, str]:
        """Return the header that signs a request in."""
        return {"authorization": f"Bearer {self.issuer.token(audience, caller, lifetime_s)}"}

    def close(self) -> None:
        """Stop serving the keys."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
