"""What a Prometheus server may scrape: gauges and counters read from the rows at that moment."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Min, Q, Sum
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from fleet.models import Agent, Ship
from fleet.selectors import earnings
from inventory.models import Depot
from spacefleet import selectors
from spacefleet.models import Alert, RequestCount
from spacefleet.settled import Settled


def exposition(*, at: datetime) -> bytes:
    """All metrics in Prometheus' text format; a fixed number of queries."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Rows(at))
    return generate_latest(registry)


class Rows(Collector):
    """Reads the rows once for each scrape; nothing is kept between two."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def collect(self) -> Iterator[Metric]:
        yield from self._agents()
        yield from self._ships()
        yield from self._money()
        yield from self._requests()
        yield from self._workers()
        yield self._alerts()

    def _agents(self) -> Iterator[Metric]:
        credits = _gauge("credits", "Credits by our ledger", "agent")
        drift = _gauge("ledger_drift_credits", "The game's word less our ledger", "agent")
        halted = _gauge("agent_halted", "1 while the agent cannot be played", "agent")
        for agent in Agent.objects.flying().defer("token").order_by("symbol"):
            credits.add_metric([agent.symbol], agent.credits)
            drift.add_metric([agent.symbol], agent.drift)
            halted.add_metric([agent.symbol], bool(agent.halted))
        yield from (credits, drift, halted)

    def _ships(self) -> Iterator[Metric]:
        due = Q(wake_at__lte=self.at, stepping__isnull=True)
        fleets = _gauge("ships", "Ships that we fly", "agent")
        failing = _gauge("ships_failing", "Ships whose last step failed", "agent")
        lag = _gauge("step_lag_seconds", "How late the longest due ship is", "agent")
        by_agent = Ship.objects.flying().values_list("agent__symbol")
        counted = by_agent.annotate(
            Count("pk"),
            bad=Count("pk", filter=Q(failures__gt=0)),
            due=Min("wake_at", filter=due),
        )
        for symbol, n, bad, waiting_since in counted.order_by("agent__symbol"):
            fleets.add_metric([symbol], n)
            failing.add_metric([symbol], bad)
            late = (self.at - waiting_since).total_seconds() if waiting_since else 0
            lag.add_metric([symbol], late)
        yield from (fleets, failing, lag)

    def _money(self) -> Iterator[Metric]:
        moved = _gauge(
            "ledger_credits", "Credits moved so far, signed", "agent", "kind", "activity"
        )
        symbols = dict(Agent.objects.flying().values_list("pk", "symbol"))
        sums = earnings.totals(list(symbols), at=self.at)
        rows = [(symbols[pk], kind, act, n) for (pk, act, kind), (n, _) in sums.items()]
        for symbol, kind, activity, total in sorted(rows):
            moved.add_metric([symbol, kind, activity], total)
        yield moved

    def _requests(self) -> Iterator[Metric]:
        sent = CounterMetricFamily(
            "spacefleet_requests", "Requests sent", labels=["agent", "purpose", "status"]
        )
        waited = CounterMetricFamily(
            "spacefleet_requests_waited_seconds",
            "Time spent waiting for budget",
            labels=["agent"],
        )
        waits: dict[str, int] = {}
        counted = _requests.sums("all", at=self.at)
        for (agent, purpose, status), (n, ms) in sorted(counted.items()):
            sent.add_metric([agent, purpose, str(status)], n)
            waits[agent] = waits.get(agent, 0) + ms
        for agent, ms in waits.items():
            waited.add_metric([agent], ms / 1000)
        yield from (sent, waited)

    def _workers(self) -> Iterator[Metric]:
        up = _gauge("node_up", "1 while a node's heartbeat is fresh", "node", "lane")
        for line in selectors.nodes(at=self.at):
            alive = line.node.stopped_at is None and not line.silent
            up.add_metric([line.node.name, line.node.lane], alive)
        flown = _gauge("lane_flown", "1 while a dispatcher drives the lane", "lane")
        for lane in selectors.lanes(at=self.at):
            flown.add_metric([lane.lane.name], lane.flown)
        fill = _gauge("depot_fill_ratio", "Units in a depot by its capacity", "depot")
        for depot in Depot.objects.select_related("ship").order_by("ship__symbol"):
            if depot.ship.cargo_capacity:
                fill.add_metric(
                    [depot.ship.symbol], depot.ship.cargo_units / depot.ship.cargo_capacity
                )
        yield from (up, flown, fill)

    def _alerts(self) -> Metric:
        alerts = _gauge("alerts_open", "Alerts nobody has cleared", "level")
        counted = dict(
            Alert.objects.open().order_by().values_list("level").annotate(Count("pk"))
        )
        for level in Alert.Level.values:
            alerts.add_metric([level], counted.get(level, 0))
        return alerts


def _gauge(name: str, help_text: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"spacefleet_{name}", help_text, labels=labels)


def _counted(
    _: str, since: datetime | None, until: datetime | None
) -> dict[tuple[str, str, int], tuple[int, int]]:
    """Requests and the milliseconds they waited, by agent, purpose and status."""
    rows = RequestCount.objects.all()
    if since:
        rows = rows.filter(minute__gte=since)
    if until:
        rows = rows.filter(minute__lt=until)
    sums = rows.values_list("agent", "purpose", "status").annotate(
        n=Sum("count"), waited=Sum("waited_ms")
    )
    return {
        (agent, purpose, status): (n, waited)
        for agent, purpose, status, n, waited in sums.order_by()
    }


_requests: Settled[str, tuple[str, str, int]] = Settled(_counted)


def forget() -> None:
    """Count anew at the next question."""
    _requests.forget()
