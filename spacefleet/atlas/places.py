"""What the map of a system shows: its waypoints, what is there, and who flies between them."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Max, Q
from django.db.models.fields.json import KeyTextTransform

from fleet.models import NavStatus, Ship, Waypoint
from fleet.params import ScoutParams
from fleet.selectors.pages import Scope, trouble_of
from fleet.services import parameters
from inventory.models import Depot
from mining.models import Site

NAMED = 12  # ships that a line of the table calls by name; of a crowd the others are counted
FRESH_PART = 4  # prices younger than a quarter of "worth a visit" count as fresh


@dataclass(frozen=True, slots=True)
class Freshness:
    """Until which age, in wall seconds, prices count as fresh, and from which as old."""

    fresh: float
    old: float

    def of(self, seen_at: datetime | None, at: datetime) -> str:
        """The age of prices in a word; never seen is no age."""
        if seen_at is None:
            return "never seen"
        age = (at - seen_at).total_seconds()
        return "fresh" if age <= self.fresh else "ageing" if age <= self.old else "old"


def freshness(scope: Scope) -> Freshness:
    """The scouts' own idea of an old price, so that map and scouts agree."""
    old = parameters.resolve(ScoutParams, "scout").stale_after / scope.factor
    return Freshness(fresh=old / FRESH_PART, old=old)


class Dot(NamedTuple):
    """What the map says of a ship. Of thousands, whole rows would take most of the time."""

    symbol: str
    role: str | None
    waypoint: str
    origin: str
    nav_status: str
    departed_at: datetime | None
    arrives_at: datetime | None
    trouble: str

    def in_transit(self, at: datetime) -> bool:
        return bool(
            self.nav_status == NavStatus.IN_TRANSIT and self.arrives_at and self.arrives_at > at
        )


@dataclass(slots=True)
class Place:
    """A waypoint with everything of ours that is there."""

    waypoint: Waypoint
    seen_at: datetime | None = None
    freshness: str = ""
    marks: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    here: list[Dot] = field(default_factory=list)
    coming: list[Dot] = field(default_factory=list)

    @property
    def named(self) -> list[Dot]:
        return self.here[:NAMED]

    @property
    def unnamed(self) -> int:
        return len(self.here) - len(self.named)

    @property
    def expected(self) -> list[Dot]:
        """Those that come, the first to arrive first."""
        soon = sorted(self.coming, key=lambda ship: (str(ship.arrives_at), ship.symbol))
        return soon[:NAMED]

    @property
    def notable(self) -> bool:
        """Whether it deserves a line in the table: not one more rock nobody works."""
        busy = self.marks or self.here or self.coming or self.waypoint.market
        return bool(busy or self.waypoint.type not in ("ASTEROID", "ENGINEERED_ASTEROID"))


@dataclass(frozen=True, slots=True)
class Chart:
    """One system as a map draws it."""

    system: str
    places: list[Place]
    ships: list[Dot]
    freshness: Freshness

    @property
    def listed(self) -> list[Place]:
        return [place for place in self.places if place.notable]

    @property
    def left_out(self) -> int:
        return len(self.places) - len(self.listed)


@dataclass(frozen=True, slots=True)
class Known:
    """A system we know waypoints of."""

    system: str
    waypoints: int
    ships: int


def known(scope: Scope) -> list[Known]:
    """The systems of which waypoints are known, homes first; two queries."""
    homes = {agent.home for agent in scope.agents}
    ships = dict(
        Ship.objects.filter(agent__in=scope.pks, lost_at__isnull=True)
        .values_list("system")
        .annotate(n=Count("pk"))
    )
    rows = Waypoint.objects.filter(era__in=[era.pk for era in scope.eras])
    counted = rows.values_list("system").annotate(n=Count("pk"))
    found = [Known(system, n, ships.get(system, 0)) for system, n in counted]
    return sorted(found, key=lambda one: (one.system not in homes, -one.ships, one.system))


def system_shown(scope: Scope, wanted: str = "") -> str:
    """The system a map shows: the one asked for, else the first agent's home.

    Raises LookupError with a sentence for one of which we know nothing.
    """
    if not wanted:
        return scope.agents[0].home if scope.agents else ""
    eras = [era.pk for era in scope.eras]
    if not Waypoint.objects.filter(era__in=eras, system=wanted).exists():
        raise LookupError(f"No waypoint of {wanted} is known here. The map lists the systems.")
    return wanted


