"""What is known of the galaxy, and what is left to see."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from fleet.models import Agent, LedgerEntry, Material, Passage, Ship, System, Waypoint
from fleet.rules.gates import Gate


@dataclass(frozen=True, slots=True)
class Progress:
    """Systems by how far we know them."""

    known: int
    learned: int
    explored: int
    shut: int

    def __str__(self) -> str:
        return f"{self.explored} of {self.known} systems explored, {self.shut} gates shut"


def network(era: int) -> dict[str, Gate]:
    """All gates we know of, by symbol."""
    rows = System.objects.filter(era=era).exclude(gate="").order_by("symbol")
    return {
        row.gate: Gate(
            symbol=row.gate,
            system=row.symbol,
            x=row.x,
            y=row.y,
            open=row.gate_open,
            connections=None if row.connections is None else tuple(row.connections),
        )
        for row in rows
    }


def unexplored(era: int) -> list[str]:
    """Gates of systems in which something is left to see."""
    rows = System.objects.filter(era=era, explored_at__isnull=True).exclude(gate="")
    return list(rows.order_by("symbol").values_list("gate", flat=True))


def progress(era: int) -> Progress:
    rows = list(
        System.objects.filter(era=era).values_list("learned_at", "explored_at", "gate_open")
    )
    return Progress(
        known=len(rows),
        learned=sum(1 for learned, _, _ in rows if learned),
        explored=sum(1 for _, explored, _ in rows if explored),
        shut=sum(1 for _, _, is_open in rows if is_open is False),
    )


def taken(agent: Agent, but: Ship) -> set[str]:
    """Places that other explorers of this era fly to."""
    others = Ship.objects.filter(
        agent__era=agent.era_id, roles__0="explorer", lost_at__isnull=True
    ).exclude(pk=but.pk)
    return {
        place for pair in others.values_list("place", "waypoint") for place in pair if place
    }


def sights(ship: Ship) -> list[Waypoint]:
    """Waypoints of the ship's system that are not charted, and markets or yards never seen."""
    rows = Waypoint.objects.filter(era=ship.agent.era_id, system=ship.system).order_by("symbol")
    unseen = rows.filter(goods__seen_at__isnull=False).values("pk")
    hidden = rows.filter(charted=False)
    markets = rows.filter(charted=True, market=True).exclude(pk__in=unseen)
    return [*hidden, *markets]


ROWS = 100  # of a table on the page; more than anybody reads


def overview(eras: Sequence[int]) -> dict[str, Any]:
    """Progress, and the systems with how many of their waypoints are charted."""
    rows = list(System.objects.filter(era__in=eras).order_by("-learned_at", "symbol")[:ROWS])
    counts = {
        name: (total, charted)
        for name, total, charted in Waypoint.objects.filter(
            era__in=eras, system__in=[row.symbol for row in rows]
        )
        .values_list("system")
        .annotate(total=Count("pk"), charted=Count("pk", filter=Q(charted=True)))
    }
    return {
        "materials": list(Material.objects.filter(era__in=eras).order_by("waypoint", "good")),
        "progress": [progress(era) for era in eras],
        "systems": [(row, *counts.get(row.symbol, (0, 0))) for row in rows],
    }


def passages(agents: Sequence[int]) -> QuerySet[Passage]:
    """The latest jumps."""
    rows = Passage.objects.filter(ship__agent__in=agents).select_related("ship")
    return rows.order_by("-asked_at")[:20]


def charts(agents: Sequence[int]) -> QuerySet[LedgerEntry]:
    """The latest charts with their reward."""
    rows = LedgerEntry.objects.filter(agent__in=agents, kind=LedgerEntry.Kind.CHART)
    return rows.select_related("ship").order_by("-at")[:20]
