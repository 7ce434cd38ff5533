"""One submission, one life: what is on the screen is what is booked, once, whatever becomes of the answer."""

import pytest
from playwright.async_api import BrowserContext, Page, expect

from .business import Business, Customer, monday
from .screens import (
    dates_of_series,
    sign_in,
    submit,
    summary,
    toast,
    toasts,
    type_time,
    wish_for_sam,
)
from .submissions import DETAIL, Submissions


async def lose_answers(page: Page, ann: Customer, riverside: Business, sent: Submissions, first: str) -> None:
    """Two walks with Sam are sent, and nobody knows whether they were booked: however often the page asks, no answer comes."""
    sent.answers = [first, *["lost before"] * 50]
    await sign_in(page, ann, riverside)
    await wish_for_sam(page, 2)
    await submit(page).click()
    await expect(page.get_by_role("button", name="Ask again")).to_be_visible()


async def test_what_was_changed_after_a_refusal_is_what_is_booked(
    page: Page, ann: Customer, riverside: Business, sent: Submissions
) -> None:
    sent.answers = ["503"]
    await sign_in(page, ann, riverside)
    await wish_for_sam(page, 2)
    await submit(page).click()
    refused = toast(page, DETAIL)
    await expect(refused.get_by_role("button", name="Retry")).to_be_visible()
    await type_time(page, "At", "14:00")
    await expect(refused).to_have_count(0)
    await expect(page.locator("form").get_by_role("button", name="Retry")).to_have_count(0)
    await page.get_by_label("Walks", exact=True).fill("4")
    await page.get_by_role("button", name="Book 4 walks").click()
    await expect(page.get_by_role("heading", name="4 walks booked")).to_be_visible()
    assert [(one["start_time"], one["count"]) for one in sent.bodies] == [("09:00", 2), ("14:00", 4)]
    assert len(set(sent.keys)) == 2
    assert [len(dates) for dates in await dates_of_series(ann)] == [4]


async def test_cancel_ends_what_was_said_and_nothing_can_be_retried(
    page: Page, ann: Customer, riverside: Business, sent: Submissions
) -> None:
    sent.answers = ["503"]
    await sign_in(page, ann, riverside)
    await wish_for_sam(page, 2)
    await submit(page).click()
    await expect(toast(page, DETAIL)).to_be_visible()
    await page.get_by_role("button", name="Cancel", exact=True).click()
    await expect(toast(page, "Nothing was booked")).to_be_visible()
    await expect(page.get_by_role("button", name="Retry")).to_have_count(0)
    await expect(page.get_by_role("radio", name="Every week")).to_be_focused()
    assert await dates_of_series(ann) == []


async def test_nothing_was_booked_is_said_no_longer_than_it_is_true(
    page: Page, ann: Customer, riverside: Business, sent: Submissions
) -> None:
    sent.answers = ["lost before"] * 50
    await sign_in(page, ann, riverside)
    await wish_for_sam(page, 2)
    await page.get_by_role("button", name="Cancel", exact=True).click()
    await toast(page, "Nothing was booked").hover()  # so that it does not go by itself
    await submit(page).press("Enter")
    await expect(page.get_by_role("button", name="Ask again")).to_be_visible()
    await expect(toast(page, "Nothing was booked")).to_have_count(0)


async def test_a_booking_whose_answer_was_lost_is_found_again_after_a_reload(
    page: Page, ann: Customer, riverside: Business, sent: Submissions
) -> None:
    await lose_answers(page, ann, riverside, sent, "lost after")
    await page.reload()
    sent.answers = []
    await expect(page.get_by_role("heading", name="2 walks booked")).to_be_visible()
    await expect(page.get_by_text("Your booking did arrive")).to_be_visible()
    assert len(set(sent.keys)) == 1
    assert [len(dates) for dates in await dates_of_series(ann)] == [2]
    await page.reload()
    await expect(page.get_by_text("Your booking did arrive")).to_be_visible()


