"""A customer and the office of a business, who ask the running services for what they cannot have."""

import re
from typing import Any
from uuid import uuid4

import httpx

from chassis.testing import HANG_S

PREFIX = "/api/v1"
PASSWORD = "a-password-for-tests"
Refusal = dict[str, Any]


class Asking:
    """Those two. found: what was refused, each only once."""

    def __init__(self, api: str) -> None:
        self.slug = f"river-{uuid4().hex[:12]}"
        self.found: list[Refusal] = []
        self._nobody = httpx.Client(base_url=api, timeout=HANG_S)
        admin = {"name": "Olive", "email": "olive@river.example", "password": PASSWORD}
        made = self._nobody.post("/organizations", json={**self.business(), "admin": admin})
        assert made.status_code == 201, made.text
        ann = {"organization": self.slug, "name": "Ann", "email": "ann@river.example", "password": PASSWORD}
        made = self._nobody.post("/accounts", json=ann)
        assert made.status_code == 201, made.text
        self.ann, self.office = (self._signed_in(api, f"{name}@river.example") for name in ("ann", "olive"))

    def business(self) -> dict[str, Any]:
        return {"slug": self.slug, "name": "River", "time_zone": "Europe/London", "currency": "GBP"}

    def _signed_in(self, api: str, email: str) -> httpx.Client:
        body = {"email": email, "password": PASSWORD, "organization": self.slug}
        token = self._nobody.post("/session", json=body).json()["token"]
        return httpx.Client(base_url=api, timeout=HANG_S, headers={"authorization": f"Bearer {token}"})

    def ask(self, operation: str, path: str | None = None, **request: Any) -> int:
        """Send a request as somebody who may, and keep what is said of its fields. Returns the status."""
        method, template = operation.split(" ")
        url = path or re.sub(r"\{\w+\}", str(uuid4()), template)
        headers = {"x-idempotency-key": str(uuid4()), **request.pop("headers", {})}
        for who in (self.ann, self.office):
            answer = who.request(method, url, headers=headers, **request)
            if answer.status_code != 403:
                break
        if answer.status_code == 422:
            problem = answer.json()
            self._keep({"operation": operation, "fields": problem["fields"], "detail": problem["detail"]})
        return answer.status_code

    def _keep(self, refusal: Refusal) -> None:
        if refusal not in self.found:
            self.found.append(refusal)

    def close(self) -> None:
        for client in (self._nobody, self.ann, self.office):
            client.close()
