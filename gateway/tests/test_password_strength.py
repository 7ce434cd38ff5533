"""Passwords that are guessed first are refused."""

import pytest

from gateway.rules.password_strength import weakness
from people import PASSWORD, Business

OWN = ("José Archer", "jo.archer@riverside.example", "Riverside Dog Walks", "riverside")


@pytest.mark.parametrize(
    "password", ["12345678", "password", "PassWord1", "Passw0rd!", "qwerty123", "1q2w3e4r", "iloveyou2", "Butterfly7!"]
)
def test_what_many_people_have_is_refused(password: str) -> None:
    reason = weakness(password, OWN)
    assert reason is not None
    assert reason.startswith("Many people have this one")


@pytest.mark.parametrize(
    "password",
    [
        *("josearcher", "José Archer!", "Archer2024", "jo.archer@riverside.example", "archer-archer"),
        *("Riverside Dog Walks", "dogwalks1", "my riverside", "PackWalk", "packwalk!!"),
    ],
)
def test_ones_own_name_and_the_business_are_refused(password: str) -> None:
    reason = weakness(password, OWN)
    assert reason is not None
    assert reason.startswith("This is too close to a name")


@pytest.mark.parametrize(
    "password",
    [
        *("packwalk-demo", "archer likes long walks", "83920175", "correct horse", "k3#vQ!9z"),
        *(
            "\U0001f415" * 8,
            "\u6563\u6b69\u6563\u6b69\u6563\u6b69\u6563\u6b69",
            "\u043f\u0440\u043e\u0433\u0443\u043b\u043a\u0430",
        ),
    ],
)
def test_anything_else_is_taken(password: str) -> None:
    assert weakness(password, OWN) is None


@pytest.mark.parametrize("password", ["12345678", "River River", "Ada Office 1"])
def test_no_way_to_a_new_password_takes_one_that_is_guessed_first(business: Business, password: str) -> None:
    ada, office = business.admin, business.admin.client
    new = {"name": "Ada Office", "email": business.email("new"), "password": password}
    sams = f"/organization/accounts/{business.walker('sam').account['id']}"
    changed = {"current_password": PASSWORD, "new_password": password}
    answers = [
        business.anybody.post(
            "/organizations", json={**business.wish("x"), "slug": f"{business.slug}-2", "admin": new}
        ),
        business.anybody.post("/accounts", json={**new, "organization": business.slug}),
        office.post("/organization/accounts", json={**new, "role": "walker"}),
        office.patch(sams, json={"name": "Ada Office", "password": password}),
        office.put("/session/password", json=changed),
    ]
    assert [answer.status_code for answer in answers] == [422] * 5
    fields = [answer.json()["fields"][0]["path"] for answer in answers]
    assert fields == ["admin.password", "password", "password", "password", "new_password"]
    assert business.sign_in(ada.email).status_code == 200


def test_who_is_renamed_in_the_same_request_cannot_have_the_new_name(business: Business) -> None:
    sam = business.walker("sam")
    body = {"name": "Esmeralda Okafor", "password": "esmeralda1"}
    refused = business.admin.client.patch(f"/organization/accounts/{sam.account['id']}", json=body)
    assert refused.json()["fields"][0]["path"] == "password"
