"""What people are told reads well, in the business's own time."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from gateway.rules import notification_texts
from gateway.rules.notification_texts import WalksSummary

LONDON, KIRITIMATI = ZoneInfo("Europe/London"), ZoneInfo("Pacific/Kiritimati")
YEAR = WalksSummary(52, datetime(2026, 12, 7, 9, tzinfo=UTC), datetime(2027, 11, 29, 9, tzinfo=UTC))
ONE = WalksSummary(1, datetime(2026, 12, 7, 9, tzinfo=UTC), datetime(2026, 12, 7, 9, tzinfo=UTC))


def test_a_series_is_said_with_its_time_and_its_ends() -> None:
    assert notification_texts.booked("Ann Carter", "Long walk", YEAR, LONDON) == (
        "Ann Carter booked 52 walks with you",
        "Long walk at 09:00, from Mon 7 Dec 2026 to Mon 29 Nov 2027.",
    )


def test_a_single_walk_is_said_with_its_day() -> None:
    assert notification_texts.booked("Ann", "Long walk", ONE, LONDON) == (
        "Ann booked a walk with you",
        "Long walk on Mon 7 Dec 2026 at 09:00.",
    )


def test_times_are_the_businesss_own() -> None:
    assert (
        notification_texts.booked("Ann", "Long walk", ONE, KIRITIMATI).body == "Long walk on Mon 7 Dec 2026 at 23:00."
    )


def test_a_series_over_a_change_of_clocks_keeps_its_time() -> None:
    summer = WalksSummary(2, datetime(2027, 3, 22, 9, tzinfo=UTC), datetime(2027, 3, 29, 8, tzinfo=UTC))
    text = notification_texts.booked("Ann", "Long walk", summer, LONDON)
    assert text.body == "Long walk at 09:00, from Mon 22 Mar 2027 to Mon 29 Mar 2027."


def test_different_times_are_both_said() -> None:
    mixed = WalksSummary(2, datetime(2026, 12, 7, 9, tzinfo=UTC), datetime(2026, 12, 8, 15, 30, tzinfo=UTC))
    body = notification_texts.cancelled_with_walker("Ann", "customer", "Long walk", mixed, LONDON).body
    assert body == "Long walk, from Mon 7 Dec 2026 at 09:00 to Tue 8 Dec 2026 at 15:30."


def test_walks_that_are_on_again_are_told_to_both() -> None:
    assert (
        notification_texts.restored_with_walker("Ann", "Walk", ONE, LONDON).title == "Ann's walk with you is on again"
    )
    assert (
        notification_texts.restored_with_walker("Ann", "Walk", YEAR, LONDON).title
        == "Ann's 52 walks with you are on again"
    )
    assert notification_texts.restored_of_customer("Walk", ONE, LONDON).title == "Your walk is on again"
    assert notification_texts.restored_of_customer("Walk", YEAR, LONDON).title == "52 of your walks are on again"


def test_a_walker_is_told_of_short_notice() -> None:
    def title(extent: WalksSummary) -> str:
        return notification_texts.cancelled_with_walker("Ann", "customer", "Walk", extent, LONDON).title

    assert title(ONE) == "Ann cancelled a walk with you"
    assert title(ONE._replace(late=1)) == "Ann cancelled a walk with you at short notice"
    assert title(YEAR._replace(late=52)) == "Ann cancelled 52 walks with you at short notice"
    assert title(YEAR._replace(late=1)) == "Ann cancelled 52 walks with you, 1 of them at short notice"


def test_only_a_customer_owes_notice() -> None:
    text = notification_texts.cancelled_with_walker("Olive", "admin", "Walk", ONE._replace(late=1), LONDON)
    assert text.title == "The office cancelled a walk with you"


def test_who_cancelled_is_named_unless_it_is_the_office() -> None:
    text = [
        notification_texts.cancelled_of_customer("Sam", role, "Walk", YEAR, LONDON).title
        for role in ("walker", "admin")
    ]
    assert text == ["Sam cancelled 52 of your walks", "The office cancelled 52 of your walks"]
    assert (
        notification_texts.cancelled_of_customer("Sam", "admin", "Walk", ONE, LONDON).title
        == "The office cancelled a walk of yours"
    )
