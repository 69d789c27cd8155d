"""What the pages of no single domain show: the mode, requests, workers, alerts, happenings."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet, Subquery, Sum

from allocation.models import Contract
from fleet.models import Agent, Control, Era, Lane, LedgerEntry, Ship, ShipOrder
from fleet.selectors.pages import CAPITAL, HOUR, Scope
from sales.models import Sale
from spacefleet.models import Alert, Canary, Node, RequestCount

ORDINARY_START = 175_000  # credits of a new agent of the real game (measured)
GIVEN = re.compile(r"([\d,]*\d) credits")
LIMIT = 2.5  # requests a second, sustained: two a second and a burst of 30 a minute
WINDOW = 5  # complete minutes over which the use of the budget is measured
SILENT = timedelta(seconds=30)  # of a worker node, after which it counts as gone
LATE = timedelta(seconds=20)  # of a canary, after which its queue counts as dead


@dataclass(frozen=True, slots=True)
class EraLine:
    """An era as the banner names it; `notice` is what the universe says of its start."""

    era: Era
    host: str
    real: bool
    notice: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where all that a page shows comes from, and how fresh it is."""

    eras: list[EraLine]
    real: bool
    host: str
    strangers: bool
    scope: Scope
    data_at: datetime | None
    alerts: int
    lanes: int
    lanes_flown: int
    watching: str  # who only watches, in words; empty when all may act

    @property
    def mode(self) -> str:
        return "Real game" if self.real else "Universe"


def surroundings(scope: Scope, *, at: datetime) -> Surroundings:
    eras = [_era_line(era) for era in scope.eras]
    host = _host(settings.SPACETRADERS_URL)
    watch = Control.objects.filter(Q(until__isnull=True) | Q(until__gt=at), mode="watch")
    everybody = watch.filter(agent__isnull=True, ship__isnull=True)
    lanes = Lane.objects.aggregate(
        all=Count("pk"),
        flown=Count("pk", filter=Q(expires_at__gt=at)),
        watching=Count(Subquery(everybody.values("pk")[:1])),
        some_watch=Count(Subquery(watch.values("pk")[:1])),
    )
    return Surroundings(
        eras=eras,
        real=is_real(settings.SPACETRADERS_URL) or any(line.real for line in eras),
        host=host,
        strangers=any(line.host != host for line in eras),
        scope=scope,
        data_at=data_at(scope),
        alerts=Alert.objects.open().count(),
        lanes=lanes["all"],
        lanes_flown=lanes["flown"],
        watching=(
            "everything" if lanes["watching"] else "some of it" if lanes["some_watch"] else ""
        ),
    )


def is_real(server: str) -> bool:
    """Whether an address leads to the real game, where mistakes cannot be undone."""
    return _host(server) == _host(settings.REAL_GAME_URL)


def _host(server: str) -> str:
    return urlsplit(server if "//" in server else f"//{server}").netloc


def _era_line(era: Era) -> EraLine:
    real = is_real(era.server)
    notice = "" if real or _ordinary(era.description) else era.description
    return EraLine(era, _host(era.server), real, notice)


def _ordinary(description: str) -> bool:
    """Whether a universe says nothing of a start that the real game does not give."""
    given = {int(amount.replace(",", "")) for amount in GIVEN.findall(description)}
    return "showcase" not in description and given <= {ORDINARY_START}


def data_at(scope: Scope) -> datetime | None:
    """When we last learned anything from the game about these agents."""
    latest = Ship.objects.filter(agent__in=scope.pks).aggregate(
        stepped=Max("stepped_at"), seen=Max("seen_at")
    )
    known = [*latest.values(), *(agent.compared_at for agent in scope.agents)]
    return max((moment for moment in known if moment), default=None)


def counts(scope: Scope) -> QuerySet[RequestCount]:
    """Request counts of the agents a page speaks of, and of none when it speaks of all."""
    symbols = [agent.symbol for agent in scope.agents]
    eras = [era.pk for era in scope.eras]
    return RequestCount.objects.filter(
        era__in=[*eras, 0], agent__in=symbols if scope.chosen else [*symbols, ""]
    )


@dataclass(frozen=True, slots=True)
class Budget:
    """How much of the request budget the last complete minutes used, and what it brought."""

    per_minute: float
    limit: float
    hour: int
    productive: int
    failed: int
    wasted: int
    profit: int

    @property
    def percent(self) -> int:
        return round(100 * self.per_minute / self.limit)

    @property
    def credits_a_request(self) -> float | None:
        return self.profit / self.hour if self.hour else None


def budget(scope: Scope, *, at: datetime) -> Budget:
    """Requests of the last game hour and the pace of the last WINDOW complete minutes."""
    minute = at.replace(second=0, microsecond=0)
    window = minute - timedelta(minutes=WINDOW)
    since = scope.since(HOUR, at).replace(second=0, microsecond=0)  # counts are by the minute
    recent = counts(scope).filter(minute__gte=min(window, since), minute__lte=at)
    sums = recent.aggregate(
        paced=Sum("count", filter=Q(minute__gte=window, minute__lt=minute)),
        hour=Sum("count", filter=Q(minute__gte=since)),
        productive=Sum("productive", filter=Q(minute__gte=since)),
        failed=Sum("count", filter=Q(minute__gte=since) & FAILED),
    )
    hour, productive = sums["hour"] or 0, sums["productive"] or 0
    lanes = len({agent.lane_id for agent in scope.agents}) or 1
    return Budget(
        per_minute=(sums["paced"] or 0) / WINDOW,
        limit=60 * LIMIT * scope.factor * lanes,
        hour=hour,
        productive=productive,
        failed=sums["failed"] or 0,
        wasted=hour - productive,
        profit=_profit(scope, since=since),
    )


