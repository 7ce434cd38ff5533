"""`./packwalk demo`: the business `riverside`, made over the public API; a 52-week series there meets every kind of conflict.

Dates are relative to today. What is there already is left alone: it is safe to run twice, also after it was interrupted.
"""

import json
import sys
import urllib.error
import urllib.request
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

from launcher.machine import HANG_S, UserError

PASSWORD = "packwalk-demo"  # noqa: S105 - the demo's, printed for everybody
_SLUG = "riverside"
_DAYS = ("MO", "TU", "WE", "TH", "FR")
_KEYS = uuid.UUID("6f0c6c66-9d5f-4f0e-8a57-5f6f2f1a2c11")
_WALKERS = {
    "Sam Okafor": ("sam", _DAYS, "08:00", "18:00"),
    "Priya Nair": ("priya", _DAYS, "09:00", "17:00"),
    "Tom Evans": ("tom", (*_DAYS[1:], "SA"), "07:30", "16:00"),
}
_SERVICES = {"Neighbourhood walk": (60, 2000), "Long walk": (120, 3400)}
_ANN = {"Home": ("12 Elm Row, Hampstead", 51.5563, -0.1764)}
_BOB = {
    "Home": ("3 Mill Lane, Greenwich", 51.4826, -0.0077),
    "Office": ("40 Upper Street, Islington", 51.5362, -0.1033),
}


class Api:
    """The public API, signed in or not."""

    def __init__(self, address: str, token: str | None = None) -> None:
        self._address = address
        self._token = token

    def call(self, method: str, path: str, body: Any = None, key: str | None = None) -> tuple[int, Any]:
        """Make a request. Returns status and JSON."""
        headers = {"content-type": "application/json"}
        if self._token:
            headers["authorization"] = f"Bearer {self._token}"
        if key:
            headers["x-idempotency-key"] = str(uuid.uuid5(_KEYS, key))
        data = None if body is None else json.dumps(body).encode()
        url = f"{self._address}/api/v1{path}"
        request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310 - our own address
        try:
            with urllib.request.urlopen(request, timeout=HANG_S) as answer:  # noqa: S310
                text = answer.read()
                return answer.status, json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"{}")
        except OSError as error:
            raise UserError(f"Packwalk does not answer at {self._address}; ./packwalk up starts it.") from error

    def need(self, method: str, path: str, body: Any = None, key: str | None = None) -> Any:
        """Make a request that has to succeed. Returns its JSON."""
        status, answer = self.call(method, path, body, key)
        if status >= 400:
            raise UserError(
                f"The demo could not be made: {method} {path} said {status}: {answer.get('detail', answer)}"
            )
        return answer

    def sign_in(self, email: str) -> "Api | None":
        """Sign somebody of the demo in; None when there is no such account."""
        wish = {"email": f"{email}@riverside.example", "password": PASSWORD, "organization": _SLUG}
        status, answer = self.call("POST", "/session", wish)
        if status == 401:
            return None
        if status >= 300:
            raise UserError(f"{email} of the demo cannot sign in ({status}): {answer.get('detail', answer)}")
        return Api(self._address, answer["token"])

    def named(self, path: str, field: str = "name") -> dict[str, str]:
        """List what is there: name -> id."""
        return {item[field]: item["id"] for item in self.need("GET", f"{path}?limit=200")["items"]}


def make(address: str) -> None:
    """Make the demo, or what is missing of it."""
    nobody = Api(address)
    admin = nobody.sign_in("admin") or _register(nobody)
    services = _services(admin)
    walkers = _walkers(admin)
    ann = _customer(nobody, "ann", "Ann Carter", ("Biscuit", "Juno"), _ANN)
    bob = _customer(nobody, "bob", "Bob Lindqvist", ("Rex",), _BOB)
    # Her series is made last.
    if not ann.need("GET", "/series")["items"]:
        _time_off(admin, walkers["Sam Okafor"])
        _fill_calendars(ann, bob, services, walkers)


def _register(nobody: Api) -> Api:
    admin = {"name": "Robin Hale", "email": "admin@riverside.example", "password": PASSWORD}
    business = {"slug": _SLUG, "name": "Riverside Dog Walks", "time_zone": "Europe/London", "currency": "GBP"}
    nobody.need("POST", "/organizations", {**business, "admin": admin})
    signed_in = nobody.sign_in("admin")
    if signed_in is None:
        raise UserError("The demo's business was made, but its office cannot sign in.")
    return signed_in


