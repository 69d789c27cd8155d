"""Trade runs from the choice to the last credit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Sum

from fleet.models import Agent, LedgerEntry, MarketGood, Ship
from fleet.rules import curves
from fleet.services import cargo, navigation, sync, treasury
from fleet.wake import Wake, wake_in
from sales.models import TradeLot, TradeRun
from sales.params import TradingParams
from sales.rules import trading
from sales.rules.trading import FUEL_CREDITS, Choice, Load, Lot, Pair
from sales.selectors import lanes
from spacefleet import clock
from spacefleet.spacetraders import Client

ROLE = "merchant"
FRESH = 60.0  # game seconds in which a market we trade at needs no second look
STUCK = 300.0  # game seconds until goods nobody buys are offered again
MOST_DETOURS = 2
HOUR = 3600.0


@dataclass(slots=True)
class Done:
    """What a lot came to so far, by the ledger."""

    bought: int = 0
    paid: int = 0
    sold: int = 0
    received: int = 0

    @property
    def cost(self) -> float:
        """Credits a unit."""
        return self.paid / self.bought if self.bought else 0.0


@dataclass(slots=True)
class Tally:
    """What a run came to so far: its lots and the fuel it burnt."""

    goods: dict[str, Done] = field(default_factory=dict)
    fuel: int = 0

    def of(self, good: str) -> Done:
        return self.goods.setdefault(good, Done())


Open = tuple[TradeRun, list[TradeLot]]  # a run under way, with its lots


def current(ship: Ship) -> Open | None:
    """The run the ship is on, with its lots; one query."""
    rows = list(
        TradeLot.objects.filter(run__ship=ship, run__ended_at__isnull=True)
        .select_related("run")
        .order_by("pk")
    )
    return (rows[0].run, rows) if rows else None


def claim(ship: Ship, choice: Choice, params: TradingParams, *, at: datetime) -> Open | None:
    """Open a run for a trip and take its lanes; None when another ship was first."""
    trip = choice.trip
    last = LedgerEntry.objects.filter(ship=ship).order_by("-pk").values_list("pk", flat=True)
    goods = ", ".join(f"{lot.units} {lot.good}" for lot in trip.load.lots)
    try:
        with transaction.atomic():
            run = TradeRun.objects.create(
                agent=ship.agent,
                ship=ship,
                origin=trip.origin,
                destination=trip.destination,
                expected=round(trip.net),
                expected_seconds=round(trip.seconds),
                expected_requests=trip.requests,
                why=f"{goods}: {trip.net:,.0f} credits expected, {choice.per_hour:,.0f} an hour"[
                    :200
                ],
                started_at=at,
                ledger_from=last.first() or 0,
            )
            return run, TradeLot.objects.bulk_create(_lots(run, trip.load.lots))
    except IntegrityError:
        return None


def _lots(run: TradeRun, lots: Iterable[Lot]) -> list[TradeLot]:
    return [
        TradeLot(
            run=run,
            agent_id=run.agent_id,
            good=lot.good,
            origin=run.origin,
            destination=run.destination,
            units=lot.units,
            expected_cost=round(lot.cost),
            expected_proceeds=round(lot.proceeds),
        )
        for lot in lots
    ]


def budget(agent: Agent, params: TradingParams, *, committed: int) -> float:
    """Credits a load may cost: what is certain above the cash floor, less what others are about
    to pay. Nothing while nobody knows the balance."""
    free = treasury.funds(agent) or 0
    return max(0.0, free * params.share / 100 - committed)


def look_here(ship: Ship, *, api: Client, max_age: float, at: datetime) -> bool:
    """Read the market here when what we know of it is older than so many game seconds.

    Says whether it was read.
    """
    row = (
        MarketGood.objects.filter(
            waypoint__era=ship.agent.era_id, waypoint__symbol=ship.waypoint
        )
        .order_by(F("seen_at").asc(nulls_first=True))
        .select_related("waypoint")
        .first()
    )
    if row is None or (row.seen_at and clock.elapsed(row.seen_at, at) <= max_age):
        return False
    sync.look_at_market(row.waypoint, api=api)
    return True


def quotes(
    ship: Ship, goods: Iterable[str], markets: Iterable[str], *, since: datetime
) -> dict[str, dict[str, curves.Quote]]:
    """Prices of some goods seen since then, by market and good."""
    found: dict[str, dict[str, curves.Quote]] = {}
    rows = MarketGood.objects.filter(
        waypoint__era=ship.agent.era_id,
        waypoint__symbol__in=list(markets),
        good__in=list(goods),
        we_receive__isnull=False,
        seen_at__gte=since,
    )
    for symbol, good, kind, pay, receive, volume in rows.values_list(
        "waypoint__symbol", "good", "kind", "we_pay", "we_receive", "trade_volume"
    ):
        if pay is not None and receive is not None and volume:
            found.setdefault(symbol, {})[good] = curves.Quote(kind, pay, receive, volume)
    return found


def buy(
    ship: Ship,
    run: TradeRun,
    lots: list[TradeLot],
    params: TradingParams,
    *,
    api: Client,
    at: datetime,
) -> str:
    """Buy the run's goods here as long as the next tranche pays at the far end.

    The market is read first, and each answer tells the price of the next tranche. Ends the run
    when it does not pay any more and nothing is aboard.
    """
    navigation.dock(ship, api=api)
    look_here(ship, api=api, max_age=FRESH, at=at)
    goods = [lot.good for lot in lots]
    since = at - clock.game(params.max_price_age)
    known = quotes(ship, goods, [run.origin, run.destination], since=since)
    here, there = known.get(run.origin, {}), known.get(run.destination, {})
    pairs = [
        Pair(good, here[good], there[good]) for good in goods if good in here and good in there
    ]
    others = lanes.in_use(run.agent_id, at=at).committed - sum(
        lot.expected_cost for lot in lots
    )
    terms = lanes.terms(
        params,
        room=ship.cargo_space,
        budget=budget(ship.agent, params, committed=others),
    )
    planned = trading.load(pairs, terms)
    aboard = sum(int(ship.cargo.get(good, 0)) for good in goods)
    if not aboard and planned.gain < params.least_gain:
        why = f"{run.origin} asks more than was known: only {planned.gain:,.0f} to gain"
        end(run, lots, Tally(), why=why, rest=0, at=at)
        return f"bought nothing: {why}"[:200]
    units = _buy_planned(ship, planned, here, there, api=api)
    if not aboard and not units:
        end(run, lots, Tally(), why="its price ran away", rest=0, at=at)
        return "bought nothing: its price ran away"
    TradeRun.objects.filter(pk=run.pk).update(bought_at=at)
    run.bought_at = at
    return f"bought {units} units for {run.destination}"


def _buy_planned(
    ship: Ship,
    planned: Load,
    here: Mapping[str, curves.Quote],
    there: Mapping[str, curves.Quote],
    *,
    api: Client,
) -> int:
    """Tranche by tranche; the price of each answer corrects what the next one is expected at."""
    total = 0
    for lot in planned.lots:
        ask, bid, bought = here[lot.good], there[lot.good], 0
        while bought < lot.units:
            last = curves.receiving(bid, bought)
            if ask.we_pay >= last:
                break
            part = min(ask.volume, lot.units - bought)
            trade = cargo.buy(ship, lot.good, part, api=api)
            ask = curves.after(curves.corrected(ask, trade.price, bought=True), trade.units)
            bought += trade.units
        remember(ship, lot.good, ask)
        total += bought
    return total


def remember(ship: Ship, good: str, quote: curves.Quote) -> None:
    """Write down what this market shows after our own trades: the last answer told the price,
    and the next one follows from it."""
    pay, receive = max(1, round(quote.we_pay)), max(1, round(quote.we_receive))
    MarketGood.objects.filter(
        waypoint__era=ship.agent.era_id, waypoint__symbol=ship.waypoint, good=good
    ).update(we_pay=max(pay, receive), we_receive=receive, seen_at=clock.now())


def sell(
    ship: Ship,
    run: TradeRun,
    lots: list[TradeLot],
    params: TradingParams,
    *,
    api: Client,
    at: datetime,
) -> Wake:
    """Sell the run's goods here, never below what they cost; the rest goes to the best exit."""
    navigation.dock(ship, api=api)
    look_here(ship, api=api, max_age=FRESH, at=at)
    tally = count(run, lots)
    known = quotes(
        ship, [lot.good for lot in lots], [ship.waypoint], since=at - clock.game(2 * FRESH)
    ).get(ship.waypoint, {})
    sold = credits = 0
    for lot in lots:
        if lot.good in known:
            floor = tally.of(lot.good).cost
            units, brought = sell_lot(ship, lot, known[lot.good], tally, floor=floor, api=api)
            sold, credits = sold + units, credits + brought
    left = {lot.good: int(ship.cargo.get(lot.good, 0)) for lot in lots}
    if any(left.values()):
        return _exit(ship, run, lots, tally, params, api=api, at=at)
    realised = end(run, lots, tally, why="sold out", rest=params.rest, at=at)
    return wake_in(
        0, f"sold {sold} units for {credits:,} credits, the trip gained {realised:,}"
    )


