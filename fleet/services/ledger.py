"""Booking every credit that moves, and holding the sum against the game's own figure."""

import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef

from fleet.models import Agent, LedgerEntry, Ship, ShipOrder
from fleet.rules import goods
from spacefleet import clock
from spacefleet.alerts import clear_alert, raise_alert
from spacefleet.models import Alert
from spacefleet.spacetraders import payloads
from spacefleet.statements import Select, Update

from . import sync

ACTIVITIES = {
    "courier": "contracts",
    "merchant": "trading",
    "scout": "scouting",
    "conductor": "growth",
    "explorer": "exploration",
    "builder": "construction",
}

SAYS_SO = timedelta(seconds=30)  # wall time after which "compared" is written again

_earn = Update(
    lambda agent, amount: (
        Agent.objects.filter(pk=agent),
        {"credits": F("credits") + amount},
    )
)
_balance = Select(
    lambda agent: (
        Agent.objects.filter(pk=agent)
        .only("symbol", "credits", "drift", "compared_at")
        .annotate(
            healing=Exists(Ship.objects.in_doubt().filter(agent=OuterRef("pk"))),
            buying=Exists(
                ShipOrder.objects.filter(agent=OuterRef("pk"), status=ShipOrder.Status.BUYING)
            ),
        )
    )
)
_compared = Update(
    lambda agent, drift, at: (
        Agent.objects.filter(pk=agent),
        {"drift": drift, "compared_at": at},
    )
)


@dataclass
class _Traffic:
    """Calls of one agent that move credits and are under way in this process."""

    under_way: int = 0
    begun: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


_traffic: dict[int, _Traffic] = defaultdict(_Traffic)


@dataclass(slots=True)
class Move:
    """A call that moves credits. `settle` compares when no other one overlapped it.

    Answers of overlapping calls may be booked in another order than the game gave them, so
    only a call that was alone can tell drift from traffic.
    """

    agent: int
    ticket: int
    alone: bool

    def settle(self, credits: int) -> None:
        """Hold the ledger's balance against `credits`, the game's word in this answer."""
        traffic = _traffic[self.agent]
        with traffic.lock:
            if not self.alone or traffic.begun != self.ticket:
                return
            compare(self.agent, credits)


@contextmanager
def moving(agent: int) -> Iterator[Move]:
    """Surround a call that moves credits of `agent`, and the booking of its answer."""
    traffic = _traffic[agent]
    with traffic.lock:
        traffic.begun += 1
        traffic.under_way += 1
        move = Move(agent, traffic.begun, traffic.under_way == 1)
    try:
        yield move
    finally:
        with traffic.lock:
            traffic.under_way -= 1


def book(
    agent: int,
    kind: str,
    amount: int,
    *,
    ship: Ship | None = None,
    behaviour: str = "",
    session: int | None = None,
    good: str = "",
    units: int | None = None,
    price: int | None = None,
    waypoint: str = "",
    game_at: datetime | None = None,
    note: str = "",
) -> LedgerEntry:
    """Write one movement and the balance it leaves; call it inside the answer's transaction."""
    behaviour = behaviour or (acting_as(ship) if ship else "")
    entry = LedgerEntry.objects.create(
        agent_id=agent,
        at=clock.now(),
        kind=kind,
        amount=amount,
        activity=activity_of(kind, behaviour),
        behaviour=behaviour,
        ship=ship,
        session=session,
        good=good,
        units=units,
        price=price,
        waypoint=waypoint,
        game_at=game_at,
        note=note,
    )
    _earn.run(agent=agent, amount=amount)
    return entry


def book_trade(
    ship: Ship, trade: payloads.Transaction, *, session: int | None = None, note: str = ""
) -> LedgerEntry:
    """Book a market transaction of `ship`: a sale, a purchase, or fuel for its own tank."""
    sold = trade.kind == "SELL"
    fuel = trade.good == "FUEL" and not sold
    kind = LedgerEntry.Kind.SALE if sold else LedgerEntry.Kind.PURCHASE
    if not fuel:
        _note_cost(ship, trade, sold=sold)
    return book(
        ship.agent_id,
        LedgerEntry.Kind.FUEL if fuel else kind,
        trade.total if sold else -trade.total,
        ship=ship,
        session=session,
        good=trade.good,
        units=trade.units,
        price=trade.price,
        waypoint=trade.waypoint,
        game_at=trade.at,
        note=note,
    )


def _note_cost(ship: Ship, trade: payloads.Transaction, *, sold: bool) -> None:
    """Keep what the goods aboard cost; the hold is already as the trade left it."""
    aboard, had = int(ship.cargo.get(trade.good, 0)), ship.cargo_cost.get(trade.good)
    if sold and had is None:
        return
    now = (
        goods.sold(had or [0, 0], units=trade.units, aboard=aboard)
        if sold
        else goods.bought(had or [0, 0], units=trade.units, credits=trade.total, aboard=aboard)
    )
    rest = {good: cost for good, cost in ship.cargo_cost.items() if ship.cargo.get(good)}
    sync.note(ship, cargo_cost={**rest, trade.good: now} if now[0] else rest)


def acting_as(ship: Ship) -> str:
    """The role a ship is stepping in, else its main one."""
    return ship.acting_as or ship.role


def activity_of(kind: str, behaviour: str) -> str:
    """The arm of income a movement belongs to; everything in the pipeline is mining."""
    if kind == LedgerEntry.Kind.OPENING:
        return "opening"
    if kind == LedgerEntry.Kind.SHIP:
        return "growth"
    if kind == LedgerEntry.Kind.CONTRACT:
        return "contracts"
    return ACTIVITIES.get(behaviour, "mining")


def compare(agent: int, credits: int) -> int:
    """What the game says less what we booked; a difference is an alert, never smoothed over.

    While a lost answer of this agent waits to be healed no sum can be right, and nothing is said.
    """
    row = _balance.first(agent=agent)
    if row is None or row.healing or row.buying:
        return 0
    drift = credits - row.credits
    at = clock.now()
    if drift != row.drift or row.compared_at is None or at - row.compared_at > SAYS_SO:
        _compared.run(agent=agent, drift=drift, at=at)
    if drift:
        raise_alert(
            "drift",
            row.symbol,
            f"The game says {credits:,} credits, our ledger {row.credits:,}: "
            f"{drift:+,} are unexplained.",
            level=Alert.Level.ERROR,
        )
    elif row.drift:
        clear_alert("drift", row.symbol)
    return drift


def unsettled(agent: int) -> bool:
    """Whether something of this agent will still be healed; ships left alone will not."""
    row = _balance.first(agent=agent)
    return row is not None and (row.healing or row.buying)