async def test_a_booking_whose_tab_was_closed_is_found_by_the_next_tab(
    page: Page, context: BrowserContext, ann: Customer, riverside: Business, sent: Submissions
) -> None:
    await lose_answers(page, ann, riverside, sent, "lost after")
    await page.close()
    sent.answers = []
    later = await context.new_page()
    await later.goto("/book")
    await expect(later.get_by_role("heading", name="2 walks booked")).to_be_visible()
    await expect(later.get_by_text("Your booking did arrive")).to_be_visible()
    assert [len(dates) for dates in await dates_of_series(ann)] == [2]


async def test_one_tab_does_not_send_what_another_is_sending(
    page: Page, context: BrowserContext, ann: Customer, riverside: Business, sent: Submissions
) -> None:
    await lose_answers(page, ann, riverside, sent, "lost before")
    other = await context.new_page()
    await other.goto("/book")
    await summary(other, "All 4 walks are free")
    await expect(other.get_by_text("We do not know yet")).to_have_count(0)
    assert all(one.frame.page == page for one in sent.requests)


async def test_while_nobody_knows_the_form_books_nothing_else_and_offers_a_way_out(
    page: Page, ann: Customer, riverside: Business, sent: Submissions
) -> None:
    await lose_answers(page, ann, riverside, sent, "lost before")
    await expect(submit(page)).to_have_count(0)
    await expect(page.locator(".book-form")).to_have_attribute("inert", "")
    await expect(page.get_by_role("link", name="See my bookings")).to_be_visible()
    await page.get_by_role("button", name="Go on without the answer").click()
    await expect(submit(page)).to_be_enabled()
    await expect(submit(page)).to_be_focused()
    await expect(toast(page, "We could not reach Packwalk")).to_have_count(0)
    sent.answers = []
    await page.reload()
    await expect(submit(page)).to_be_enabled()
    assert await dates_of_series(ann) == []


async def test_a_lost_submission_is_sent_again_by_itself(
    page: Page, ann: Customer, riverside: Business, sent: Submissions
) -> None:
    sent.answers = ["lost before"]
    await sign_in(page, ann, riverside)
    await wish_for_sam(page, 2)
    await submit(page).click()
    await expect(page.get_by_role("heading", name="2 walks booked")).to_be_visible()
    assert len(set(sent.keys)) == 1


async def test_what_was_not_made_after_all_is_refused_with_the_fresh_list(
    page: Page, ann: Customer, bob: Customer, riverside: Business, sent: Submissions
) -> None:
    await lose_answers(page, ann, riverside, sent, "lost before")
    await riverside.book(bob, "Sam", monday(1), "09:00")
    await page.reload()
    sent.answers = []
    await expect(page.get_by_role("heading", name="1 date was taken while you looked")).to_be_focused()
    await summary(page, "1 of 2 walks")
    await expect(page.get_by_label("Walks", exact=True)).to_have_value("2")
    assert await dates_of_series(ann) == []


@pytest.mark.parametrize("how", ["503", "lost before"])
async def test_every_retry_that_fails_is_said_again_in_the_same_toast(
    page: Page, ann: Customer, riverside: Business, sent: Submissions, how: str
) -> None:
    sent.answers = [how] * 50
    await sign_in(page, ann, riverside)
    await wish_for_sam(page, 2)
    await submit(page).click()
    for times in range(2, 5):
        await toasts(page).get_by_role("button", name="Retry").click()
        await expect(toast(page, f"(\N{MULTIPLICATION SIGN}{times})")).to_be_visible()
        await expect(toasts(page)).to_have_count(1)
    assert len(set(sent.keys)) == 1


async def test_what_a_toast_says_stands_in_the_form_once_the_toast_has_gone(
    page: Page, ann: Customer, riverside: Business, sent: Submissions
) -> None:
    sent.answers = ["503"] * 2
    await sign_in(page, ann, riverside)
    await wish_for_sam(page, 2)
    await submit(page).click()
    retry = toasts(page).get_by_role("button", name="Retry")
    await retry.focus()
    await page.keyboard.press("Enter")
    await expect(toast(page, "(\N{MULTIPLICATION SIGN}2)")).to_be_visible()
    await expect(retry).to_be_focused()
    await expect(page.get_by_text(DETAIL)).to_have_count(1)
    await toasts(page).get_by_role("button", name="Dismiss").click()
    await expect(toasts(page)).to_have_count(0)
    await expect(page.locator(".book-result").get_by_text(DETAIL)).to_be_visible()