def sell_lot(
    ship: Ship,
    lot: TradeLot,
    quote: curves.Quote,
    tally: Tally,
    *,
    floor: float,
    api: Client,
) -> tuple[int, int]:
    """Sell a good a tranche at a time while it brings at least `floor` a unit."""
    done = tally.of(lot.good)
    sold = credits = 0
    while (left := int(ship.cargo.get(lot.good, 0))) and quote.we_receive >= floor:
        trade = cargo.sell(ship, lot.good, min(left, quote.volume), api=api)
        quote = curves.corrected(quote, trade.price, bought=False)
        quote = curves.after(quote, -trade.units)
        sold, credits = sold + trade.units, credits + trade.total
    if sold:
        remember(ship, lot.good, quote)
    done.sold, done.received = done.sold + sold, done.received + credits
    return sold, credits


def _exit(
    ship: Ship,
    run: TradeRun,
    lots: list[TradeLot],
    tally: Tally,
    params: TradingParams,
    *,
    api: Client,
    at: datetime,
) -> Wake:
    """Where what is left brings most: another market, or here, below what it cost."""
    left = {lot.good: n for lot in lots if (n := int(ship.cargo.get(lot.good, 0)))}
    known = lanes.atlas(ship.agent, ship.system, max_age=params.max_price_age).fresh
    here = brings(left, known.get(ship.waypoint, {}))
    market, net = _elsewhere(ship, left, known, params)
    units = sum(left.values())
    if market and net > here and run.detours < MOST_DETOURS and _redirect(run, lots, market):
        return wake_in(0, f"{ship.waypoint} pays less than {units} units cost, on to {market}")
    if not here:
        return wake_in(STUCK, f"stuck: nobody is known to buy {', '.join(left)}"[:200])
    for lot in lots:
        quote = known.get(ship.waypoint, {}).get(lot.good)
        if quote and lot.good in left:
            sell_lot(ship, lot, quote, tally, floor=0, api=api)
    why = f"stuck: sold {units} units at {ship.waypoint}, the best exit, below what they cost"
    realised = end(run, lots, tally, why=why, rest=params.rest, at=at)
    return wake_in(0, f"{why}; the trip gained {realised:,}"[:200])


