"""What a caller gets: answers in order, from Google with traffic, from the cache, or estimated."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import psycopg
import pytest

from chassis.testing import ServiceDatabase, eventually
from google_stand_in import Google, way
from travel_client import Body, next_weekday, somewhere, trip


def _text(place: Body) -> str:
    return f"{place['lat']:.5f},{place['lng']:.5f}"


def test_trips_are_answered_in_order_by_google_with_the_traffic_of_their_hour(
    serving, ask, google: Google, source
) -> None:
    asker = ask(serving(travel_provider=source))
    home, park = somewhere(), somewhere()
    rush, night = next_weekday(2, 8), next_weekday(2, 3)
    there, back, quiet, again = asker(
        trip(home, park, rush), trip(park, home, rush), trip(home, park, night), trip(home, park, rush)
    )
    assert {one["source"] for one in (there, back, quiet, again)} == {source}
    assert there == again
    assert there["duration_seconds"] == pytest.approx(2 * quiet["duration_seconds"], abs=2)
    assert there["distance_meters"] != back["distance_meters"]
    assert there["buffer_seconds"] == 900
    assert not there["cached"]
    assert google.billed == 3


def test_every_trip_gets_its_own_figure_in_whatever_order_they_come(serving, ask, google: Google, source) -> None:
    asker, home = ask(serving(travel_provider=source)), somewhere()
    trips = [trip(home, somewhere()) for _ in range(7)] + [trip(somewhere(), home) for _ in range(7)]
    ways = [way(*((one[end]["lat"], one[end]["lng"]) for end in ("origin", "destination")), None) for one in trips]
    found = asker(*trips)
    assert [(one["distance_meters"], one["duration_seconds"]) for one in found] == [(m, s) for m, s, _ in ways]
    assert len(google.requests) == 2


def test_what_was_answered_is_kept_also_over_a_restart(serving, ask, google: Google, source) -> None:
    trips = [trip(), trip(mode="walking")]
    first = ask(serving(travel_provider=source))(*trips)
    asker = ask(serving(travel_provider=source))
    again = asker(*trips)
    assert [one["cached"] for one in first + again] == [False, False, True, True]
    assert [{**one, "cached": None} for one in first] == [{**one, "cached": None} for one in again]
    assert asker(*trips) == again
    assert google.billed == 2


def test_the_same_hour_of_another_weekday_is_the_same_question_and_saturday_is_not(
    serving, ask, google: Google
) -> None:
    asker, home, park = ask(serving()), somewhere(), somewhere()
    for weekday in (0, 1, 4):
        asker(trip(home, park, next_weekday(weekday, 13)))
    assert google.billed == 1
    asker(trip(home, park, next_weekday(5, 13)), trip(home, park, next_weekday(6, 13)))
    assert google.billed == 3


def test_hours_are_those_of_the_organizations_wall_clock(serving, ask, google: Google) -> None:
    # Sunday evening in Los Angeles is Monday in UTC, and a Monday evening there is Tuesday.
    served, home, park = serving(), somewhere(), somewhere()
    asker = ask(served, "America/Los_Angeles")
    asker(trip(home, park, next_weekday(0, 3)), trip(home, park, next_weekday(1, 3)))
    assert google.billed == 2


def test_a_thousand_trips_are_answered_in_few_requests_and_paid_for_once(serving, ask, google: Google, source) -> None:
    asker, home = ask(serving(travel_provider=source)), somewhere()
    others = [somewhere() for _ in range(100)]
    trips = [trip(home, other) for other in others] + [trip(other, home) for other in others]
    assert set(asker.sources(*(trips * 5))) == {source}
    assert google.billed == 200
    assert len(google.requests) <= 10
    assert max(asked.elements for asked in google.requests) <= 625


def test_a_departure_that_is_past_is_asked_for_at_the_next_such_time(serving, ask, google: Google, source) -> None:
    asker = ask(serving(travel_provider=source))
    # Half an hour before midnight in UTC, in summer: there the business has the next day already.
    past = datetime(2025, 7, 10, 23, 30, tzinfo=UTC)
    assert asker.sources(trip(at=past)) == [source]
    departs_at = google.requests[0].departs_at
    assert departs_at is not None
    assert timedelta() < departs_at - datetime.now(UTC) < timedelta(days=15)
    wall_clock = departs_at.astimezone(ZoneInfo("Europe/London"))
    assert (wall_clock.weekday(), wall_clock.time()) == (4, time(0, 30))


@pytest.mark.parametrize(("mode", "said"), [("walking", "WALK"), ("bicycling", "BICYCLE"), ("transit", "TRANSIT")])
def test_every_mode_is_asked_for_as_google_wants_it(serving, ask, google: Google, source, mode, said) -> None:
    asker = ask(serving(travel_provider=source, google_routes_traffic="TRAFFIC_AWARE_OPTIMAL"))
    far = next_weekday(0, 9, weeks=60)
    assert asker.sources(trip(mode=mode, at=far)) == [source]
    assert google.requests[0].mode == (said if source == "google_routes" else mode)
    departs_at = google.requests[0].departs_at
    if mode == "transit":
        assert departs_at is not None
        assert departs_at < datetime.now(UTC) + timedelta(days=100)
    else:
        assert departs_at is None


def test_staying_where_one_is_takes_no_time_and_no_provider(serving, ask, google: Google) -> None:
    home = somewhere()
    [found] = ask(serving())(trip(home, home))
    assert (found["duration_seconds"], found["distance_meters"], found["source"]) == (0, 0, "estimate")
    assert google.requests == []


def test_without_a_key_trips_are_estimated_and_nobody_is_asked(serving, ask, google: Google) -> None:
    asker = ask(serving(google_maps_api_key=None))
    [found] = asker(trip({"lat": 51.5, "lng": -0.12}, {"lat": 51.55, "lng": -0.12}))
    assert found == {
        "duration_seconds": 1080,
        "distance_meters": 7228,
        "source": "estimate",
        "cached": False,
        "buffer_seconds": 900,
    }
    assert google.requests == []


def test_the_buffer_is_a_setting(serving, ask) -> None:
    assert ask(serving(travel_buffer_minutes=7))(trip())[0]["buffer_seconds"] == 420


def test_what_google_knows_no_way_for_is_estimated_and_not_asked_again(serving, ask, google: Google, source) -> None:
    google.cells = lambda _o, _d: "ZERO_RESULTS"
    asker, wanted = ask(serving(travel_provider=source)), trip()
    assert asker.sources(wanted, wanted) == ["estimate"] * 2
    google.cells = lambda _o, _d: "OK"
    [again] = ask(serving(travel_provider=source))(wanted)
    assert (again["source"], again["cached"]) == ("estimate", True)
    assert google.billed == 1
    assert asker.metric('travel_fallbacks_total{reason="no_route"}') >= 1


def test_a_figure_is_kept_a_day_and_an_estimate_minutes(
    serving, ask, google: Google, database: ServiceDatabase, source
) -> None:
    asker = ask(serving(travel_provider=source))
    good, bad, none = somewhere(), somewhere(), somewhere()
    home = somewhere()
    google.cells = lambda _o, d: {bad["lat"]: "UNKNOWN", none["lat"]: "ZERO_RESULTS"}.get(d[0], "OK")
    assert asker.sources(trip(home, good), trip(home, bad), trip(home, none)) == [source, "estimate", "estimate"]

    def kept() -> dict[str, float]:
        with psycopg.connect(database.admin_url) as admin:
            rows = admin.execute(
                "SELECT destination, extract(epoch FROM expires_at - fetched_at)::float FROM travel_times WHERE origin = %s",
                (_text(home),),
            ).fetchall()
        return {destination: seconds for destination, seconds in rows if seconds is not None}

    eventually(lambda: len(kept()) == 3, "three figures are kept")
    by_place = {place["lat"]: kept()[_text(place)] for place in (good, bad, none)}
    assert by_place == {good["lat"]: 86_400, bad["lat"]: 300, none["lat"]: 86_400}


def test_what_expired_is_asked_for_anew_and_swept(serving, ask, google: Google, database: ServiceDatabase) -> None:
    wanted = trip()
    ask(serving())(wanted)
    with psycopg.connect(database.admin_url, autocommit=True) as admin:

        def expire() -> None:
            good = "SELECT 1 FROM travel_times WHERE expires_at > now() AND origin = %s"
            eventually(lambda: admin.execute(good, (_text(wanted["origin"]),)).fetchone(), "it is kept")
            admin.execute("UPDATE travel_times SET expires_at = now() - interval '1 second'")

        asker = ask(serving())
        expire()
        [found] = asker(wanted)
        assert not found["cached"]
        assert google.billed == 2
        expire()
        serving(travel_sweep_s=0.05)
        eventually(lambda: admin.execute("SELECT count(*) FROM travel_times").fetchone() == (0,), "all is swept")


def test_with_a_cache_of_no_hours_nothing_is_kept(serving, ask, google: Google, database: ServiceDatabase) -> None:
    asker, wanted = ask(serving(travel_cache_hours=0)), trip()
    assert [asker(wanted)[0]["cached"] for _ in range(2)] == [False, False]
    assert google.billed == 2
    with psycopg.connect(database.admin_url) as admin:
        query = "SELECT 1 FROM travel_times WHERE origin = %s"
        assert admin.execute(query, (_text(wanted["origin"]),)).fetchone() is None


def test_memory_is_bounded_and_the_database_holds_the_rest(
    serving, ask, google: Google, database: ServiceDatabase
) -> None:
    served = serving(travel_memory_entries=10)
    asker, home = ask(served), somewhere()
    trips = [trip(home) for _ in range(30)]
    asker(*trips)
    assert len(served.app.state.cache._memory) == 10
    with psycopg.connect(database.admin_url, autocommit=True) as admin:
        query = "SELECT count(*) FROM travel_times WHERE origin = %s AND fetched_at IS NOT NULL"
        eventually(lambda: admin.execute(query, (_text(home),)).fetchone() == (30,), "all is kept")
    assert all(one["cached"] for one in asker(*trips))
    assert google.billed == 30


def test_operators_see_calls_elements_and_where_trips_were_found(serving, ask, google: Google, source) -> None:
    asker, wanted = ask(serving(travel_provider=source)), [trip(), trip()]
    names = [
        f'travel_provider_calls_total{{outcome="ok",provider="{source}"}}',
        f'travel_elements_billed_total{{provider="{source}"}}',
        'travel_cache_lookups_total{result="miss"}',
        'travel_cache_lookups_total{result="memory"}',
    ]
    before = [asker.metric(name) for name in names]
    asker(*wanted)
    asker(*wanted)
    assert [asker.metric(name) - was for name, was in zip(names, before, strict=True)] == [2, 2, 2, 2]
    page = asker.http.get("/metrics").text
    assert f'breaker_state{{upstream="{source}"}} 0.0' in page
    assert f'travel_provider_needs_operator{{provider="{source}"}} 0.0' in page
    assert 'travel_fallbacks_total{reason="slow"}' in page