async def test_the_draft_goes_with_its_booking(page: Page, ann: Customer, riverside: Business) -> None:
    await sign_in(page, ann, riverside)
    await page.get_by_role("radio", name="Once").check(force=True)
    await page.get_by_role("button", name="Book 1 walk").click()
    await expect(page.get_by_role("heading", name="Walk booked")).to_be_visible()
    await page.go_back()
    await summary(page, "All 4 walks are free")
    await page.go_forward()
    await expect(page.get_by_role("heading", name="Walk booked")).to_be_visible()
    await page.get_by_role("link", name="Book more walks").click()
    await summary(page, "All 4 walks are free")


async def lose_dates(page: Page, ann: Customer, bob: Customer, riverside: Business) -> None:
    """Six walks with Sam, of which somebody else takes two just before they are sent."""
    await sign_in(page, ann, riverside)
    await wish_for_sam(page, 6)
    await summary(page, "All 6 walks are free")
    for week in (2, 4):
        await riverside.book(bob, "Sam", monday(week), "09:00")
    await submit(page).click()


@pytest.mark.parametrize("size", ["desk", "phone"])
async def test_dates_that_went_meanwhile_come_into_view_and_take_a_yes_of_their_own(
    page: Page, phone: Page, ann: Customer, bob: Customer, riverside: Business, size: str
) -> None:
    seen = phone if size == "phone" else page
    await lose_dates(seen, ann, bob, riverside)
    heading = seen.get_by_role("heading", name="2 dates were taken while you looked")
    await expect(heading).to_be_focused()
    await expect(heading).to_be_in_viewport(ratio=1)
    await expect(toasts(seen)).to_have_count(0)  # it is said where it has the focus
    assert await dates_of_series(ann) == []
    await seen.get_by_role("button", name="Book the other 4 walks").click()
    await expect(seen.get_by_role("heading", name="4 walks booked")).to_be_visible()
    assert [len(dates) for dates in await dates_of_series(ann)] == [4]


async def test_an_impatient_second_press_accepts_nothing(
    page: Page, ann: Customer, bob: Customer, riverside: Business, sent: Submissions
) -> None:
    await lose_dates(page, ann, bob, riverside)
    await expect(page.get_by_role("heading", name="2 dates were taken while you looked")).to_be_focused()
    await page.locator(".submit-bar").get_by_role("button").first.dblclick()
    await expect(page.get_by_role("heading", name="2 dates were taken while you looked")).to_be_focused()
    assert len(sent.requests) == 1
    assert await dates_of_series(ann) == []


async def test_an_alternative_for_a_date_that_went_is_booked_with_the_rest(
    page: Page, ann: Customer, bob: Customer, riverside: Business
) -> None:
    await lose_dates(page, ann, bob, riverside)
    lines = page.locator("li.date-taken").filter(has_text="New")
    await lines.first.get_by_role("button", name="Priya at 09:00").click()
    await expect(page.get_by_role("heading", name="2 dates were taken while you looked")).to_be_visible()
    await expect(toasts(page)).to_have_count(0)
    await page.get_by_role("button", name="Book the other 5 walks").click()
    await expect(page.get_by_role("heading", name="5 walks booked")).to_be_visible()


