"""What the map of the galaxy shows: systems we know, gates between them, and our ships."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from fleet.models import Ship, System
from fleet.selectors.pages import Scope

from . import places


@dataclass(frozen=True, slots=True)
class Star:
    """A system as far as we know it: `row` is None while only its waypoints were read."""

    symbol: str
    row: System | None
    home: str
    waypoints: int
    ships: int

    @property
    def state(self) -> str:
        if self.home:
            return f"home of {self.home}"
        if self.row is None or self.row.learned_at is None:
            return "heard of" if not self.waypoints else "read"
        return "explored" if self.row.explored_at else "read"

    @property
    def leads_to(self) -> list[str]:
        """The systems one jump away, as far as its gate was seen."""
        gates = (self.row.connections if self.row else None) or []
        return [gate.rsplit("-", 1)[0] for gate in gates]


def stars(scope: Scope) -> list[Star]:
    """Homes first, then where our ships are; a fixed number of queries."""
    homes: dict[str, str] = {}
    for agent in scope.agents:
        homes[agent.home] = ", ".join(filter(None, [homes.get(agent.home), agent.symbol]))
    rows = {
        row.symbol: row for row in System.objects.filter(era__in=[era.pk for era in scope.eras])
    }
    read = {one.system: one.waypoints for one in places.known(scope)}
    ships = dict(
        Ship.objects.filter(agent__in=scope.pks, lost_at__isnull=True)
        .values_list("system")
        .annotate(n=Count("pk"))
    )
    found = [
        Star(
            symbol=symbol,
            row=rows.get(symbol),
            home=homes.get(symbol, ""),
            waypoints=read.get(symbol, 0),
            ships=ships.get(symbol, 0),
        )
        for symbol in {*homes, *rows, *read, *ships}
    ]
    return sorted(found, key=lambda one: (not one.home, -one.ships, one.symbol))


def drawn(stars: list[Star]) -> dict[str, Any]:
    """The stars whose place is known, for the browser, and the jumps between them."""
    placed = {
        star.symbol: star for star in stars if star.row is not None and star.row.x is not None
    }
    links = {
        tuple(sorted((star.symbol, other)))
        for star in placed.values()
        for other in star.leads_to
        if other in placed
    }
    return {
        "stars": [
            {
                "symbol": star.symbol,
                "type": star.row.type if star.row else "",
                "x": star.row.x if star.row else None,
                "y": star.row.y if star.row else None,
                "state": star.state,
                "home": bool(star.home),
                "ships": star.ships,
                "shut": bool(star.row and star.row.gate_open is False),
            }
            for star in placed.values()
        ],
        "links": sorted(links),
    }
