"""Signing in without naming a business: every account is found, and it takes as long whatever is known of an e-mail."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from argon2 import PasswordHasher

from chassis.testing import Served, ServiceDatabase
from gateway import passwords
from people import PASSWORD, Business, store, stored


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Count the slow hashes since the last time it was asked."""
    made, real = [], passwords.hash_secret

    def counting(*args: object) -> bytes:
        made.append(1)
        return real(*args)

    monkeypatch.setattr(passwords, "hash_secret", counting)

    def since() -> int:
        number = len(made)
        made.clear()
        return number

    return since


@pytest.fixture
def elsewhere(gateway: Served) -> Iterator[Callable[[], Business]]:
    """Make further businesses."""
    made: list[Business] = []

    def another() -> Business:
        made.append(Business(gateway.url))
        return made[-1]

    yield another
    for one in made:
        one.close()


def sign_up(at: Business, email: str, password: str = PASSWORD) -> None:
    body = {"organization": at.slug, "name": "Bo", "email": email, "password": password}
    assert at.anybody.post("/accounts", json=body).status_code == 201


def squat(business: Business, email: str, number: int) -> None:
    """Register businesses with somebody else's e-mail, as anybody can."""
    for at in range(number):
        admin = {"name": "Eve", "email": email, "password": f"a password of Eve's, {at}"}
        body = {**business.wish("x"), "slug": f"eve-{uuid4().hex[:12]}", "admin": admin}
        assert business.anybody.post("/organizations", json=body).status_code == 201


def status(business: Business, email: str, password: str = PASSWORD) -> int:
    """Sign in without naming a business."""
    answer = business.anybody.post("/session", json={"email": email, "password": password})
    business.anybody.cookies.clear()
    return answer.status_code


def test_however_many_registered_with_ones_email_one_gets_in_for_one_hash(
    business: Business, hashes: Callable[[], int]
) -> None:
    email = business.email("victim")
    squat(business, email, 12)
    sign_up(business, email)
    squat(business, email, 2)
    hashes()
    assert (status(business, email), hashes()) == (200, 1)
    assert (status(business, email, "a password of Eve's, 1"), hashes()) == (422, 1), "two of hers have this one"


def test_signing_in_takes_one_hash_whatever_is_known_of_an_email(business: Business, hashes: Callable[[], int]) -> None:
    ann, bob, cat = (business.customer(name) for name in ("ann", "bob", "cat"))
    squat(business, cat.email, 3)
    closed = f"/organization/accounts/{bob.account['id']}"
    assert business.admin.client.patch(closed, json={"active": False}).status_code == 200
    new = {"role": "walker", "name": "Sam", "email": business.email("sam")}
    assert business.admin.client.post("/organization/accounts", json=new).status_code == 201, "without a password"
    emails = {"an account": ann.email, "a closed one": bob.email, "many": cat.email}
    emails |= {"none": business.email("nobody"), "none that can sign in": new["email"]}
    hashes()
    seen = {}
    for name, email in emails.items():
        for password in ("a wrong password", "ein fa\u0308lsches"):
            for named in (True, False):
                body = {"email": email, "password": password, **({"organization": business.slug} if named else {})}
                answer = business.anybody.post("/session", json=body)
                seen[name, password, named] = (answer.status_code, answer.json()["detail"], hashes())
    assert set(seen.values()) == {(401, "We know no account with this e-mail and password.", 1)}


def test_several_that_fit_are_offered_by_name(business: Business, elsewhere: Callable[[], Business]) -> None:
    other, third, email = elsewhere(), elsewhere(), business.email("bo")
    for at in (business, other):
        sign_up(at, email)
    sign_up(third, email, "another password of Bo's")
    assert other.admin.client.patch("/organization", json={"name": "Brook Dogs"}).status_code == 200
    refused = business.anybody.post("/session", json={"email": email, "password": PASSWORD})
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/invalid-request")
    assert refused.json()["fields"] == [
        {"path": "organization", "message": "You have accounts with several businesses. Please choose one."}
    ]
    offered = refused.json()["organizations"]
    assert offered == [{"slug": other.slug, "name": "Brook Dogs"}, {"slug": business.slug, "name": "River"}]
    for one, at in zip(offered, (other, business), strict=True):
        body = {"email": email, "password": PASSWORD, "organization": one["slug"]}
        assert (
            business.anybody.post("/session", json=body).json()["account"]["organization_id"] == at.organization["id"]
        )


def test_hashes_of_before_are_all_found_and_then_cost_no_more(
    business: Business, elsewhere: Callable[[], Business], database: ServiceDatabase, hashes: Callable[[], int]
) -> None:
    other, email = elsewhere(), business.email("bo")
    sign_up(business, email)
    store(database, email, PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1).hash(PASSWORD))
    before = stored(database, email)
    sign_up(other, email, "another password of Bo's")
    hashes()
    assert (status(business, email, "a wrong password"), hashes()) == (401, 2)
    assert (status(business, email), hashes()) == (200, 3), "two to find it and one to make it anew"
    assert before != stored(database, email)
    for password in (PASSWORD, "another password of Bo's"):
        assert (status(business, email, password), hashes()) == (200, 1)


def test_one_password_of_two_people_is_stored_differently(business: Business, database: ServiceDatabase) -> None:
    ann, bob = business.customer("ann"), business.customer("bob")
    assert stored(database, ann.email) != stored(database, bob.email)
    assert stored(database, ann.email).split("$")[4] != stored(database, bob.email).split("$")[4], "the salts"
