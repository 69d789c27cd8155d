"""What the mining page and a miner's own page show."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, Sum

from fleet.models import Ship
from fleet.selectors.newest import open_first
from fleet.selectors.pages import HOUR, Scope
from mining.models import Extraction, Jettison, Session, Site, Survey
from mining.rules import aiming, deposits


@dataclass(frozen=True, slots=True)
class SiteLine:
    """A site with who works it and what came out of it in the last game hour."""

    site: Site
    ships: int
    strength: int
    loads: int
    units: int
    resting: bool


def sites(scope: Scope, *, at: datetime) -> list[SiteLine]:
    """Sites, open ones first; three queries, whatever their number."""
    rows = Site.objects.filter(agent__in=scope.pks).select_related(
        "agent", "waypoint", "rendezvous"
    )
    recent = Extraction.objects.filter(
        session__site__agent__in=scope.pks, at__gte=scope.since(HOUR, at)
    )
    counted = recent.values_list("session__site").annotate(n=Count("pk"), units=Sum("units"))
    loads = {site: (n, units) for site, n, units in counted}
    crews = _crews(scope)
    return [
        SiteLine(
            site=site,
            ships=len(crew := crews.get((site.agent_id, site.waypoint.symbol), [])),
            strength=sum(crew),
            loads=loads.get(site.pk, (0, 0))[0],
            units=loads.get(site.pk, (0, 0))[1],
            resting=bool(site.closed_until and site.closed_until > at),
        )
        for site in rows.defer("agent__token").order_by(
            "-open", "-value_per_hour", "waypoint__symbol"
        )
    ]


def _crews(scope: Scope) -> dict[tuple[int, str], list[int]]:
    """The strengths of the ships that work at each place and can extract or siphon."""
    strength = F("laser_strength") + F("siphon_strength")
    ships = Ship.objects.filter(agent__in=scope.pks, lost_at__isnull=True).exclude(place="")
    crews: dict[tuple[int, str], list[int]] = {}
    rows = ships.annotate(strength=strength).filter(strength__gt=0)
    for agent, place, points in rows.values_list("agent", "place", "strength"):
        crews.setdefault((agent, place), []).append(points)
    return crews


@dataclass(frozen=True, slots=True)
class SurveyLine:
    """A survey that can still be used, with how often each deposit stands in it.

    `value` is what a unit dug by it brings, by the prices that its site holds; None where no site
    of ours is. `left` are the units that surveys of its size give beyond what was dug.
    """

    survey: Survey
    deposits: list[tuple[str, int]]
    value: float | None
    left: float


def usable_surveys(scope: Scope, *, at: datetime, first: int = 60) -> list[SurveyLine]:
    """The most valuable first, of those alike the one that lives longest; two queries."""
    eras = [era.pk for era in scope.eras]
    rows = Survey.objects.filter(era__in=eras).usable(at).select_related("made_by")
    shown = dict(
        Site.objects.filter(agent__in=scope.pks).values_list("waypoint__symbol", "shown")
    )
    lines = [_survey_line(row, shown.get(row.waypoint, {})) for row in rows]
    ranked = sorted(
        lines, key=lambda line: (line.value or 0, line.survey.expires_at), reverse=True
    )
    return ranked[:first]


def _survey_line(survey: Survey, prices: dict[str, float]) -> SurveyLine:
    return SurveyLine(
        survey=survey,
        deposits=Counter(survey.deposits).most_common(),
        value=deposits.survey_value(survey.deposits, prices) if prices else None,
        left=aiming.left(survey.size, survey.units),
    )


def sessions(scope: Scope, *, last: int = 30) -> list[Session]:
    """Stays at sites, those still open first."""
    rows = Session.objects.filter(ship__agent__in=scope.pks).counted()
    rows = rows.select_related("ship", "site__waypoint")
    return open_first(rows, began="started_at", last=last)


def sessions_of(ship: Ship, *, last: int = 8) -> list[Session]:
    """Its own stays at sites, the open one first."""
    rows = Session.objects.filter(ship=ship).counted().select_related("site__waypoint")
    return list(rows.order_by(F("ended_at").desc(nulls_first=True), "-started_at")[:last])


def extractions(scope: Scope, *, last: int = 20) -> list[Extraction]:
    rows = Extraction.objects.filter(ship__agent__in=scope.pks)
    return list(rows.select_related("ship", "survey").order_by("-at", "-pk")[:last])


def extractions_of(ship: Ship, *, last: int = 12) -> list[Extraction]:
    rows = Extraction.objects.filter(ship=ship).select_related("survey")
    return list(rows.order_by("-at", "-pk")[:last])


def jettisons(scope: Scope, *, last: int = 20) -> list[Jettison]:
    rows = Jettison.objects.filter(ship__agent__in=scope.pks).select_related("ship")
    return list(rows.order_by("-at", "-pk")[:last])


@dataclass(frozen=True, slots=True)
class Yield:
    """What came out of one kind of deposit in the last game hour; `value` where a price
    was known."""

    good: str
    loads: int
    units: int
    value: int
    unpriced: int


@dataclass(frozen=True, slots=True)
class Harvest:
    """The last game hour of mining: what came out, and how busy the miners were."""

    yields: list[Yield]
    loads: int
    ships: int
    thrown_away: int
    value_lost: int

    @property
    def loads_a_ship(self) -> float | None:
        return self.loads / self.ships if self.ships else None


def harvest(scope: Scope, *, at: datetime) -> Harvest:
    since = scope.since(HOUR, at)
    recent = Extraction.objects.filter(ship__agent__in=scope.pks, at__gte=since)
    rows = (
        recent.values("good")
        .annotate(
            loads=Count("pk"),
            total=Sum("units"),
            value=Sum(F("units") * F("price")),
            unpriced=Sum("units", filter=Q(price__isnull=True)),
        )
        .order_by("-value", "good")
    )
    yields = [
        Yield(row["good"], row["loads"], row["total"], row["value"] or 0, row["unpriced"] or 0)
        for row in rows
    ]
    ships = recent.aggregate(n=Count("ship", distinct=True))["n"]
    lost = Jettison.objects.filter(ship__agent__in=scope.pks, at__gte=since).aggregate(
        total=Sum("units"), value=Sum(F("units") * F("price"))
    )
    return Harvest(
        yields=yields,
        loads=sum(row.loads for row in yields),
        ships=ships,
        thrown_away=lost["total"] or 0,
        value_lost=lost["value"] or 0,
    )
