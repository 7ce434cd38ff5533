"""What people type and what is compared: composed or decomposed, large or small, it is the same password, address and name."""

import unicodedata
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from argon2 import PasswordHasher

from chassis import migrations
from chassis.testing import ServiceDatabase, create_database, drop_database
from gateway.rules.password_spelling import spellings
from people import PASSWORD, Business, store, stored

HOME = Path(__file__).parents[1]
TYPED = "Zürich-Café\u00a0Ångström"
COMPOSED, DECOMPOSED = unicodedata.normalize("NFC", TYPED), unicodedata.normalize("NFD", TYPED)


def sign_up(business: Business, password: str) -> str:
    email = business.email(f"n{uuid4().hex[:8]}")
    body = {"organization": business.slug, "name": "Ann", "email": email, "password": password}
    assert business.anybody.post("/accounts", json=body).status_code == 201
    return email


@pytest.mark.parametrize("typed", [COMPOSED, DECOMPOSED])
@pytest.mark.parametrize("later", [COMPOSED, DECOMPOSED, COMPOSED.replace("\u00a0", " ")])
def test_composed_and_decomposed_are_one_password(business: Business, typed: str, later: str) -> None:
    email = sign_up(business, typed)
    assert business.sign_in(email, later).status_code == 200
    assert business.sign_in(email, later.swapcase()).status_code == 401


def test_the_longest_password_may_be_typed_with_every_accent_apart(business: Business) -> None:
    longest = "\u01d6" * 128  # u, diaeresis, macron
    email = sign_up(business, longest)
    for typed in (longest, unicodedata.normalize("NFD", longest)):
        assert business.sign_in(email, typed).status_code == 200


@pytest.mark.parametrize(
    "password",
    [
        "pass\u2764\ufe0fword",
        "\U0001f469\u200d\U0001f9b0 and four dogs",
        "\U0001fae8 shaking face",
        "\u062d\u062f\u064a\u0642\u0629 \u0643\u0628\u064a\u0631\u0629",
    ],
)
def test_any_character_may_be_in_a_password(business: Business, password: str) -> None:
    email = sign_up(business, password)
    assert business.sign_in(email, password).status_code == 200
    unseen = password.replace("\ufe0f", "").replace("\u200d", "")
    assert business.sign_in(email, unseen).status_code == 200, "another keyboard leaves out what cannot be seen"


@pytest.mark.parametrize("before", [DECOMPOSED, COMPOSED, "pass\u2764\ufe0fword", "tab\there"])
def test_a_hash_of_what_was_typed_before_fits_and_is_made_anew(
    business: Business, database: ServiceDatabase, before: str
) -> None:
    email, hasher = sign_up(business, PASSWORD), PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
    store(database, email, hasher.hash(before))
    assert business.sign_in(email, before).status_code == 200
    assert hasher.verify(stored(database, email), spellings(before)[0])
    assert business.sign_in(email, before).status_code == 200


def test_a_decomposed_hash_of_before_fits_what_is_typed_composed(business: Business, database: ServiceDatabase) -> None:
    email = sign_up(business, PASSWORD)
    decomposed = DECOMPOSED.replace("\u00a0", " ")
    store(database, email, PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1).hash(decomposed))
    assert business.sign_in(email, COMPOSED).status_code == 200


def test_a_hash_with_parameters_of_before_is_made_anew(business: Business, database: ServiceDatabase) -> None:
    email = sign_up(business, PASSWORD)
    store(database, email, PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD))
    assert business.sign_in(email).status_code == 200
    assert "m=19456,t=2,p=1" in stored(database, email)


def test_a_hash_that_is_as_it_should_be_stays(business: Business, database: ServiceDatabase) -> None:
    email = sign_up(business, DECOMPOSED)
    before = stored(database, email)
    assert business.sign_in(email, COMPOSED).status_code == 200
    assert stored(database, email) == before