def brings(left: Mapping[str, int], known: Mapping[str, curves.Quote]) -> float:
    """Credits the goods bring at one market, after our own impact."""
    total = 0.0
    for good, units in left.items():
        quote, sold = known.get(good), 0
        while quote and sold < units:
            part = min(quote.volume, units - sold)
            total += part * curves.receiving(quote, sold)
            sold += part
    return total


def _elsewhere(
    ship: Ship,
    left: Mapping[str, int],
    known: Mapping[str, Mapping[str, curves.Quote]],
    params: TradingParams,
) -> tuple[str, float]:
    """The other market that nets most for what is left, the flight there paid."""
    hull = lanes.hull(ship)
    best = ("", 0.0)
    for market, goods in known.items():
        way = hull.approach(market) if market != ship.waypoint else None
        if way is None:
            continue
        flight = way.fuel * FUEL_CREDITS + way.seconds / HOUR * params.least_per_hour
        best = max(best, (market, brings(left, goods) - flight), key=lambda each: each[1])
    return best


def _redirect(run: TradeRun, lots: list[TradeLot], market: str) -> bool:
    """Fly on with what is left; False when another ship of ours sells there."""
    try:
        with transaction.atomic():
            TradeLot.objects.filter(pk__in=[lot.pk for lot in lots]).update(destination=market)
            TradeRun.objects.filter(pk=run.pk).update(
                destination=market, detours=run.detours + 1
            )
    except IntegrityError:
        return False
    run.destination, run.detours = market, run.detours + 1
    return True


def count(run: TradeRun, lots: list[TradeLot]) -> Tally:
    """What a run came to so far; trades that were booked later, when their answer had been lost,
    count too."""
    tally = Tally()
    entries = LedgerEntry.objects.filter(ship=run.ship_id, pk__gt=run.ledger_from)
    goods = {lot.good for lot in lots}
    for kind, good, units, amount in (
        entries.values("kind", "good")
        .annotate(moved=Sum("units"), total=Sum("amount"))
        .values_list("kind", "good", "moved", "total")
    ):
        if kind == LedgerEntry.Kind.FUEL:
            tally.fuel -= amount
        elif good in goods and kind == LedgerEntry.Kind.PURCHASE:
            tally.of(good).bought, tally.of(good).paid = units or 0, -amount
        elif good in goods and kind == LedgerEntry.Kind.SALE:
            tally.of(good).sold, tally.of(good).received = units or 0, amount
    return tally


def end(
    run: TradeRun,
    lots: list[TradeLot],
    tally: Tally,
    *,
    why: str,
    rest: float,
    at: datetime,
) -> int:
    """Close a run with what it brought; lanes that lost money rest, and say why."""
    for lot in lots:
        done = tally.of(lot.good)
        lot.bought, lot.paid, lot.sold, lot.received = (
            done.bought,
            done.paid,
            done.sold,
            done.received,
        )
        lot.ended_at, lot.why = at, why[:200]
        if lot.gain < 0:
            lot.rest_until = at + clock.game(rest)
            lot.why = f"lost {-lot.gain:,} credits: {why}"[:200]
    TradeLot.objects.bulk_update(
        lots, ["bought", "paid", "sold", "received", "ended_at", "rest_until", "why"]
    )
    run.realised = sum(lot.gain for lot in lots) - tally.fuel
    TradeRun.objects.filter(pk=run.pk).update(
        realised=run.realised, ended_at=at, why=f"{run.why}; {why}"[:200]
    )
    return run.realised
