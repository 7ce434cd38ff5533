"""Businesses register, customers sign up, the office takes people on."""

from typing import Any

import httpx
import psycopg
import pytest

from chassis.testing import HANG_S, ServiceDatabase, free_port
from conftest import Serving
from people import PASSWORD, Business


def test_a_registered_business_shows_itself_and_can_change(business: Business) -> None:
    shown = business.admin.client.get("/organization").json()
    assert shown == {
        "id": business.organization["id"],
        "slug": business.slug,
        "name": "River",
        "time_zone": "Europe/London",
        "country": "GB",
        "currency": "GBP",
        "cancellation_notice_hours": 24,
    }
    changed = business.admin.client.patch("/organization", json={"cancellation_notice_hours": 48})
    assert changed.json() == {**shown, "cancellation_notice_hours": 48}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("slug", "Not A Slug"),
        ("slug", "a" * 64),
        ("slug", 5),
        ("time_zone", "Europe/Atlantis"),
        ("time_zone", "../../etc/passwd"),
        ("currency", "XXX"),
        ("currency", "gbp"),
        ("name", ""),
        ("name", "a\x00b"),
        ("extra", "field"),
    ],
)
def test_what_is_wrong_with_a_business_is_named(business: Business, field: str, value: Any) -> None:
    answer = business.anybody.post("/organizations", json={**business.wish("new"), "slug": "fresh-one", field: value})
    assert answer.status_code == 422
    assert [one["path"] for one in answer.json()["fields"]] == [field]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "no-address"),
        ("email", None),
        ("password", "short"),
        ("password", "p" * 129),
        ("password", "nul\x00nul"),
    ],
)
def test_what_is_wrong_with_an_admin_is_named(business: Business, field: str, value: Any) -> None:
    wish = {**business.wish("new"), "slug": "fresh-one"}
    wish["admin"] = {**wish["admin"], field: value}
    answer = business.anybody.post("/organizations", json=wish)
    assert answer.status_code == 422
    assert [one["path"] for one in answer.json()["fields"]] == [f"admin.{field}"]


def test_a_slug_belongs_to_one_business(business: Business) -> None:
    answer = business.anybody.post("/organizations", json=business.wish("second"))
    assert answer.status_code == 422
    assert answer.json()["fields"][0]["path"] == "slug"


def test_an_email_belongs_to_one_account_of_a_business_however_it_is_written(business: Business) -> None:
    body = {"role": "walker", "name": "Sam", "email": business.admin.email.upper()}
    answer = business.admin.client.post("/organization/accounts", json=body)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/email-taken")
    assert answer.json()["fields"] == [{"path": "email", "message": answer.json()["detail"]}]


def test_nobody_signs_up_with_a_business_that_is_not_there(business: Business) -> None:
    body = {"organization": "no-such-business", "name": "Ann", "email": "ann@a.example", "password": PASSWORD}
    answer = business.anybody.post("/accounts", json=body)
    assert answer.json()["fields"][0]["path"] == "organization"


def test_accounts_are_listed_by_pages_and_by_role(business: Business) -> None:
    for name in ("ann", "bob", "cat"):
        business.customer(name)
    first = business.admin.client.get("/organization/accounts", params={"limit": 2, "role": "customer"}).json()
    rest = business.admin.client.get(
        "/organization/accounts", params={"limit": 2, "role": "customer", "cursor": first["next_cursor"]}
    ).json()
    assert [one["name"] for one in first["items"] + rest["items"]] == ["ann", "bob", "cat"]
    assert rest["next_cursor"] is None
    bad = business.admin.client.get("/organization/accounts", params={"cursor": "rubbish"})
    assert bad.json()["fields"][0]["path"] == "cursor"


def test_a_walkers_account_is_a_walker_that_booking_knows(business: Business) -> None:
    sam = business.walker("sam")
    shown = business.admin.client.get(f"/walkers/{sam.account['id']}")
    assert (shown.status_code, shown.json()["name"]) == (200, "sam")
    renamed = business.admin.client.patch(f"/organization/accounts/{sam.account['id']}", json={"name": "Samuel"})
    assert renamed.status_code == 200
    assert business.admin.client.get(f"/walkers/{sam.account['id']}").json()["name"] == "Samuel"


def test_only_the_office_takes_people_on(business: Business) -> None:
    ann = business.customer("ann")
    body = {"role": "admin", "name": "Ann", "email": business.email("boss"), "password": PASSWORD}
    assert ann.client.post("/organization/accounts", json=body).status_code == 403
    assert ann.client.get("/organization/accounts").status_code == 403
    assert ann.client.patch("/organization", json={"name": "Mine"}).status_code == 403


def test_registration_can_be_closed(serving: Serving, business: Business) -> None:
    with serving(registration_open=False, booking_url=f"http://127.0.0.1:{free_port()}") as closed:
        answer = httpx.post(
            f"{closed.url}/api/v1/organizations", json={**business.wish("x"), "slug": "another"}, timeout=HANG_S
        )
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-allowed")


def test_who_registers_while_booking_is_away_is_told_to_booking_later(serving: Serving, business: Business) -> None:
    body = {"role": "walker", "name": "Late", "email": business.email("late"), "password": PASSWORD}
    with serving(booking_url=f"http://127.0.0.1:{free_port()}", tell_again_s=600) as alone:
        admin = {"authorization": f"Bearer {business.admin.token}"}
        made = httpx.post(f"{alone.url}/api/v1/organization/accounts", json=body, headers=admin, timeout=HANG_S)
        assert made.status_code == 201
    late = business.signed_in(business.email("late"))
    assert late.client.get("/walkers").status_code == 200
    assert business.admin.client.get(f"/walkers/{late.account['id']}").json()["name"] == "Late"


def test_a_changed_time_zone_is_what_booking_plans_by(business: Business, booking_database: ServiceDatabase) -> None:
    changed = business.admin.client.patch("/organization", json={"time_zone": "America/New_York", "currency": "USD"})
    assert changed.status_code == 200
    text = "SELECT version, time_zone, currency FROM organizations WHERE organization_id = %s"
    with psycopg.connect(booking_database.admin_url) as admin:
        known = admin.execute(text, (business.organization["id"],)).fetchall()
    assert known == [(1, "America/New_York", "USD")]


def test_a_time_zone_that_booking_cannot_be_told_of_stays(serving: Serving, business: Business) -> None:
    with serving(booking_url=f"http://127.0.0.1:{free_port()}", tell_again_s=600) as alone:
        client = httpx.Client(
            base_url=f"{alone.url}/api/v1",
            headers={"authorization": f"Bearer {business.admin.token}"},
            timeout=HANG_S,
        )
        with client:
            refused = client.patch("/organization", json={"name": "Lake", "time_zone": "America/New_York"})
            assert (refused.status_code, refused.json()["type"]) == (503, "/problems/upstream-unavailable")
            shown = client.get("/organization").json()
            assert (shown["name"], shown["time_zone"]) == ("River", "Europe/London")
            # What booking does not plan by is no concern of booking's.
            assert client.patch("/organization", json={"name": "Lake"}).status_code == 200