def test_the_current_password_may_be_spelt_either_way(business: Business) -> None:
    email = sign_up(business, COMPOSED)
    token = business.sign_in(email, DECOMPOSED).json()["token"]
    business.anybody.cookies.clear()
    ann = business.browser({"authorization": f"Bearer {token}"})
    wish = {"current_password": DECOMPOSED, "new_password": DECOMPOSED + "2"}
    assert ann.put("/session/password", json=wish).status_code == 204
    assert business.sign_in(email, COMPOSED + "2").status_code == 200


@pytest.mark.parametrize(
    "password", ["nul\x00 in it", "tab\tin it", "escape\x1b[1m", "e\u0301" * 7, "\u200b" * 9, "\u01d6" * 129]
)
def test_a_new_password_is_refused_that_is_too_short_too_long_or_cannot_be_typed(
    business: Business, password: str
) -> None:
    body = {"organization": business.slug, "name": "Ann", "email": business.email("ann"), "password": password}
    refused = business.anybody.post("/accounts", json=body)
    assert (refused.status_code, refused.json()["fields"][0]["path"]) == (422, "password")


def test_a_retry_may_spell_the_password_and_the_name_the_other_way(business: Business) -> None:
    body = {"organization": business.slug, "name": "Zoé", "email": business.email("zoe"), "password": COMPOSED}
    other = {**body, "name": unicodedata.normalize("NFD", "Zoé"), "password": DECOMPOSED}
    headers = {"x-idempotency-key": str(uuid4())}
    first, again = (business.anybody.post("/accounts", json=one, headers=headers) for one in (body, other))
    assert first.status_code == 201
    assert again.content == first.content


@pytest.mark.parametrize(("one", "other"), [("josé", "JOSE\u0301"), ("ǰan", "J\u030cAN"), ("ann", "ANN")])
def test_an_address_is_taken_however_it_is_spelt(business: Business, one: str, other: str) -> None:
    body = {"organization": business.slug, "name": "Ann", "password": PASSWORD}
    assert business.anybody.post("/accounts", json={**body, "email": business.email(one)}).status_code == 201
    again = business.anybody.post("/accounts", json={**body, "email": business.email(other)})
    assert again.status_code == 409
    assert business.sign_in(business.email(other)).status_code == 200


def test_a_business_is_found_as_people_remember_its_name(business: Business) -> None:
    for typed in (business.slug.upper(), f" {business.slug.title()} "):
        body = {"organization": typed, "email": business.admin.email, "password": PASSWORD}
        assert business.anybody.post("/session", json=body).status_code == 200


def test_names_are_kept_composed(business: Business) -> None:
    ann = business.customer("ann")
    dog = ann.client.post("/dogs", json={"name": unicodedata.normalize("NFD", "Zoé")})
    assert dog.json()["name"] == "Zoé"
    changed = business.admin.client.patch("/organization", json={"name": unicodedata.normalize("NFD", "Café Hund")})
    assert changed.json()["name"] == "Café Hund"


def test_the_migration_composes_addresses_of_before() -> None:
    old = create_database("gateway", HOME, migrated=False)
    migrations.upgrade_url(HOME, old.owner_url, "0004")
    apart = unicodedata.normalize("NFD", "ǰan@a.example")
    with psycopg.connect(old.admin_url, autocommit=True) as admin:
        organization = uuid4()
        values = (organization, "river", "River", "UTC", "GBP")
        admin.execute(
            "INSERT INTO organizations (organization_id, slug, name, time_zone, currency) VALUES (%s, %s, %s, %s, %s)",
            values,
        )
        account = "INSERT INTO accounts (organization_id, id, role, name, email) VALUES (%s, %s, 'admin', 'Jan', %s)"
        admin.execute(account, (organization, uuid4(), apart))
        for email in ("ǰil@a.example", unicodedata.normalize("NFD", "ǰil@a.example")):
            admin.execute(account, (organization, uuid4(), email))
        migrations.upgrade_url(HOME, old.owner_url)
        assert admin.execute("SELECT email FROM accounts WHERE email LIKE '%an@%'").fetchall() == [("ǰan@a.example",)]
        assert admin.execute("UPDATE accounts SET active = false").rowcount == 3, "both of two in one spelling are kept"
        with pytest.raises(psycopg.errors.CheckViolation):
            admin.execute(account, (organization, uuid4(), apart))
    drop_database(old)
