"""Which surveys are there, and which is the best."""

from collections.abc import Mapping
from datetime import datetime

from mining.models import Survey
from mining.rules import deposits
from spacefleet import clock

HISTORY = 100  # surveys of a site that tell what is usual there


def usable(
    era: int, waypoint: str, *, at: datetime, guard: float, max_uses: int = 0
) -> list[Survey]:
    """Surveys of a waypoint that will live for another `guard` game seconds."""
    rows = Survey.objects.usable(at + clock.game(guard), max_uses=max_uses)
    return list(rows.filter(era=era, waypoint=waypoint).order_by("expires_at", "pk"))


def best(rows: list[Survey], prices: Mapping[str, float]) -> Survey | None:
    """The survey of the greatest expected value; of equals the one that expires first."""
    valued = [(deposits.survey_value(row.deposits, prices), row) for row in rows]
    worthy = [pair for pair in valued if pair[0] > 0]
    return max(worthy, key=lambda pair: pair[0])[1] if worthy else None


def threshold(
    era: int, waypoint: str, prices: Mapping[str, float], percent: int
) -> float | None:
    """The value a survey needs to belong to the better ones of the last hundred of its site."""
    recent = Survey.objects.filter(era=era, waypoint=waypoint).order_by("-made_at")[:HISTORY]
    return deposits.percentile(
        [deposits.survey_value(row.deposits, prices) for row in recent], percent
    )