async def test_chosen_alternatives_outlive_a_reload_and_those_that_went_are_named(
    page: Page, ann: Customer, bob: Customer, riverside: Business
) -> None:
    for week in (1, 2):
        await riverside.book(bob, "Sam", monday(week), "09:00")
    await sign_in(page, ann, riverside)
    await wish_for_sam(page, 4)
    for left in (3, 4):
        await page.locator("li.date-taken").first.get_by_role("button", name="Priya at 09:00").click()
        await summary(page, f"{left} of 4" if left < 4 else "All 4 walks are free")
    await page.reload()
    await summary(page, "All 4 walks are free")
    await expect(page.locator("li.date-chosen")).to_have_count(2)
    await riverside.time_off("Priya", monday(2))
    await page.reload()
    await summary(page, "3 of 4 walks")
    await expect(page.get_by_text("09:00 with Priya, which you had chosen for")).to_be_visible()
    await expect(page.locator("li.date-taken")).to_contain_text("New")
    await expect(page.locator("li.date-chosen")).to_have_count(1)


async def test_what_was_filled_in_is_kept_where_the_session_ends_in_the_middle(
    page: Page, context: BrowserContext, ann: Customer, bob: Customer, riverside: Business
) -> None:
    await riverside.book(bob, "Sam", monday(1), "09:00")
    await sign_in(page, ann, riverside)
    await wish_for_sam(page, 3)
    await page.locator("li.date-taken").get_by_role("button", name="Priya at 09:00").click()
    await summary(page, "All 3 walks are free")
    await context.clear_cookies()
    await submit(page).click()
    await page.wait_for_url("**/sign-in*")
    await expect(page.get_by_role("button", name="Retry")).to_have_count(0)
    await page.get_by_label("E-mail").fill(ann.email)
    await page.get_by_label("Password").fill("a-password-for-tests")
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url("**/book")
    await summary(page, "All 3 walks are free")
    await expect(page.locator("li.date-chosen")).to_have_count(1)
    await submit(page).click()
    await expect(page.get_by_role("heading", name="3 walks booked")).to_be_visible()


async def test_a_kept_walker_who_takes_no_bookings_any_more_is_dropped_and_named(
    page: Page, ann: Customer, riverside: Business
) -> None:
    await sign_in(page, ann, riverside)
    await wish_for_sam(page, 3)
    await summary(page, "All 3 walks are free")
    hours = {"travel_mode": "driving", "working_hours": [], "active": False}
    await riverside.admin.ask("PUT", f"/walkers/{riverside.walkers['Sam']}", hours)
    await page.reload()
    await expect(page.get_by_text("The walker that you had chosen takes no bookings at the moment.")).to_be_visible()
    await expect(page.get_by_label("Walker")).to_have_value("")
    await page.get_by_role("button", name="Book 3 walks").click()
    await expect(page.get_by_role("heading", name="3 walks booked")).to_be_visible()


async def test_neither_enter_nor_the_wheel_do_anything_in_a_field_of_numbers(
    page: Page, ann: Customer, riverside: Business, sent: Submissions
) -> None:
    await sign_in(page, ann, riverside)
    await summary(page, "All 4 walks are free")
    walks = page.get_by_label("Walks", exact=True)
    await walks.click()
    await page.mouse.wheel(0, 300)
    await page.keyboard.press("Enter")
    await expect(walks).to_have_value("4")
    await walks.fill("5")
    await summary(page, "All 5 walks are free")
    assert sent.requests == []


async def test_days_and_dogs_are_gone_to_when_they_are_missing(page: Page, ann: Customer, riverside: Business) -> None:
    await sign_in(page, ann, riverside)
    await page.get_by_role("button", name="Monday").click()
    await page.get_by_role("button", name="Book walks").click()
    days = page.get_by_role("group", name="On", exact=True)
    await expect(days).to_have_attribute("aria-invalid", "true")
    await expect(days).to_have_accessible_description("Choose at least one day of the week.")
    await expect(days.get_by_role("button", name="Monday")).to_be_focused()
    await page.get_by_role("button", name="Monday").click()
    await page.get_by_role("button", name="Biscuit").click()
    await page.get_by_role("button", name="Book walks").click()
    await expect(page.get_by_role("button", name="Biscuit")).to_be_focused()
    await expect(page.get_by_role("button", name="Biscuit")).to_have_accessible_description("Choose who walks with us.")
    await expect(toasts(page)).to_have_count(0)
