"""What is in the holds: trading, dropping, and who may move a ship's cargo right now."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from fleet.models import MarketGood, NavStatus, Ship
from fleet.rules import buying
from fleet.rules.buying import Ask
from spacefleet import clock
from spacefleet.spacetraders import Client, payloads

from . import ledger, navigation, protection, sync

MARGIN = 1.02  # of the expected price: prices may have moved a little since we looked
LOCK = timedelta(seconds=90)  # wall time; longer than any call, so a dead holder only delays


def sell(
    ship: Ship, good: str, units: int, *, api: Client, session: int | None = None
) -> payloads.Transaction:
    """Sell `units` at the market here in one trade, docking for it, and book the income."""
    navigation.dock(ship, api=api)
    with ledger.moving(ship.agent_id) as move:
        answer = api.sell(ship.symbol, good, units)
        with transaction.atomic():
            sync.write(ship, **sync.cargo_fields(answer.cargo))
            ledger.book_trade(ship, answer.transaction, session=session)
        move.settle(answer.credits)
    return answer.transaction


def buy(
    ship: Ship, good: str, units: int, *, api: Client, session: int | None = None
) -> payloads.Transaction:
    """Buy `units` at the market here in one trade, docking for it, and book the cost.

    Raises SpendingStopped while the agent may not buy.
    """
    protection.insist(ship.agent_id)
    navigation.dock(ship, api=api)
    with ledger.moving(ship.agent_id) as move:
        answer = api.purchase(ship.symbol, good, units)
        with transaction.atomic():
            sync.write(ship, **sync.cargo_fields(answer.cargo))
            ledger.book_trade(ship, answer.transaction, session=session)
        move.settle(answer.credits)
    return answer.transaction


def buy_within(
    ship: Ship,
    good: str,
    units: int,
    *,
    most: float,
    funds: int,
    api: Client,
    session: int | None = None,
) -> str:
    """Buy up to `units` at the market here, a trade volume at a time, while the next unit is
    expected to cost at most `most` credits and is covered by what is left of `funds`.

    Answers why it ended. Each answer corrects what the next trade is expected at. Raises
    SpendingStopped while the agent may not buy.
    """
    row = MarketGood.objects.filter(
        waypoint__era=ship.agent.era_id, waypoint__symbol=ship.waypoint, good=good
    ).first()
    if row is None or row.we_pay is None:
        return f"no price of {good} is known at {ship.waypoint}"
    ask = Ask(row.kind, row.we_pay, row.trade_volume or 1, row.we_receive)
    bought, price = 0, ask.price
    while missing := min(units - bought, ship.cargo_space):
        if price > most:
            return f"bought {bought}, the next would cost {price:,.0f} of at most {most:,.0f}"
        part = min(missing, ask.trade_volume)
        part = buying.affordable(part, price=price * MARGIN, funds=funds)
        if not part:
            return f"bought {bought}, {funds:,} credits may be spent and no more"
        trade = buy(ship, good, part, api=api, session=session)
        before = buying.price_after(ask, bought)
        bought, funds = bought + trade.units, funds - trade.total
        price = trade.price + buying.price_after(ask, bought) - before
    return f"bought {bought} {good}"


def jettison(ship: Ship, good: str, units: int, *, api: Client) -> None:
    """Throw cargo overboard."""
    sync.write(ship, **sync.cargo_fields(api.jettison(ship.symbol, good, units)))


def lock(ship: int, holder: str) -> bool:
    """Take the right to move a ship's cargo; False while somebody else holds it, or while what
    is aboard is in doubt.

    One transfer at a time per ship: transfers at once into one hold corrupt it on the real
    server. The right runs out by itself, so that a dead holder only delays.
    """
    at = clock.now()
    return bool(_free(at).filter(pk=ship).update(cargo_lock=holder, cargo_lock_until=at + LOCK))


def let_go(ship: Ship) -> None:
    """Give the right to move a ship's cargo back, together with what its step did meanwhile."""
    sync.write(ship, cargo_lock="", cargo_lock_until=None)


def busy(ship: Ship, at: datetime) -> bool:
    """Whether somebody moved the ship's cargo when this instance was read."""
    return ship.cargo_lock_until is not None and ship.cargo_lock_until >= at


def lock_both(one: Ship, other: Ship, holder: str) -> bool:
    """Take the right to move the cargo of two ships, all or nothing; call it in a transaction
    that is rolled back on False.

    False also when one of them is not as these instances say: where, in which state, and with
    what aboard. Who got the right therefore needs not read them again. The rows are taken in
    order of their keys, so that two workers never wait for each other in a ring.
    """
    at = clock.now()
    free = _free(at).filter(_believed(one, at) | _believed(other, at))
    rows = free.order_by("pk").select_for_update().values("pk")
    taken = Ship.objects.filter(pk__in=rows).update(
        cargo_lock=holder, cargo_lock_until=at + LOCK
    )
    return taken == 2


def write_both(one: Ship, other: Ship, holder: str) -> bool:
    """Write the holds of two ships as they are in memory, and give the right to move them back.

    False, and nothing is written, when the right had run out: somebody else may have it.
    """
    for ship in (one, other):
        ship.cargo_lock, ship.cargo_lock_until = "", None
        for name in ("cargo", "cargo_units"):
            _unwritten(ship).pop(name, None)
    mine = Ship.objects.filter(cargo_lock=holder)
    fields = ["cargo", "cargo_units", "cargo_lock", "cargo_lock_until"]
    return mine.bulk_update([one, other], fields) == 2


def unlock(ship: int, holder: str) -> None:
    """Give the right back, unless it ran out and somebody else has it."""
    release(holder, Ship.objects.filter(pk=ship))


def release(holder: str, ships: "QuerySet[Ship] | None" = None) -> None:
    """Give back whatever `holder` still holds."""
    held = (Ship.objects.all() if ships is None else ships).filter(cargo_lock=holder)
    held.update(cargo_lock="", cargo_lock_until=None)


def _free(at: datetime) -> "QuerySet[Ship]":
    """Ships whose cargo nobody moves and nothing puts in doubt."""
    known = Ship.objects.filter(suspect_since__isnull=True, lost_at__isnull=True)
    return known.filter(Q(cargo_lock_until__isnull=True) | Q(cargo_lock_until__lt=at))


def _believed(ship: Ship, at: datetime) -> Q:
    """The row of a ship, if what this instance says of its place and hold is still true.

    What the ship's own step learned and has not written yet nobody else can have changed.
    """
    fresh = _unwritten(ship)
    belief = Q(pk=ship.pk)
    if "waypoint" not in fresh:
        belief &= Q(waypoint=ship.waypoint)
    if "cargo" not in fresh:
        belief &= Q(cargo=ship.cargo)
    return belief if "nav_status" in fresh else belief & _state(ship, at)


def _state(ship: Ship, at: datetime) -> Q:
    state = Q(nav_status=ship.nav_status)
    if ship.nav_status == NavStatus.IN_ORBIT:  # an arrival is noticed by whoever looks
        state |= Q(nav_status=NavStatus.IN_TRANSIT, arrives_at__lte=at)
    return state


def _unwritten(ship: Ship) -> dict[str, Any]:
    """What the ship's step has not written yet, by column."""
    found: dict[str, Any] = getattr(ship, "unwritten", None) or {}
    return found
