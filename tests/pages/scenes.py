"""A database with something in every table, as the pages meet it on a busy day."""

import math
import random
from collections.abc import Iterator
from datetime import timedelta

from allocation.models import Contract, ResourceRequest
from fleet.models import Agent, CreditReading, LedgerEntry, NavStatus, ShipOrder, Waypoint
from inventory.models import CapacityReading, Depot, Transfer
from sales.models import Opportunity, Rung, Sale
from spacefleet.models import RequestCount
from tests import factories as make
from tests.factories import HOUR, NOON
from tests.lab.sample import LabRunFactory, figures

GOODS = {
    "IRON_ORE": 52,
    "COPPER_ORE": 61,
    "ALUMINUM_ORE": 74,
    "QUARTZ_SAND": 18,
    "ICE_WATER": 12,
}
ROLES = ["miner"] * 5 + ["surveyor", "transport", "transport", "trader", "courier", "scout"]


def busy_day(*, ships: int = 14) -> Agent:
    """One agent in full swing, with everything that can go wrong gone wrong once."""
    chance = random.Random(7)
    era = make.EraFactory(
        reset_date="2026-02-28",
        time_factor=4.0,
        description="showcase: agents start with 1,000,000 credits instead of 175,000.",
        next_reset_at=NOON + 120 * HOUR,
    )
    lane = make.LaneFactory(
        name="default",
        owner="harbour:4711",
        generation=12,
        usage={"granted": 342, "limit": 600, "waiting": 3, "mean_wait_ms": 214.6, "refused": 0},
        beat_at=NOON - timedelta(seconds=2),
        expires_at=NOON + timedelta(seconds=13),
    )
    agent = make.AgentFactory(
        era=era, lane=lane, symbol="MAGPIE", credits=1_432_118, account=make.AccountFactory()
    )
    rival = make.AgentFactory(era=era, lane=lane, symbol="WAGTAIL", credits=228_400, drift=-120)
    _places(agent)
    _ships(agent, ships, chance)
    make.ShipFactory(
        agent=rival, symbol="WAGTAIL-1", roles=["starter"], why="selling 12 IRON_ORE"
    )
    _money(agent, rival, chance)
    _steering(agent)
    _work(agent, chance)
    _installation()
    return agent


def _places(agent: Agent) -> None:
    for n, kind in enumerate(["PLANET", "ORBITAL_STATION", "MOON"]):
        place = make.WaypointFactory(
            era=agent.era, symbol=f"X1-AA1-A{n + 1}", type=kind, market=True, shipyard=n == 1
        )
        for good, price in GOODS.items():
            receive = price + 4 * n
            make.MarketGoodFactory(
                waypoint=place,
                good=good,
                we_receive=receive,
                we_pay=receive + 9,
                seen_at=NOON - timedelta(minutes=50 * n),
            )
        make.PriceSampleFactory(waypoint=place)
        make.MarketIndexFactory(waypoint=place)
        if n == 1:
            make.ShipyardOfferFactory(waypoint=place)
            make.ShipPriceFactory(waypoint=place, price=41_200, at=NOON - 5 * HOUR)
            make.ShipPriceFactory(waypoint=place, price=45_000, at=NOON - HOUR)
            make.ShipyardOfferFactory(
                waypoint=place,
                ship_type="SHIP_LIGHT_SHUTTLE",
                price=None,
                seen_at=None,
                supply="",
            )
            make.WishFactory(waypoint=place, value=12_000)
    make.NoveltyFactory(era=agent.era)
    make.SystemFactory(era=agent.era, symbol="X1-FAR0")
    make.MaterialFactory(era=agent.era)
    make.SystemFactory(era=agent.era, symbol="X1-FAR1", gate_open=False, connections=None)


