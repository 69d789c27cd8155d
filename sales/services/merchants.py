"""The ships that trading wants, the looks it needs, and runs that nobody carries on."""

from dataclasses import dataclass
from datetime import datetime

from fleet.models import Agent, Ship, ShipyardOffer, Waypoint, Wish
from fleet.services import parameters, treasury, vacancies, wishes
from sales.models import TradeLot, TradeRun
from sales.params import TradingParams
from sales.rules import backlog, merchants
from sales.rules import trading as trading_rules
from sales.rules.backlog import Backlog
from sales.rules.trading import Barred
from sales.selectors import lanes
from sales.selectors.lanes import Atlas, Hull
from sales.services import trading
from spacefleet import clock
from spacefleet.spacetraders import Client

STATED_BY = "trading"
ALONE = ["merchant"]  # roles of a ship that trades and does nothing else
HOUR = 3600.0
MEASURED = HOUR  # game seconds of runs whose gain counts as measured
LEAST_MEASURED = 900.0  # game seconds of trading below which nothing is measured yet
ABANDONED = HOUR  # game seconds after which a run that bought nothing is given up
WHATEVER = 1e9  # credits: what an old price promises does not depend on what there is
LOOKS = 3  # wishes stated at a time
RANK = 8  # after the first scout, before drones: it pays back sooner


def tend(agent: Agent, *, api: Client | None = None, trigger: str = "") -> str:
    """Evaluator: close what nobody carries on, wish for looks, state the ships wanted."""
    params = parameters.resolve(TradingParams, "trading", agent=agent)
    at = clock.now()
    given_up = _give_up(agent, at=at)
    if not params.active:
        vacancies.state(agent, STATED_BY, [])
        treasury.earmark(agent, STATED_BY, 0, why="")
        return "trading is switched off by a parameter"
    known = lanes.atlas(agent, agent.home, max_age=params.max_price_age)
    _wish(agent, known, params)
    said = _state(agent, known, params, at=at)
    return f"{said}{f'; gave up {given_up} runs' if given_up else ''}"


def _offer(agent: Agent, params: TradingParams) -> ShipyardOffer | None:
    """The cheapest known offer of what is bought for trading."""
    offers = ShipyardOffer.objects.filter(
        waypoint__era=agent.era_id, waypoint__system=agent.home, ship_type=params.ship_type
    )
    return min(
        offers, key=lambda each: (each.price is None, each.price or 0, each.pk), default=None
    )


def _hull(agent: Agent, offer: ShipyardOffer | None) -> tuple[Hull, int]:
    """A ship as it would be bought, wherever a trip begins; and its hold."""
    room, speed, tank = lanes.SHUTTLE
    details = offer.details if offer and offer.details else {}
    return (
        Hull(
            agent.era_id,
            agent.home,
            details.get("fuel_capacity") or tank,
            details.get("speed") or speed,
        ),
        details.get("cargo_capacity") or room,
    )


@dataclass(frozen=True, slots=True)
class Measured:
    """What trading came to in the last hour: credits an hour that a ship as it would be bought
    gained while it traded, None before there is enough to tell; and how many such ships those
    that trade amount to."""

    gained: float | None
    capacity: float


def measured(agent: Agent, ships: list[Ship], *, speed: int, at: datetime) -> Measured:
    """Read off the runs of the last hour; a faster ship counts more, one with other duties by
    the part of its time in which it traded."""
    since = at - clock.game(MEASURED)
    runs = TradeRun.objects.filter(agent=agent, started_at__lt=at).exclude(ended_at__lt=since)
    busy: dict[int, float] = {}
    credits = 0
    for ship, started, ended, realised in runs.values_list(
        "ship", "started_at", "ended_at", "realised"
    ):
        busy[ship] = busy.get(ship, 0.0) + clock.elapsed(max(since, started), ended or at)
        credits += realised or 0
    weight = {ship.pk: max(1.0, ship.speed / speed) for ship in ships}
    flown = sum(weight.get(ship, 1.0) * seconds for ship, seconds in busy.items())
    return Measured(
        gained=credits / flown * HOUR if sum(busy.values()) >= LEAST_MEASURED else None,
        capacity=sum(
            weight[ship.pk]
            * (1.0 if ship.roles == ALONE else busy.get(ship.pk, 0.0) / MEASURED)
            for ship in ships
        ),
    )