FAILED = Q(status=0) | Q(status__gte=400)


def _profit(scope: Scope, *, since: datetime) -> int:
    earned = LedgerEntry.objects.filter(agent__in=scope.pks, at__gte=since)
    total = earned.exclude(kind__in=CAPITAL).aggregate(total=Sum("amount"))["total"]
    return int(total or 0)


@dataclass(frozen=True, slots=True)
class Traffic:
    """Requests of the last game hour under one heading; times in milliseconds a request."""

    heading: str
    count: int
    productive: int
    failed: int
    waited: float
    took: float

    @property
    def wasted(self) -> int:
        return self.count - self.productive


def traffic(scope: Scope, by: str, *, at: datetime) -> list[Traffic]:
    """Requests by `by`, a column of the counts, the most frequent first."""
    rows = (
        counts(scope)
        .filter(minute__gte=scope.since(HOUR, at).replace(second=0, microsecond=0))
        .values(by)
        .annotate(
            n=Sum("count"),
            good=Sum("productive"),
            failed=Sum("count", filter=FAILED),
            waited=Sum("waited_ms"),
            took=Sum("took_ms"),
        )
        .order_by("-n", by)
    )
    return [
        Traffic(
            heading=str(row[by]),
            count=row["n"],
            productive=row["good"],
            failed=row["failed"] or 0,
            waited=row["waited"] / max(row["n"], 1),
            took=row["took"] / max(row["n"], 1),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class NodeLine:
    node: Node
    silent: bool


def nodes(*, at: datetime) -> list[NodeLine]:
    """Worker nodes that run or should run, and the last ones that were stopped."""
    rows = Node.objects.order_by("stopped_at", "name")
    return [
        NodeLine(node, node.stopped_at is None and node.beat_at < at - SILENT) for node in rows
    ]


@dataclass(frozen=True, slots=True)
class LaneLine:
    lane: Lane
    flown: bool
    agents: list[str]


def lanes(*, at: datetime) -> list[LaneLine]:
    """Every lane with the agents of running eras behind it; two queries."""
    agents: dict[int, list[str]] = {}
    flying = Agent.objects.flying().order_by("symbol").values_list("lane", "symbol")
    for lane, symbol in flying:
        agents.setdefault(lane, []).append(symbol)
    return [
        LaneLine(lane, bool(lane.expires_at and lane.expires_at > at), agents.get(lane.pk, []))
        for lane in Lane.objects.order_by("name")
    ]


@dataclass(frozen=True, slots=True)
class CanaryLine:
    canary: Canary
    late: bool


def canaries(*, at: datetime) -> list[CanaryLine]:
    """Canaries: a late one was sent a while ago and has not been seen since."""
    return [
        CanaryLine(
            canary,
            late=canary.seen_at < canary.sent_at and canary.sent_at < at - LATE,
        )
        for canary in Canary.objects.order_by("queue")
    ]


def alerts(*, first: int = 30) -> list[Alert]:
    return list(Alert.objects.open()[:first])


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened, as a sentence."""

    at: datetime
    agent: str
    kind: str
    text: str


def happenings(scope: Scope, *, last: int = 5) -> list[Happening]:
    """The `last` ships, sales and contracts each, so that many sales hide no ship."""
    found = [*purchases(scope, last), *sales(scope, last), *contracts(scope, last)]
    return sorted(found, key=lambda one: one.at, reverse=True)


def purchases(scope: Scope, last: int) -> list[Happening]:
    orders = ShipOrder.objects.filter(agent__in=scope.pks, decided_at__isnull=False)
    rows = orders.select_related("agent", "ship").defer("agent__token").order_by("-decided_at")
    return [
        Happening(row.decided_at, row.agent.symbol, "ship", _purchase_in_words(row))
        for row in rows[:last]
        if row.decided_at
    ]


def _purchase_in_words(order: ShipOrder) -> str:
    if order.status == ShipOrder.Status.BOUGHT:
        return f"bought {order.ship} ({order.ship_type}) for {order.price:,} credits"
    verdict = f": {order.verdict}" if order.verdict else ""
    return f"{order.ship_type} {order.status}{verdict}"


def sales(scope: Scope, last: int) -> list[Happening]:
    ended = Sale.objects.filter(agent__in=scope.pks, ended_at__isnull=False)
    rows = ended.select_related("agent").defer("agent__token").order_by("-ended_at")
    return [
        Happening(row.ended_at, row.agent.symbol, "sale", _sale_in_words(row))
        for row in rows[:last]
        if row.ended_at
    ]


def _sale_in_words(sale: Sale) -> str:
    if sale.status == Sale.Status.FAILED:
        return f"failed to sell {sale.units} {sale.good} at {sale.market}"
    return (
        f"sold {sale.units_sold} of {sale.units} {sale.good} at {sale.market} "
        f"for {sale.realised:,} credits"
    )


def contracts(scope: Scope, last: int) -> list[Happening]:
    rows = Contract.objects.filter(agent__in=scope.pks).select_related("agent")
    rows = rows.defer("agent__token").order_by("-seen_at")
    return [
        Happening(row.ended_at or row.seen_at, row.agent.symbol, "contract", _in_words(row))
        for row in rows[:last]
    ]


def _in_words(contract: Contract) -> str:
    goods = f"{contract.units_required} {contract.good} to {contract.destination}"
    match contract.status:
        case Contract.Status.OFFERED:
            return f"was offered a contract: {goods}"
        case Contract.Status.ACCEPTED:
            return f"accepted a contract: {goods}"
        case Contract.Status.FULFILLED:
            paid = contract.on_accepted + contract.on_fulfilled
            return f"fulfilled a contract: {goods}, paid {paid:,} credits"
        case _:
            return f"let a contract expire: {goods}"
