"""Businesses and people of their own for every test, and clients that are signed in as them."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import psycopg

from chassis.testing import HANG_S, ServiceDatabase

PASSWORD = "packwalk-demo"


@dataclass(frozen=True)
class Person:
    """Somebody with an account, and a client that is signed in by bearer token."""

    account: dict[str, Any]
    email: str
    token: str
    client: httpx.Client


class Business:
    """A new organization with its admin. Close it at the end."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.slug = f"river-{uuid4().hex[:12]}"
        self.anybody = httpx.Client(base_url=f"{url}/api/v1", timeout=HANG_S)
        self._clients = [self.anybody]
        made = self.anybody.post("/organizations", json=self.wish("admin"))
        assert made.status_code == 201, made.text
        self.organization = made.json()["organization"]
        self.admin = self.signed_in(self.email("admin"))

    def email(self, name: str) -> str:
        return f"{name}@{self.slug}.example"

    def wish(self, name: str) -> dict[str, Any]:
        admin = {"name": "Ada Office", "email": self.email(name), "password": PASSWORD}
        return {
            "slug": self.slug,
            "name": "River",
            "time_zone": "Europe/London",
            "currency": "GBP",
            "admin": admin,
        }

    def customer(self, name: str) -> Person:
        body = {"organization": self.slug, "name": name, "email": self.email(name), "password": PASSWORD}
        made = self.anybody.post("/accounts", json=body)
        assert made.status_code == 201, made.text
        return self.signed_in(self.email(name))

    def walker(self, name: str) -> Person:
        body = {"role": "walker", "name": name, "email": self.email(name), "password": PASSWORD}
        made = self.admin.client.post("/organization/accounts", json=body)
        assert made.status_code == 201, made.text
        return self.signed_in(self.email(name))

    def sign_in(self, email: str, password: str = PASSWORD) -> httpx.Response:
        body = {"email": email, "password": password, "organization": self.slug}
        return self.anybody.post("/session", json=body)

    def signed_in(self, email: str) -> Person:
        answer = self.sign_in(email)
        self.anybody.cookies.clear()
        assert answer.status_code == 200, answer.text
        client = self.browser({"authorization": f"Bearer {answer.json()['token']}"})
        return Person(answer.json()["account"], email, answer.json()["token"], client)

    def browser(self, headers: dict[str, str] | None = None) -> httpx.Client:
        """Return a client with a cookie jar of its own."""
        client = httpx.Client(base_url=f"{self.url}/api/v1", timeout=HANG_S, headers=headers or {})
        self._clients.append(client)
        return client

    def close(self) -> None:
        for client in self._clients:
            client.close()


def stored(database: ServiceDatabase, email: str) -> str:
    """Return the password hash that is stored for an e-mail."""
    with psycopg.connect(database.admin_url) as admin:
        row = admin.execute("SELECT password_hash FROM accounts WHERE email = %s", (email,)).fetchone()
    assert row
    return str(row[0])


def store(database: ServiceDatabase, email: str, password_hash: str) -> None:
    """Store a password hash for an e-mail."""
    with psycopg.connect(database.admin_url) as admin:
        admin.execute("UPDATE accounts SET password_hash = %s WHERE email = %s", (password_hash, email))