def _state(agent: Agent, known: Atlas, params: TradingParams, *, at: datetime) -> str:
    """One more ship than there are while there is work for it, and the capital they need."""
    ships = list(Ship.objects.flying().filter(agent=agent).with_role("merchant"))
    offer = _offer(agent, params)
    hull, room = _hull(agent, offer)
    found = measured(agent, ships, speed=hull.speed, at=at)
    horizon = (found.capacity + 1) * params.payback_hours * HOUR
    work = _backlog(agent, known, hull, params, room=room, horizon=horizon, at=at)
    staff = merchants.wanted(
        own=sum(ship.roles == ALONE for ship in ships),
        capacity=found.capacity,
        work=work,
        gained=found.gained,
        price=offer.price if offer else None,
        payback_hours=params.payback_hours,
        least_per_hour=params.least_per_hour,
    )
    pays = work.net > 0 or bool(known.unseen) or any(ship.cargo_units for ship in ships)
    capital = _capital(params, len(ships)) if pays else 0
    treasury.earmark(agent, STATED_BY, capital, why=f"{len(ships)} ships trade with it")
    vacancies.state(
        agent,
        STATED_BY,
        [
            vacancies.Wanted(
                role="merchant",
                place="",
                needs="spare",
                wanted=min(staff.wanted, params.merchants),
                why=staff.why,
                rank=RANK,
                rank_step=1,
                ship_type=params.ship_type,
                value_per_hour=round(staff.per_hour),
            )
        ],
    )
    return staff.why


def _backlog(
    agent: Agent,
    known: Atlas,
    hull: Hull,
    params: TradingParams,
    *,
    room: int,
    horizon: float,
    at: datetime,
) -> Backlog:
    """What there is to trade for a ship as it would be bought, as far as it matters."""
    used = lanes.in_use(agent.pk, at=at)
    resting = Barred(lanes=used.barred.lanes, goods={lanes.FUEL})
    return backlog.backlog(
        known.fresh,
        way=hull.way,
        terms=lanes.terms(params, room=room, budget=WHATEVER),
        barred=resting,
        least_per_hour=params.least_per_hour,
        horizon=horizon,
    )


def _capital(params: TradingParams, ships: int) -> int:
    """Credits that are no ship's price: half of the ships, at least one, are about to buy."""
    return params.working_capital * max(1, (ships + 1) // 2)


def _wish(agent: Agent, known: Atlas, params: TradingParams) -> None:
    """Ask for looks at the markets whose old prices promise most."""
    if not known.stale:
        return
    merged = {
        market: {**known.stale.get(market, {}), **known.fresh.get(market, {})}
        for market in {*known.stale, *known.fresh}
    }
    terms = lanes.terms(params, room=lanes.SHUTTLE[0], budget=WHATEVER)
    hoped: dict[str, float] = {}
    for ends, goods in trading_rules.pairs(merged, Barred(goods={lanes.FUEL})).items():
        gain = trading_rules.load(goods, terms).gain
        for market in ends:
            if market in known.stale:
                hoped[market] = max(gain, hoped.get(market, 0.0))
    best = sorted(hoped, key=lambda market: (-hoped[market], market))[:LOOKS]
    places = Waypoint.objects.filter(era=agent.era_id, symbol__in=best) if best else ()
    for place in places:
        gain = hoped[place.symbol]
        why = f"its old prices promise a trade of {gain:,.0f} credits"
        wishes.wish(place, Wish.What.MARKET, why=why, value=round(gain))


def _give_up(agent: Agent, *, at: datetime) -> int:
    """Close runs whose ship trades no more, and those that bought nothing for long."""
    late = at - clock.game(ABANDONED)
    count = 0
    open_runs = TradeRun.objects.filter(agent=agent, ended_at__isnull=True)
    for run in open_runs.select_related("ship"):
        lots = list(TradeLot.objects.filter(run=run, ended_at__isnull=True))
        aboard = any(run.ship.cargo.get(lot.good) for lot in lots)
        trades = "merchant" in run.ship.roles and run.ship.lost_at is None
        waits = run.bought_at is None and run.started_at < late and not aboard
        if not trades or waits:
            why = "never set out" if waits else "its ship trades no more"
            trading.end(run, lots, trading.count(run, lots), why=why, rest=0, at=at)
            count += 1
    return count
