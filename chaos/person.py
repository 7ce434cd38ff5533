"""Somebody at the public API who asks again until there is an answer, as a page with Retry does."""

import random
import threading
from contextlib import suppress
from typing import Any, Self

import httpx

from chassis.testing import HANG_S, eventually

_LOST = 0.3  # of the first tries
_LOST_WITHIN_S = 0.08


class Person:
    """A client of an installation. chance: which answers get lost on their way."""

    def __init__(self, address: str, chance: random.Random | None = None) -> None:
        self.lost = 0
        self._base = f"{address}/api/v1"
        self._chance = chance
        self._pause = threading.Event()
        self._http = httpx.Client(timeout=HANG_S)

    def sign_in(self, email: str, password: str) -> Self:
        """Sign in."""
        token = self.need("POST", "/session", {"email": email, "password": password})["token"]
        self._http.headers["authorization"] = f"Bearer {token}"
        return self

    def need(self, method: str, path: str, body: Any = None, key: str | None = None) -> Any:
        """Ask for what has to succeed."""
        answer = self.ask(method, path, body, key)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def ask(self, method: str, path: str, body: Any = None, key: str | None = None) -> httpx.Response:
        """Ask until somebody answers; a gateway that is away, or says that something else is, is asked again with the same key."""
        headers = {"x-idempotency-key": key} if key else {}
        if self._chance and self._chance.random() < _LOST:
            self._ask_and_hang_up(method, path, body, headers)

        def answered() -> httpx.Response | None:
            with suppress(httpx.TransportError):
                answer = self._http.request(method, f"{self._base}{path}", json=body, headers=headers)
                if answer.status_code < 500 and answer.status_code != 429 and not _still_running(answer):
                    return answer
                # Nobody is hurried: what is away comes back, and asks to be left alone until then.
                self._pause.wait(0.1)
            return None

        return eventually(answered, f"{method} {path} is answered")

    def _ask_and_hang_up(self, method: str, path: str, body: Any, headers: dict[str, str]) -> None:
        assert self._chance
        limits = httpx.Timeout(HANG_S, read=self._chance.uniform(0.001, _LOST_WITHIN_S))
        try:
            self._http.request(method, f"{self._base}{path}", json=body, headers=headers, timeout=limits)
        except httpx.TransportError:
            self.lost += 1

    def close(self) -> None:
        """Leave."""
        self._http.close()


def _still_running(answer: httpx.Response) -> bool:
    return answer.status_code == 409 and str(answer.json().get("type", "")).endswith("/request-in-progress")
