"""How fast a rock is worked: too many extractions a minute make it unstable."""

from datetime import datetime

from mining.models import Extraction
from mining.rules import deposits
from spacefleet import clock

MINUTE = 60.0  # game seconds


def crowded(crew: int, *, cap: int) -> bool:
    """Whether so many ships could together dig more than `cap` times a minute.

    No ship digs more often than its mounts cool down; one newcomer is allowed for.
    """
    return crew * MINUTE / deposits.DRONE_CYCLE + 1 > cap


def rest(waypoint: str, era: int, *, at: datetime, cap: int) -> float:
    """Game seconds to wait before one more extraction keeps to `cap` a minute; 0 for none."""
    since = at - clock.game(MINUTE)
    recent = list(
        Extraction.objects.filter(waypoint=waypoint, at__gt=since, ship__agent__era=era)
        .order_by("at")
        .values_list("at", flat=True)[: cap + 1]
    )
    if len(recent) < cap:
        return 0.0
    return max(1.0, MINUTE - clock.elapsed(recent[0], at))
