"""Getting in: signing up, signing in, coming back."""

from uuid import uuid4

import httpx
from playwright.async_api import Page, Route, expect

from chassis.testing import HANG_S

from .business import PASSWORD, Business, Customer
from .screens import field, fill_in_credentials, sign_in, toast, type_time


async def test_a_business_registers_itself_and_sees_its_bookings(page: Page) -> None:
    slug = f"paws-{uuid4().hex[:12]}"
    await page.goto("/start")
    await page.get_by_label("Name of the business").fill("Paws and Co")
    await page.get_by_label("Short name").fill(slug)
    await page.get_by_label("Your name").fill("Olive Office")
    await page.get_by_label("E-mail").fill(f"olive@{slug}.example")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Start").click()
    await page.wait_for_url("**/bookings")
    await expect(page.get_by_role("heading", name="No walks yet")).to_be_visible()
    await expect(page.get_by_text("Paws and Co")).to_be_visible()


async def test_a_new_business_reads_what_it_lacks_and_where_its_customers_sign_up(page: Page) -> None:
    slug = f"paws-{uuid4().hex[:12]}"
    await page.goto("/start")
    await page.get_by_label("Name of the business").fill("Paws and Co")
    await page.get_by_label("Short name").fill(slug.upper())
    await page.get_by_label("Your name").fill("Olive Office")
    await page.get_by_label("E-mail").fill(f"olive@{slug}.example")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Start").click()
    steps = page.locator("section", has=page.get_by_role("heading", name="Before your customers can book"))
    await expect(steps).to_contain_text("Add a walk that you offer")
    await expect(steps).to_contain_text("Add a walker")
    await expect(steps.get_by_role("link", name="description of the API")).to_have_attribute("href", "/api/v1/docs")
    await expect(steps.get_by_role("link", name=f"organization={slug}")).to_be_visible()
    await page.get_by_role("link", name="Calendar").click()
    await expect(page.get_by_role("main")).to_contain_text("There are no walkers yet.")
    await page.get_by_role("main").get_by_role("link", name="Bookings").click()
    await expect(steps).to_be_visible()


async def test_a_customer_signs_up_adds_a_dog_and_an_address_and_sees_what_is_free(
    page: Page, riverside: Business
) -> None:
    await page.goto(f"/register?organization={riverside.slug}")
    await page.get_by_label("Your name").fill("Cleo Cook")
    await page.get_by_label("E-mail").fill(f"cleo@{riverside.slug}.example")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign up").click()
    await page.wait_for_url("**/book")
    await page.get_by_role("button", name="Add a dog").click()
    await page.get_by_role("dialog").get_by_label("Name", exact=True).fill("Pepper")
    await page.get_by_role("dialog").get_by_role("button", name="Add", exact=True).click()
    await page.get_by_role("button", name="Add an address").click()
    await page.get_by_role("dialog").get_by_label("Name", exact=True).fill("Home")
    await page.get_by_role("dialog").get_by_label("Address").fill("1 Flask Walk, London NW3")
    await page.get_by_label("Latitude").fill("51.5567")
    await page.get_by_label("Longitude").fill("-0.1768")
    await page.get_by_role("dialog").get_by_role("button", name="Add", exact=True).click()
    await expect(page.get_by_role("heading", name="All 4 walks are free · £80")).to_be_visible()


async def test_a_wrong_password_is_said_in_the_form_and_in_a_toast(page: Page, ann: Customer) -> None:
    await page.goto("/sign-in")
    await fill_in_credentials(page, ann.email, "not-the-password")
    await expect(page.get_by_role("alert")).to_be_visible()
    said = await page.get_by_role("alert").inner_text()
    await expect(page.locator("form")).to_contain_text(said)
    await expect(page.get_by_label("E-mail")).to_have_value(ann.email)
    await fill_in_credentials(page, ann.email)
    await page.wait_for_url("**/book")
    await expect(toast(page, said)).to_have_count(0)


async def test_who_has_accounts_with_several_businesses_chooses_one(
    page: Page, ann: Customer, riverside: Business, address: str
) -> None:
    async with httpx.AsyncClient(base_url=f"{address}/api/v1", timeout=HANG_S) as anybody:
        business = {"slug": f"brook-{uuid4().hex[:12]}", "time_zone": "Europe/London", "currency": "GBP"}
        admin = {"name": "Ann Archer", "email": ann.email, "password": PASSWORD}
        made = await anybody.post("/organizations", json={**business, "name": "Brook Dogs", "admin": admin})
        assert made.status_code == 201, made.text
    await page.goto("/sign-in")
    await fill_in_credentials(page, ann.email)
    choice = page.get_by_label("Business")
    await expect(choice).to_be_focused()
    await expect(page.get_by_text("You have accounts with several businesses.")).to_be_visible()
    await page.get_by_label("E-mail").fill("somebody@else.example")
    await expect(choice).to_have_count(0)
    await fill_in_credentials(page, ann.email)
    await choice.select_option(label=riverside.name)
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url("**/book")
    await expect(page.get_by_text(riverside.name)).to_be_visible()