def chart(scope: Scope, system: str, *, at: datetime) -> Chart:
    """Waypoints, sites, depots and ships of a system; a fixed number of queries."""
    ages = freshness(scope)
    places = _places(scope, system)
    for place in places.values():
        if place.waypoint.market:
            place.freshness = ages.of(place.seen_at, at)
    _mark_domains(scope, places)
    ships = _ships(scope, system)
    for ship in ships:
        if found := places.get(ship.waypoint):
            (found.coming if ship.in_transit(at) else found.here).append(ship)
    ranked = sorted(places.values(), key=_rank)
    return Chart(system, ranked, ships, ages)


def _rank(place: Place) -> tuple[bool, bool, str]:
    return not place.marks, not place.waypoint.market, place.waypoint.symbol


def _places(scope: Scope, system: str) -> dict[str, Place]:
    rows = Waypoint.objects.filter(era__in=[era.pk for era in scope.eras], system=system)
    seen = rows.annotate(priced_at=Max("goods__seen_at")).order_by("symbol")
    homes = {agent.headquarters: agent.symbol for agent in scope.agents}
    places = {row.symbol: Place(row, seen_at=row.priced_at) for row in seen}
    for symbol, place in places.items():
        if symbol in homes:
            _mark(place, "home", f"headquarters of {homes[symbol]}")
        if place.waypoint.shipyard:
            _mark(place, "shipyard", "shipyard")
        if place.waypoint.under_construction:
            _mark(place, "construction", "under construction")
    return places


def _mark(place: Place, mark: str, note: str) -> None:
    if mark not in place.marks:
        place.marks.append(mark)
    place.notes.append(note)


def _mark_domains(scope: Scope, places: dict[str, Place]) -> None:
    """Where we mine and where we store."""
    sites = Site.objects.filter(agent__in=scope.pks, open=True).select_related("waypoint")
    for site in sites.order_by("-value_per_hour"):
        if place := places.get(site.waypoint.symbol):
            _mark(place, "site", f"{site.kind} site, {site.value_per_hour:,.0f} cr/h a ship")
    depots = Depot.objects.filter(ship__agent__in=scope.pks, ship__lost_at__isnull=True)
    for depot in depots.select_related("ship"):
        if place := places.get(depot.waypoint):
            ship = depot.ship
            held = f"{ship.cargo_units} of {ship.cargo_capacity} units"
            _mark(place, "depot", f"depot {ship.symbol}, {held}")


FLOWN = ("symbol", "duty", "waypoint", "origin", "nav_status", "departed_at", "arrives_at")


def _ships(scope: Scope, system: str) -> list[Dot]:
    """Two queries: all ships in a few columns, and those in trouble as they are."""
    rows = Ship.objects.filter(agent__in=scope.pks, system=system, lost_at__isnull=True)
    troubled = rows.filter(
        Q(failures__gt=0) | Q(suspect_since__isnull=False) | Q(excluded=True)
    )
    troubles = {ship.pk: trouble_of(ship) for ship in troubled}
    main = KeyTextTransform("0", "roles")  # decoded by the database, not one by one here
    flown: Any = rows.annotate(duty=main).order_by("symbol").values_list("pk", *FLOWN)
    return [Dot._make((*ship[1:], troubles.get(ship[0], ""))) for ship in flown]


def drawn(chart: Chart, *, at: datetime, only: str = "") -> dict[str, Any]:
    """The chart as the browser draws it; `only` leaves out all ships but one.

    Ships under way carry both ends and both moments of their flight: the browser moves them,
    so that a flight is no news until it is over.
    """
    orbits = defaultdict(list)
    for place in chart.places:
        if place.waypoint.orbits:
            orbits[place.waypoint.orbits].append(place.waypoint.symbol)
    return {
        "system": chart.system,
        "fresh": chart.freshness.fresh,
        "old": chart.freshness.old,
        "places": [_drawn_place(place, orbits) for place in chart.places],
        "ships": [_drawn_ship(ship, at) for ship in chart.ships if only in ("", ship.symbol)],
    }


def _drawn_place(place: Place, orbits: dict[str, list[str]]) -> dict[str, Any]:
    row = place.waypoint
    around = orbits.get(row.orbits, [])
    return {
        "symbol": row.symbol,
        "type": row.type,
        "x": row.x,
        "y": row.y,
        "orbits": row.orbits,
        "turn": (around.index(row.symbol) / len(around)) if row.symbol in around else 0,
        "market": row.market,
        "seen": _moment(place.seen_at),
        "marks": place.marks,
        "notes": place.notes,
    }


def _drawn_ship(ship: Dot, at: datetime) -> dict[str, Any]:
    flies = ship.in_transit(at) and ship.departed_at is not None
    return {
        "symbol": ship.symbol,
        "role": ship.role or "no role",
        "at": ship.waypoint,
        "from": ship.origin if flies else "",
        "departs": _moment(ship.departed_at) if flies else None,
        "arrives": _moment(ship.arrives_at) if flies else None,
        "trouble": ship.trouble,
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None
