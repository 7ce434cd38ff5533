"""Forms: nothing is made twice, and what is wrong is said once, at its field, in words for people."""

import re
from uuid import uuid4

from playwright.async_api import Page, expect

from .business import PASSWORD, Business, Customer
from .screens import lose_the_first_answer, sign_in, toast, toasts

AWAY = "We could not reach Packwalk"


async def name_a_dog(page: Page, name: str) -> None:
    """Open the dialog and fill in the name."""
    await page.get_by_role("button", name="Add a dog").click()
    await page.get_by_role("dialog").get_by_label("Name", exact=True).fill(name)


async def names_of_dogs(who: Customer) -> list[str]:
    """All dogs of a customer."""
    return sorted(dog["name"] for dog in (await who.ask("GET", "/dogs"))["items"])


async def test_a_dog_whose_answer_got_lost_is_added_once(page: Page, ann: Customer, riverside: Business) -> None:
    await sign_in(page, ann, riverside)
    keys = await lose_the_first_answer(page, "**/api/v1/dogs")
    await name_a_dog(page, "Juno")
    await page.get_by_role("dialog").get_by_role("button", name="Add", exact=True).click()
    await toast(page, AWAY).get_by_role("button", name="Retry").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(toast(page, AWAY)).to_have_count(0)
    assert len(keys) == 2
    assert len(set(keys)) == 1
    assert await names_of_dogs(ann) == ["Biscuit", "Juno"]


async def test_a_form_in_a_dialog_begins_at_its_first_field(page: Page, ann: Customer, riverside: Business) -> None:
    await sign_in(page, ann, riverside)
    await page.get_by_role("button", name="Add a dog").click()
    await expect(page.get_by_role("dialog").get_by_label("Name")).to_be_focused()


async def test_a_double_click_adds_one_dog(page: Page, ann: Customer, riverside: Business) -> None:
    await sign_in(page, ann, riverside)
    await name_a_dog(page, "Juno")
    await page.get_by_role("dialog").get_by_role("button", name="Add", exact=True).dblclick()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert await names_of_dogs(ann) == ["Biscuit", "Juno"]


async def test_retry_sends_what_is_on_the_screen(page: Page, ann: Customer, riverside: Business) -> None:
    await sign_in(page, ann, riverside)
    await name_a_dog(page, "Jnuo")
    await page.context.set_offline(True)
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Add", exact=True).click()
    await expect(toast(page, AWAY)).to_be_visible()
    await page.context.set_offline(False)
    await dialog.get_by_label("Name", exact=True).fill("Juno")
    await expect(toast(page, AWAY)).to_have_count(0)
    await dialog.get_by_role("button", name="Retry").click()
    await expect(dialog).to_have_count(0)
    assert await names_of_dogs(ann) == ["Biscuit", "Juno"]


async def test_a_retry_that_fails_at_once_is_said_again(page: Page, ann: Customer, riverside: Business) -> None:
    await sign_in(page, ann, riverside)
    await name_a_dog(page, "Juno")
    await page.context.set_offline(True)
    await page.get_by_role("dialog").get_by_role("button", name="Add", exact=True).click()
    for times in (2, 3):
        await toast(page, AWAY).get_by_role("button", name="Retry").click()
        await expect(toast(page, f"\N{MULTIPLICATION SIGN}{times}")).to_be_visible()
    await expect(toasts(page)).to_have_count(1)


async def test_a_business_whose_answer_got_lost_is_started_once(page: Page) -> None:
    slug = f"paws-{uuid4().hex[:12]}"
    await page.goto("/start")
    keys = await lose_the_first_answer(page, "**/api/v1/organizations")
    await page.get_by_label("Name of the business").fill("Paws and Co")
    await page.get_by_label("Short name").fill(slug)
    await page.get_by_label("Your name").fill("Olive Office")
    await page.get_by_label("E-mail").fill(f"olive@{slug}.example")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Start").click()
    await toast(page, AWAY).get_by_role("button", name="Retry").click()
    await page.wait_for_url("**/bookings")
    assert len(set(keys)) == 1