async def test_who_has_to_wait_reads_how_long_and_when_it_is_over(page: Page) -> None:
    words = "There were too many wrong passwords. Please wait 15 minutes and try again."
    body = {
        "type": "/problems/too-many-requests",
        "title": "That was a bit too fast",
        "status": 429,
        "detail": words,
        "retryable": True,
        "instance": "/api/v1/session",
        "correlation_id": "x",
    }

    async def refuse(route: Route) -> None:
        if route.request.method == "POST":
            problem, headers = "application/problem+json", {"retry-after": "900"}
            await route.fulfill(status=429, content_type=problem, headers=headers, json=body)
        else:
            await route.continue_()

    await page.clock.install()
    await page.route("**/api/v1/session", refuse)
    await page.goto("/sign-in")
    await fill_in_credentials(page, "ann@a.example")
    await expect(page.locator("form").get_by_text(words)).to_be_visible()
    await expect(page.get_by_text("You can try again now.")).to_have_count(0)
    await page.clock.run_for(900_000)
    await expect(page.get_by_text("You can try again now.")).to_be_visible()


async def test_a_password_that_is_guessed_first_is_refused_at_its_field(page: Page, riverside: Business) -> None:
    await page.goto(f"/register?organization={riverside.slug}")
    await page.get_by_label("Your name").fill("Cleo Cook")
    await page.get_by_label("E-mail").fill(f"cleo@{riverside.slug}.example")
    for password, said in (("password1", "Many people have this one"), ("Cleo Cook 1", "This is too close to a name")):
        await page.get_by_label("Password").fill(password)
        await page.get_by_role("button", name="Sign up").click()
        await expect(page.locator("form").get_by_text(said)).to_be_visible()
        await expect(page.get_by_label("Password")).to_be_focused()


async def test_an_expired_session_keeps_the_form(page: Page, ann: Customer, riverside: Business) -> None:
    await sign_in(page, ann, riverside)
    await type_time(page, "At", "14:30")
    await page.get_by_label("Walks", exact=True).fill("7")
    await expect(page.get_by_role("button", name="Book 7 walks")).to_be_enabled()
    await page.context.clear_cookies()
    await page.get_by_role("button", name="Book 7 walks").click()
    await page.wait_for_url("**/sign-in?back=%2Fbook")
    await expect(toast(page, "You have been signed out")).to_be_visible()
    await fill_in_credentials(page, ann.email)
    await page.wait_for_url("**/book")
    await expect(field(page, "At")).to_contain_text("14:30")
    await page.get_by_role("button", name="Book 7 walks").click()
    await expect(page.get_by_role("heading", name="7 walks booked")).to_be_visible()


async def test_what_was_typed_survives_a_reload(page: Page, ann: Customer, riverside: Business) -> None:
    await sign_in(page, ann, riverside)
    await page.get_by_role("button", name="Wednesday").click()
    await type_time(page, "At", "11:15")
    await expect(page.get_by_role("button", name="Book 4 walks")).to_be_enabled()
    await page.reload()
    await expect(field(page, "At")).to_contain_text("11:15")
    await expect(page.get_by_role("button", name="Wednesday")).to_have_attribute("aria-pressed", "true")


async def test_signing_out_leaves_nothing_to_see(page: Page, ann: Customer, riverside: Business) -> None:
    await sign_in(page, ann, riverside)
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    await page.goto("/bookings")
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


async def test_a_closed_account_is_told_once_and_then_left_alone(
    page: Page, bob: Customer, riverside: Business
) -> None:
    await sign_in(page, bob, riverside)
    accounts = (await riverside.admin.ask("GET", "/organization/accounts"))["items"]
    [own] = [account["id"] for account in accounts if account["email"] == bob.email]
    await riverside.admin.ask("PATCH", f"/organization/accounts/{own}", {"active": False})
    # The page hears of it by itself.
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    await expect(toast(page, f"{riverside.name} has closed this account.")).to_have_count(1)
    await fill_in_credentials(page, bob.email)
    await expect(page.locator("form")).to_contain_text("has closed this account.")
