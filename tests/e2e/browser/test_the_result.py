"""What a rule would become, on a desk and on a phone: seen, left out, mended in one press, with the focus where the work goes on."""

from playwright.async_api import Page, expect

from .business import Business, Customer, monday
from .screens import becomes, dates_of_series, list_months, sign_in, submit, summary, type_date, wish_for_sam
from .test_booking_a_year import shown


async def comes_into_view(page: Page, selector: str) -> None:
    """Wait until the middle of an element is what a finger would meet there."""
    met = f"""() => {{
        const element = document.querySelector('{selector}');
        const {{ left, top, width, height }} = element.getBoundingClientRect();
        const there = document.elementFromPoint(left + width / 2, top + height / 2);
        return element.contains(there);
    }}"""
    await becomes(page, met, True)


async def off_for(riverside: Business, *weeks: int) -> None:
    """Sam is off on these Mondays."""
    for week in weeks:
        await riverside.time_off("Sam", monday(week))


async def test_dates_are_left_out_one_by_one_and_by_a_range(page: Page, ann: Customer, riverside: Business) -> None:
    await sign_in(page, ann, riverside)
    await wish_for_sam(page)
    await summary(page, "All 52 walks are free · £1,040")
    await list_months(page)
    await page.get_by_role("checkbox", name=shown(monday(2)), exact=True).first.uncheck()
    await summary(page, "All 51 walks are free · £1,020")
    await page.get_by_text("Away for a while?").click()
    await type_date(page, "Away from", monday(10))
    await type_date(page, "to", monday(12))
    await page.get_by_role("button", name="Leave out 3 dates").click()
    await summary(page, "All 48 walks are free · £960")
    await submit(page).click()
    await expect(page.get_by_role("heading", name="48 walks booked")).to_be_visible()
    [dates] = await dates_of_series(ann)
    assert sorted(dates) == [monday(week).isoformat() for week in range(52) if week not in (2, 10, 11, 12)]


async def test_what_is_missing_is_said_where_the_dates_will_stand(page: Page, riverside: Business) -> None:
    ann = await riverside.customer("Ann", dogs=["Biscuit", "Juno"])
    await sign_in(page, ann, riverside)
    result = page.locator(".book-result")
    await expect(result).to_contain_text("Choose who walks with us to see which dates are free.")
    await page.get_by_role("button", name="Juno").click()
    await summary(page, "All 4 walks are free")
    await expect(result).not_to_contain_text("Choose who")


async def test_many_dates_are_mended_and_taken_back_in_one_press(
    page: Page, ann: Customer, riverside: Business
) -> None:
    await off_for(riverside, 3, 7, 11)
    await sign_in(page, ann, riverside)
    await wish_for_sam(page)
    await summary(page, "49 of 52 walks are free · £980")
    await expect(page.get_by_role("heading", name="3 dates need you")).to_be_visible()
    await expect(page.get_by_text("Sam is off that day · 3 dates → Priya is free on all")).to_be_visible()
    mend = page.get_by_role("button", name="Use Priya at 09:00 on 3")
    await mend.click()
    await summary(page, "All 52 walks are free · £1,040")
    undo = page.get_by_role("button", name="Undo", exact=True)
    await expect(undo).to_be_focused()
    await page.keyboard.press("Enter")
    await summary(page, "49 of 52 walks are free · £980")
    await expect(mend).to_be_focused()
    await page.keyboard.press("Enter")
    await submit(page).click()
    await expect(page.get_by_role("heading", name="52 walks booked")).to_be_visible()
    booked = await ann.ask("GET", f"/bookings?from={monday(7)}&to={monday(7)}")
    assert [one["walker_name"] for one in booked["items"]] == ["Priya"]


async def test_what_is_put_back_by_another_button_is_no_longer_said_to_be_done(
    page: Page, ann: Customer, riverside: Business
) -> None:
    await off_for(riverside, 2, 3)
    await sign_in(page, ann, riverside)
    await wish_for_sam(page, walks=4)
    await page.get_by_role("button", name="Skip all").click()
    await expect(page.get_by_text("Done: Skip 2 dates.")).to_be_visible()
    await page.get_by_role("button", name="Put all back").focus()
    await page.keyboard.press("Enter")
    await summary(page, "2 of 4 walks are free")
    await expect(page.get_by_text("Done:")).to_have_count(0)
    await expect(page.get_by_role("toolbar", name="All dates").locator(":focus")).to_have_count(1)