async def test_a_mistake_is_said_once_at_its_field_which_has_the_focus(page: Page, riverside: Business) -> None:
    await page.goto(f"/register?organization={riverside.slug}")
    await page.get_by_label("Your name").fill("Cleo Cook")
    await page.get_by_label("E-mail").fill(f"cleo@{riverside.slug}.example")
    await page.get_by_label("Password").fill("abc")
    await page.get_by_role("button", name="Sign up").click()
    await expect(page.get_by_text("Use at least 8 characters.")).to_have_count(1)
    await expect(page.get_by_label("Password")).to_be_focused()
    await expect(page.get_by_label("Password")).to_have_attribute("aria-invalid", "true")
    await expect(toasts(page)).to_have_count(0)


async def test_an_email_that_is_taken_is_said_at_its_field(page: Page, ann: Customer, riverside: Business) -> None:
    await page.goto(f"/register?organization={riverside.slug}")
    await page.get_by_label("Your name").fill("Ann Other")
    await page.get_by_label("E-mail").fill(ann.email)
    await page.get_by_label("Password").fill("another-password")
    await page.get_by_role("button", name="Sign up").click()
    email = page.get_by_label("E-mail")
    await expect(email).to_be_focused()
    await expect(email).to_have_accessible_description(re.compile("There is an account with this e-mail already"))
    await expect(page.locator(".note")).to_have_count(0)
    await expect(toasts(page)).to_have_count(0)


async def test_a_currency_is_refused_and_not_cut(page: Page) -> None:
    slug = f"paws-{uuid4().hex[:12]}"
    await page.goto("/start")
    await page.get_by_label("Name of the business").fill("Paws and Co")
    await page.get_by_label("Short name").fill(slug)
    await page.get_by_label("Currency").press("ControlOrMeta+a")
    await page.keyboard.type("euros")
    await page.get_by_label("Your name").fill("Olive Office")
    await page.get_by_label("E-mail").fill(f"olive@{slug}.example")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Start").click()
    await expect(page.get_by_label("Currency")).to_be_focused()
    await expect(page.get_by_label("Currency")).to_have_value("EUROS")
    await expect(page.get_by_text("Please choose one like GBP, EUR or USD.")).to_be_visible()


async def test_a_pasted_pair_of_coordinates_fills_both_fields(page: Page, ann: Customer, riverside: Business) -> None:
    await sign_in(page, ann, riverside)
    await page.get_by_role("button", name="Add an address").click()
    latitude, longitude = page.get_by_label("Latitude"), page.get_by_label("Longitude")
    await longitude.evaluate(
        """(field) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData('text/plain', '51.5014, -0.1419');
            field.dispatchEvent(new ClipboardEvent('paste', {clipboardData, bubbles: true, cancelable: true}));
        }"""
    )
    await expect(latitude).to_have_value("51.5014")
    await expect(longitude).to_have_value("-0.1419")
    await latitude.fill("33°51'31\"S 151°12'54\"E")
    await latitude.blur()
    await expect(latitude).to_have_value("-33.8586111")
    await expect(longitude).to_have_value("151.215")


async def test_decimal_commas_are_read_and_what_is_ambiguous_is_refused(
    page: Page, ann: Customer, riverside: Business
) -> None:
    await sign_in(page, ann, riverside)
    await page.get_by_role("button", name="Add an address").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name", exact=True).fill("Farm")
    await dialog.get_by_label("Address").fill("Kings Road, Kampala")
    await dialog.get_by_label("Latitude").fill("1,5")
    await dialog.get_by_role("button", name="Add", exact=True).click()
    await expect(dialog.get_by_text("This may be one number or two.")).to_be_visible()
    await expect(dialog.get_by_label("Latitude")).to_be_focused()
    await dialog.get_by_label("Longitude").fill("32,5")
    await dialog.get_by_role("button", name="Add", exact=True).click()
    await expect(dialog).to_have_count(0)
    places = (await ann.ask("GET", "/locations"))["items"]
    assert [(one["lat"], one["lng"]) for one in places if one["label"] == "Farm"] == [(1.5, 32.5)]


async def test_closing_a_toast_in_a_dialog_keeps_the_focus_in_the_dialog(
    page: Page, ann: Customer, riverside: Business
) -> None:
    await sign_in(page, ann, riverside)
    await name_a_dog(page, "Juno")
    await page.context.set_offline(True)
    await page.get_by_role("dialog").get_by_label("Name", exact=True).press("Enter")
    await toast(page, AWAY).get_by_role("button", name="Dismiss").click()
    await expect(toasts(page)).to_have_count(0)
    await expect(page.get_by_role("dialog").get_by_label("Name", exact=True)).to_be_focused()
