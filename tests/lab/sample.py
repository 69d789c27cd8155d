"""Comparisons and runs that nobody played, and their figures."""

from typing import Any

import factory
from factory.django import DjangoModelFactory

from spacefleet.models import Comparison, LabRun
from tests.factories import NOON


class ComparisonFactory(DjangoModelFactory[Comparison]):
    class Meta:
        model = Comparison

    scenario = "first_day"
    hours = 6.0
    seeds = factory.LazyFunction(lambda: [7])
    arms = factory.LazyFunction(
        lambda: [{"name": "base", "choices": []}, {"name": "eager", "choices": []}]
    )
    created_at = NOON


class LabRunFactory(DjangoModelFactory[LabRun]):
    class Meta:
        model = LabRun

    comparison = factory.SubFactory(ComparisonFactory)
    arm = "base"
    seed = 7


def figures(credits: int, seed: int) -> dict[str, Any]:
    """A run's figures as far as pages read them."""
    curve = [
        {
            "hour": hour,
            "credits": 1000 + credits * hour,
            "by_activity": {"mining": credits * hour},
        }
        for hour in (0, 1, 2)
    ]
    return {
        "seed": seed,
        "net_credits_per_hour": credits,
        "net_credits_per_request": credits / 100,
        "net_worth_start": 0,
        "net_worth_end": 2 * credits,
        "game_hours": 2.0,
        "requests": {"total": 200, "wasted": 4},
        "bound": {"share": 0.05},
        "curve": curve,
    }
