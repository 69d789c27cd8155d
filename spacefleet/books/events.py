"""What happened, from every domain, as sentences in the order of time."""

from collections.abc import Callable

from fleet.models import Novelty, Ship
from fleet.selectors.pages import Scope
from mining.models import Session
from sales.models import TradeRun
from spacefleet import selectors
from spacefleet.models import Alert, AuditEntry
from spacefleet.selectors import Happening
from spacefleet.templatetags.pages import signed

NEW_SHOWN = 200  # novelties: one game names some 230 symbols in all
SHOWN = 60  # of one page, and of each kind at most


def _alerts(scope: Scope, last: int) -> list[Happening]:
    rows = Alert.objects.order_by("-last_at")
    if scope.chosen:
        rows = rows.filter(subject__startswith=scope.chosen)
    return [
        Happening(
            row.last_at,
            row.subject,
            "alert",
            f"{row.message} ({row.times} ×{', cleared since' if row.cleared_at else ''})",
        )
        for row in rows[:last]
    ]


def _changes(scope: Scope, last: int) -> list[Happening]:
    """What people changed; of no agent alone."""
    if scope.chosen:
        return []
    rows = AuditEntry.objects.select_related("user")[:last]
    return [
        Happening(
            row.at, row.user.get_username() if row.user else "somebody", "change", str(row)
        )
        for row in rows
    ]


def _trades(scope: Scope, last: int) -> list[Happening]:
    rows = TradeRun.objects.filter(ship__agent__in=scope.pks, ended_at__isnull=False)
    return [
        Happening(row.ended_at, row.ship.symbol, "trade", f"{row}: {signed(row.realised)}")
        for row in rows.select_related("ship").order_by("-ended_at")[:last]
        if row.ended_at
    ]


def _stays(scope: Scope, last: int) -> list[Happening]:
    rows = Session.objects.filter(ship__agent__in=scope.pks, ended_at__isnull=False)
    return [
        Happening(
            row.ended_at,
            row.ship.symbol,
            "mining",
            f"left {row.site.waypoint}: {row.outcome or 'its stay was over'}",
        )
        for row in rows.select_related("ship", "site__waypoint").order_by("-ended_at")[:last]
        if row.ended_at
    ]


def _joined(scope: Scope, last: int) -> list[Happening]:
    """Ships that came without an order, and ships that were lost."""
    rows = Ship.objects.filter(agent__in=scope.pks, lost_at__isnull=False)
    return [
        Happening(row.lost_at, row.symbol, "lost", "is no longer among our ships")
        for row in rows.order_by("-lost_at")[:last]
        if row.lost_at
    ]


SOURCES: dict[str, Callable[[Scope, int], list[Happening]]] = {
    "ship": selectors.purchases,
    "sale": selectors.sales,
    "contract": selectors.contracts,
    "trade": _trades,
    "mining": _stays,
    "alert": _alerts,
    "change": _changes,
    "lost": _joined,
}


def novelties(scope: Scope) -> list[Novelty]:
    """Symbols nobody knew, the last met first."""
    rows = Novelty.objects.filter(era__in=[era.pk for era in scope.eras])
    return list(rows.order_by("-seen_at", "kind", "symbol")[:NEW_SHOWN])


def events(scope: Scope, *, kind: str = "", words: str = "") -> list[Happening]:
    """The newest SHOWN of one kind or of all; a query a kind. `words` must stand in them."""
    asked = [SOURCES[kind]] if kind in SOURCES else SOURCES.values()
    found = [one for source in asked for one in source(scope, SHOWN)]
    wanted = words.strip().lower()
    if wanted:
        found = [one for one in found if wanted in f"{one.agent} {one.text}".lower()]
    return sorted(found, key=lambda one: one.at, reverse=True)[:SHOWN]