def _ships(agent: Agent, ships: int, chance: random.Random) -> None:
    depot = make.ShipFactory(
        agent=agent,
        symbol="MAGPIE-1",
        type="SHIP_LIGHT_SHUTTLE",
        roles=["depot"],
        nav_status=NavStatus.DOCKED,
        waypoint="X1-AA1-A1",
        cargo={"IRON_ORE": 96, "COPPER_ORE": 40},
        cargo_units=136,
        cargo_capacity=240,
        why="parked, storing",
        stepped_at=NOON - timedelta(seconds=31),
    )
    parked = make.DepotFactory(ship=depot, waypoint="X1-AA1-A1", reconciled_at=NOON)
    make.StockFactory(depot=parked, good="IRON_ORE", units=96, promised=30)
    make.StockFactory(depot=parked, good="COPPER_ORE", units=40)
    for n in range(2, ships):
        _ship(agent, f"MAGPIE-{n:X}", ROLES[n % len(ROLES)], chance)
    make.ShipFactory(
        agent=agent,
        symbol="MAGPIE-F0",
        failures=3,
        last_error="Traceback\nRefused: the ship has not enough fuel for 214 units of distance",
        why="could not fly to X1-AA1-J57",
        wake_at=NOON - timedelta(minutes=20),
        fuel=3,
    )
    make.ShipFactory(agent=agent, symbol="MAGPIE-F1", excluded=True, why="left where it was")
    explorer = make.ShipFactory(agent=agent, symbol="MAGPIE-F9", probe=True, roles=["explorer"])
    make.PassageFactory(ship=explorer)
    make.LedgerEntryFactory(
        agent=agent, ship=explorer, kind="chart", amount=38_500, activity="exploration"
    )


def _ship(agent: Agent, symbol: str, role: str, chance: random.Random) -> None:
    stepped_at = NOON - timedelta(seconds=chance.randrange(90))
    if role == "scout":
        make.ShipFactory(
            agent=agent, symbol=symbol, probe=True, under_way=True, stepped_at=stepped_at
        )
        return
    load = chance.randrange(41)
    make.ShipFactory(
        agent=agent,
        symbol=symbol,
        roles=[role, "scout"] if role == "courier" else [role],
        place="X1-AA1-B7" if role in ("miner", "surveyor", "transport") else "",
        cargo={"IRON_ORE": load} if load else {},
        cargo_units=load,
        fuel=chance.randrange(81),
        cooldown_ends_at=NOON + timedelta(seconds=chance.randrange(1, 70)),
        why=f"extracted {load} IRON_ORE, cooling down" if role == "miner" else "on its round",
        stepped_at=stepped_at,
        under_way=role in ("transport", "trader"),
        price_paid=45_000,
    )


def _money(agent: Agent, rival: Agent, chance: random.Random) -> None:
    readings = []
    for one, start in ((agent, 1_000_000), (rival, 175_000)):
        profit = bought = 0
        for n in range(60):
            profit += (
                chance.randrange(6_000, 14_000) if one is agent else chance.randrange(1_600)
            )
            bought += 45_000 if one is agent and n in (8, 15, 19, 40) else 0
            readings.append(
                make.CreditReadingFactory.build(
                    agent=one,
                    at=NOON - timedelta(minutes=4 * (60 - n)),
                    credits=start + profit - bought,
                    operating_profit=profit,
                    ships_value=bought,
                )
            )
    CreditReading.objects.bulk_create(readings)
    kinds = LedgerEntry.Kind
    make.LedgerEntryFactory(
        agent=agent, kind=kinds.OPENING, amount=1_000_000, activity="opening"
    )
    ship = agent.ships.get(symbol="MAGPIE-2")
    for n in range(8):
        good = list(GOODS)[n % 5]
        make.LedgerEntryFactory(
            agent=agent,
            at=NOON - timedelta(minutes=2 * n),
            amount=40 * GOODS[good],
            ship=ship,
            good=good,
            units=40,
            price=GOODS[good],
            waypoint="X1-AA1-A1",
        )
        make.LedgerEntryFactory(
            agent=agent,
            at=NOON - timedelta(minutes=2 * n),
            kind=kinds.FUEL,
            amount=-72,
            ship=ship,
            good="FUEL",
            units=1,
        )
    make.LedgerEntryFactory(
        agent=agent, kind=kinds.CONTRACT, amount=11_000, activity="contracts"
    )
    make.LedgerEntryFactory(agent=agent, kind=kinds.SHIP, amount=-45_000, activity="growth")


def _steering(agent: Agent) -> None:
    make.EvaluatorFactory(agent=agent, why="stage: pipeline; 2 posts vacant, 1 ship ordered")
    make.EvaluatorFactory(
        agent=agent,
        name="sales.opportunities",
        why="judged 5 goods, sells 1",
        failures=2,
        last_error="TryAgain: the server did not answer",
    )
    make.EarmarkFactory(agent=agent)
    make.SpendingStopFactory(agent=agent)
    make.EvaluatorFactory(agent=agent, name="fleet.protection", why="lost 0 of 150,000 credits")
    make.RungFactory(crowding__agent=agent)
    make.VacancyFactory(agent=agent, role="miner", wanted=8, filled=6, place="X1-AA1-B7")
    make.VacancyFactory(agent=agent, role="transport", wanted=2, filled=2, place="X1-AA1-B7")
    make.ShipOrderFactory(
        agent=agent,
        verdict="refused: it costs 45,000, which leaves less than the cash floor of 50,000",
        refusals=4,
    )
    make.ShipOrderFactory(agent=agent, bought=True, verdict="pays back in 6 hours")
    make.ShipOrderFactory(
        agent=agent,
        status=ShipOrder.Status.CANCELLED,
        decided_at=NOON - HOUR,
        verdict="outdated",
    )
    make.ParameterFactory()
    make.ControlFactory(ship=agent.ships.order_by("pk").last())


