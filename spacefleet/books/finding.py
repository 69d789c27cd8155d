"""What people look for by name: ships of all agents, waypoints, goods and contracts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet, TextField
from django.db.models.functions import Cast

from allocation.models import Contract
from fleet.models import MarketGood, Ship, Waypoint
from fleet.selectors.pages import Scope

LEAST = 2  # letters; one alone is in everything
SHOWN = 50  # of each kind


@dataclass(frozen=True, slots=True)
class Some:
    """The first rows that fit, and whether there are more."""

    rows: Sequence[Any]
    more: bool


@dataclass(frozen=True, slots=True)
class Found:
    """All that fits the words."""

    ships: Some
    waypoints: Some
    goods: Some
    contracts: Some

    @property
    def nothing(self) -> bool:
        return not any(
            some.rows for some in (self.ships, self.waypoints, self.goods, self.contracts)
        )


def find(scope: Scope, words: str) -> Found | None:
    """What has every one of the words somewhere; None for too few letters. Four queries."""
    if len(words.strip()) < LEAST:
        return None
    eras = [era.pk for era in scope.eras]
    ships = Ship.objects.filter(agent__in=scope.pks).annotate(duties=Cast("roles", TextField()))
    waypoints = Waypoint.objects.filter(era__in=eras).annotate(
        marks=Cast("traits", TextField())
    )
    goods = MarketGood.objects.filter(waypoint__era__in=eras)
    contracts = Contract.objects.filter(agent__in=scope.pks).select_related("agent")
    return Found(
        ships=_first(
            _with(ships, words, "symbol", "type", "waypoint", "place", "why", "duties")
            .select_related("agent")
            .defer("agent__token")
            .order_by("agent__symbol", "pk")
        ),
        waypoints=_first(_with(waypoints, words, "symbol", "type", "marks").order_by("symbol")),
        goods=_first(
            _with(goods, words, "good")
            .values("good")
            .annotate(markets=Count("pk"), least=Min("we_pay"), most=Max("we_receive"))
            .order_by("good")
        ),
        contracts=_first(
            _with(contracts, words, "good", "destination", "game_id", "status", "judgement")
            .defer("agent__token")
            .order_by("-offered_at")
        ),
    )


def _with(rows: QuerySet[Any], words: str, *columns: str) -> QuerySet[Any]:
    for word in words.split():
        any_column = Q()
        for column in columns:
            any_column |= Q(**{f"{column}__icontains": word})
        rows = rows.filter(any_column)
    return rows


def _first(rows: QuerySet[Any]) -> Some:
    found = list(rows[: SHOWN + 1])
    return Some(found[:SHOWN], more=len(found) > SHOWN)
