"""The country of a time zone, by the tables of the time zone database."""

import pytest

from gateway.api.field_types import _time_zones
from gateway.rules.countries import country_of


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Europe/London", "GB"),
        ("America/New_York", "US"),
        ("Europe/Amsterdam", "NL"),  # today a link to Brussels
        ("Asia/Calcutta", "IN"),  # a former name
        ("US/Eastern", "US"),
        ("Pacific/Yap", "FM"),  # a former name of a zone of another country
        ("UTC", None),
        ("Etc/GMT+5", None),
    ],
)
def test_a_zone_is_of_its_country(zone: str, country: str | None) -> None:
    assert country_of(zone) == country


def test_every_zone_that_a_business_can_choose_has_a_country_but_those_of_nowhere() -> None:
    assert {zone.partition("/")[0] for zone in _time_zones() if country_of(zone) is None} == {"Etc", "UTC"}