def _work(agent: Agent, chance: random.Random) -> None:
    miner = agent.ships.get(symbol="MAGPIE-2")
    carrier = agent.ships.get(symbol="MAGPIE-6")
    depot = agent.ships.get(symbol="MAGPIE-1").depot
    rock = make.WaypointFactory(era=agent.era, symbol="X1-AA1-B7", modifiers=["UNSTABLE"])
    site = make.SiteFactory(agent=agent, waypoint=rock, closed_until=NOON + HOUR)
    make.SiteFactory(agent=agent, kind="siphon", open=False)
    survey = make.SurveyFactory(made_by=miner, uses=3)
    session = make.SessionFactory(site=site, ship=miner)
    make.SessionFactory(site=site, ship=carrier, ended_at=NOON, outcome="the site rests")
    for n in range(6):
        make.LogLineFactory(ship=miner, at=NOON - timedelta(seconds=70 * n))
    for n in range(12):
        make.ExtractionFactory(
            session=session,
            survey=survey if n % 2 else None,
            good=chance.choice(list(GOODS)),
            units=chance.randrange(1, 9),
            price=None if n == 5 else 50,
            at=NOON - timedelta(seconds=70 * n),
        )
    make.JettisonFactory(ship=miner)
    make.LoopFactory(
        depot=depot, ship=carrier, agent=agent, rounds=7, units=268, site="X1-AA1-B7"
    )
    make.TripFactory(ship=carrier, contract__agent=agent)
    make.PickupFactory(ship=miner, filed_at=NOON - timedelta(minutes=6))
    make.TransferFactory(giver=miner, receiver=carrier)
    make.TransferFactory(
        giver=carrier,
        receiver=depot.ship,
        kind=Transfer.Kind.DEPOSIT,
        status=Transfer.Status.REFUSED,
        why="the depot has no room for 40 units",
    )
    make.DriftFactory(
        depot=Depot.objects.filter(ship__agent=agent).first(), booked=42, aboard=40
    )
    make.ExpansionFactory(agent=agent, refused=True, inputs={"percent": 93})
    make.RoundFactory(ship=carrier)
    CapacityReading.objects.bulk_create(
        make.CapacityReadingFactory.build(
            agent=agent,
            at=NOON - timedelta(minutes=7 * (48 - n)),
            units=round(130 + 70 * math.sin(n / 6)),
        )
        for n in range(48)
    )
    _queue_and_sales(agent, depot)