def _services(admin: Api) -> dict[str, str]:
    there = admin.named("/services")
    for name, (minutes, cents) in _SERVICES.items():
        if name not in there:
            wish = {"kind": "walk", "name": name, "duration_minutes": minutes, "price_cents": cents}
            admin.need("POST", "/services", wish)
    return admin.named("/services")


def _walkers(admin: Api) -> dict[str, str]:
    for name, (email, days, opens, closes) in _WALKERS.items():
        if name not in admin.named("/organization/accounts"):
            account = {"role": "walker", "name": name, "email": f"{email}@riverside.example", "password": PASSWORD}
            admin.need("POST", "/organization/accounts", account)
        walker = admin.named("/organization/accounts")[name]
        if not admin.need("GET", f"/walkers/{walker}")["working_hours"]:
            hours = [{"weekday": day, "opens": opens, "closes": closes} for day in days]
            wish = {"travel_mode": "driving", "working_hours": hours, "active": True}
            admin.need("PUT", f"/walkers/{walker}", wish)
    return admin.named("/walkers")


def _customer(nobody: Api, email: str, name: str, dogs: tuple[str, ...], places: dict[str, Any]) -> Api:
    customer = nobody.sign_in(email)
    if customer is None:
        account = {"organization": _SLUG, "name": name, "email": f"{email}@riverside.example", "password": PASSWORD}
        nobody.need("POST", "/accounts", account)
        customer = nobody.sign_in(email)
    if customer is None:
        raise UserError(f"The demo's customer {name} cannot sign in.")
    for dog in set(dogs) - set(customer.named("/dogs")):
        customer.need("POST", "/dogs", {"name": dog})
    for label in set(places) - set(customer.named("/locations", "label")):
        address, lat, lng = places[label]
        customer.need("POST", "/locations", {"label": label, "address": address, "lat": lat, "lng": lng})
    return customer


def _first_monday() -> date:
    today = datetime.now(UTC).date()
    return today + timedelta(days=7 - today.weekday())


def _fill_calendars(ann: Api, bob: Api, services: dict[str, str], walkers: dict[str, str]) -> None:
    walk, sam, priya = services["Neighbourhood walk"], walkers["Sam Okafor"], walkers["Priya Nair"]
    near, far = bob.named("/locations", "label")["Office"], bob.named("/locations", "label")["Home"]
    rex, biscuit = bob.named("/dogs")["Rex"], ann.named("/dogs")["Biscuit"]
    home = ann.named("/locations", "label")["Home"]
    # Ann's Mondays at nine with Sam: taken, too far to come from, tight to leave for, and Biscuit out already.
    for who, week, start, walker, place, dog in (
        (bob, 1, "09:00", sam, near, rex),
        (bob, 2, "08:00", sam, far, rex),
        (bob, 4, "10:30", sam, near, rex),
        (ann, 6, "09:30", priya, home, biscuit),
    ):
        starts_on = _first_monday() + timedelta(weeks=week)
        wish = {
            "service_id": walk,
            "walker_id": walker,
            "location_id": place,
            "dog_ids": [dog],
            "starts_on": starts_on.isoformat(),
            "start_time": start,
            "weekdays": ["MO"],
            "interval_weeks": 8,
            "count": 7,
        }
        status, answer = who.call("POST", "/series", wish, key=f"{starts_on} {start}")
        # What an interrupted demo booked on another day stands in the way; that is as good.
        if status not in (201, 409):
            raise UserError(f"The demo's calendars cannot be filled: {answer.get('detail', answer)}")


def _time_off(admin: Api, walker: str) -> None:
    there = {item["note"] for item in admin.need("GET", f"/walkers/{walker}/time-off")["items"]}
    for week, note in ((7, "Holiday"), (31, "Training week")):
        monday = _first_monday() + timedelta(weeks=week)
        span = {"starts_at": f"{monday}T00:00:00Z", "ends_at": f"{monday + timedelta(days=5)}T00:00:00Z"}
        if note not in there:
            admin.need("POST", f"/walkers/{walker}/time-off", {**span, "note": note, "cancel_bookings": True})


def people() -> str:
    """Say who can sign in."""
    return (
        f"  The demo business is '{_SLUG}'; the password of all is '{PASSWORD}':\n"
        "    customers   ann@riverside.example, bob@riverside.example\n"
        "    office      admin@riverside.example\n"
        "    walkers     sam@riverside.example, priya@riverside.example, tom@riverside.example\n"
    )


if __name__ == "__main__":
    try:
        make(sys.argv[1])
    except UserError as trouble:
        sys.exit(str(trouble))
    if len(sys.argv) > 2:
        print(f"\nPackwalk is ready: http://localhost:{sys.argv[2]}\n\n{people()}")