async def test_the_focus_stays_at_the_line_when_an_alternative_is_chosen_and_undone(
    page: Page, ann: Customer, riverside: Business
) -> None:
    await off_for(riverside, 3)
    await sign_in(page, ann, riverside)
    await wish_for_sam(page)
    await page.get_by_role("button", name="Priya at 09:00 instead").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Undo the choice")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Priya at 09:00 instead")).to_be_focused()


async def test_beside_the_form_sum_and_button_are_seen_wherever_the_form_is_scrolled(
    page: Page, ann: Customer, riverside: Business
) -> None:
    await off_for(riverside, *range(3, 20))
    await page.set_viewport_size({"width": 1280, "height": 800})
    await sign_in(page, ann, riverside)
    await wish_for_sam(page)
    await summary(page, "35 of 52 walks are free")
    for to in ("0", "document.body.scrollHeight"):
        await page.evaluate(f"scrollTo(0, {to})")
        await comes_into_view(page, "#sum")
        await becomes(page, "() => document.getElementById('sum').getBoundingClientRect().top >= 0", True)
        await comes_into_view(page, ".submit-bar .button-primary")


async def test_on_a_phone_a_year_is_a_calendar_whose_dates_open_where_the_finger_is(
    phone: Page, ann: Customer, riverside: Business
) -> None:
    await off_for(riverside, 3, 7)
    await sign_in(phone, ann, riverside)
    await wish_for_sam(phone)
    await summary(phone, "50 of 52 walks are free")
    strip = phone.get_by_role("toolbar", name="All dates")
    cells = strip.get_by_role("button")
    sizes = await cells.evaluate_all("(all) => all.map((one) => [one.offsetWidth, one.offsetHeight])")
    assert min(min(size) for size in sizes) >= 24
    assert await cells.evaluate_all("(all) => all.filter((one) => one.tabIndex === 0).length") == 1

    taken = strip.get_by_role("button", name=f"{shown(monday(3))}")
    await taken.first.scroll_into_view_if_needed()
    before = await phone.evaluate("scrollY")
    await taken.first.click()
    card = phone.get_by_role("dialog")
    await expect(card).to_contain_text("Sam is off that day")
    await becomes(phone, "scrollY", before)
    await card.get_by_role("button", name="Priya at 09:00 instead").click()
    await expect(card.get_by_role("button", name="Undo the choice")).to_be_focused()
    await card.get_by_role("button", name="Next:").click()
    await expect(card.get_by_role("heading")).to_contain_text(shown(monday(7)))
    await card.get_by_role("button", name="Leave it out").click()
    await phone.keyboard.press("Escape")
    await summary(phone, "All 51 walks are free")
    await expect(taken.first).to_be_focused()


async def test_on_a_phone_a_year_with_22_problems_takes_three_screens(
    phone: Page, ann: Customer, bob: Customer, riverside: Business
) -> None:
    await off_for(riverside, *range(2, 16))
    for week in range(20, 28):
        await riverside.book(bob, "Sam", monday(week), "09:00")
    await sign_in(phone, ann, riverside)
    await wish_for_sam(phone)
    await summary(phone, "30 of 52 walks are free")
    await becomes(phone, "document.documentElement.scrollHeight <= 3 * 740", True)


async def test_words_that_people_typed_break_anywhere(phone: Page, riverside: Business) -> None:
    long = "Bartholomewconstantinemaximilian-Rex"
    ann = await riverside.customer("Ann", dogs=[long])
    await riverside.book(ann, "Priya", monday(4), "09:00")
    await sign_in(phone, ann, riverside)
    await wish_for_sam(phone)
    await summary(phone, "51 of 52 walks are free")
    await list_months(phone)
    await expect(phone.get_by_text(f"You already have {long} out with Priya at 09:00")).to_be_visible()
    await becomes(phone, "document.documentElement.scrollWidth", 360)
