"""The request budget of a life from its first request: joining, flying, stopping, flying on."""

import pytest

from fleet.models import Lane
from spacefleet.lab.play import playing
from spacefleet.models import RequestCount

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(240)]


def test_no_request_is_limited_from_the_first_one_on():
    """Joining spends the burst; who flies then goes on from there, and so does its successor."""
    with playing("late_fleet", seed=3) as play:
        joined = Lane.objects.get().budget
        for _ in range(3):
            play.run(hours=0.01)

        limited = RequestCount.objects.filter(status=429)
        assert joined["address"]["burst"][1] > 20, "joining was a burst"
        assert sum(RequestCount.objects.values_list("count", flat=True)) > 100
        assert not limited.exists()