def _queue_and_sales(agent: Agent, depot: object) -> None:
    requests = [
        make.RequestFactory(
            agent=agent, units=20 + n, created_at=NOON - timedelta(minutes=9 - n), why="a sale"
        )
        for n in range(3)
    ]
    claimed = make.RequestFactory(
        agent=agent,
        purpose=ResourceRequest.Purpose.CONTRACT,
        units=30,
        claimed=30,
        status=ResourceRequest.Status.CLAIMED,
        created_at=NOON - timedelta(minutes=8),
        claimed_at=NOON - timedelta(minutes=3),
        lease_until=NOON + timedelta(minutes=5),
    )
    stock = depot.stock.get(good="IRON_ORE")  # type: ignore[attr-defined]
    make.ClaimFactory(request=claimed, stock=stock, units=30)
    make.TransitionFactory(
        request=claimed, before="queued", after="claimed", cause="all promised"
    )
    contract = make.ContractFactory(
        agent=agent, status=Contract.Status.ACCEPTED, units_fulfilled=24
    )
    make.ContractFactory(agent=agent, judgement="not worth it: costs 4,000 more than it pays")
    make.ReservationFactory(contract=contract, agent=agent)
    opportunity = make.OpportunityFactory(agent=agent)
    make.OpportunityFactory(
        agent=agent,
        good="QUARTZ_SAND",
        accepted=False,
        criterion=Opportunity.Criterion.NONE,
        failed=Opportunity.Failed.FRESH_PRICE,
        reason="no opinion: no fresh price of any buyer is known",
        price=None,
        average=None,
        samples=2,
        surplus=14,
    )
    place = Waypoint.objects.get(era=agent.era, symbol="X1-AA1-A1")
    make.MarketIndexFactory.create_batch(3, waypoint=place)
    crowding = make.CrowdingFactory(agent=agent, ended_at=None)
    make.RungFactory(crowding=crowding)
    make.RungFactory(
        crowding=crowding,
        kind=Rung.Kind.EXPAND,
        worked=False,
        outcome="refused: SHIP_LIGHT_HAULER: price unknown: a ship must look at the yard first",
        inputs={
            "percent": 92,
            "units": 221,
            "capacity": 240,
            "leaving": 0,
            "ships": {
                "SHIP_HEAVY_FREIGHTER": "no shipyard we know of sells it",
                "SHIP_LIGHT_HAULER": "price unknown: a ship must look at the yard first",
            },
        },
    )
    make.SaleFactory(
        agent=agent,
        opportunity=opportunity,
        request=requests[0],
        home="X1-AA1-A3",
        criterion="good price",
        trigger="period",
    )
    make.SaleFactory(
        agent=agent,
        request=requests[1],
        status=Sale.Status.DONE,
        units_sold=70,
        realised=3_640,
        ended_at=NOON - timedelta(minutes=4),
    )
    _trading(agent)


def _trading(agent: Agent) -> None:
    """A run under way, one that is over, and a lane that lost money and rests."""
    ship = make.ShipFactory(agent=agent, symbol="MAGPIE-F2", roles=["merchant"])
    make.TradeLotFactory(run=make.TradeRunFactory(ship=ship))
    over = make.TradeRunFactory(ship=ship, ended_at=NOON, realised=-1_200, bought_at=NOON)
    make.TradeLotFactory(
        run=over,
        good="IRON_ORE",
        bought=40,
        paid=3_000,
        sold=40,
        received=2_000,
        ended_at=NOON,
        rest_until=NOON + HOUR,
        why="lost 1,000 credits: sold out",
    )


def _installation() -> None:
    make.AlertFactory(subject="WAGTAIL", level="error", times=14, first_at=NOON - HOUR)
    make.AlertFactory(kind="stale", subject="X1-AA1-A3", message="Prices are two hours old.")
    make.DeliveryFactory(
        alert__kind="reset", alert__subject="WAGTAIL", error="no answer", tries=2
    )
    make.AuditEntryFactory(user=make.ViewerFactory().user)
    make.TourEndFactory()
    make.NodeFactory(name="harbour")
    make.WorkerLineFactory()
    make.WorkerLineFactory(level="error", text="Traceback:\n  line 1\nOSError: disk full")
    make.NodeFactory(name="old harbour", stopped_at=NOON - HOUR)
    make.NodeFactory(name="lost harbour", beat_at=NOON - HOUR)
    done = LabRunFactory(status="done", played=2, figures=figures(1000, 7), ended_at=NOON)
    LabRunFactory(
        comparison=done.comparison,
        arm="eager",
        status="running",
        played=1.5,
        beat_at=NOON,
        worker="harbour, pid 4712",
    )
    make.CanaryFactory(queue="harbour:ships")
    make.CanaryFactory(
        queue="harbour:control",
        sent_at=NOON - timedelta(minutes=1),
        seen_at=NOON - timedelta(minutes=2),
    )
    RequestCount.objects.bulk_create(_counts())


def _counts() -> Iterator[RequestCount]:
    """Half an hour of requests, and three that were never answered."""
    for n in range(1, 31):
        minute = NOON - timedelta(minutes=n)
        yield make.RequestCountFactory.build(
            minute=minute,
            agent="MAGPIE",
            endpoint="/my/ships/{ship}/extract",
            count=300 + 4 * n,
            productive=280,
            waited_ms=90_000,
            took_ms=26_000,
        )
        yield make.RequestCountFactory.build(
            minute=minute,
            agent="WAGTAIL",
            purpose="starter",
            endpoint="/my/ships/{ship}/sell",
            count=22,
            productive=20,
        )
    yield make.RequestCountFactory.build(
        minute=NOON - timedelta(minutes=2),
        agent="MAGPIE",
        endpoint="/my/ships",
        status=0,
        count=3,
        productive=0,
    )
