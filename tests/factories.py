"""Builders of valid rows of every model; a test overrides only what it is about."""

from datetime import UTC, datetime, timedelta
from typing import Any

import factory
from django.contrib.auth import get_user_model
from factory.django import DjangoModelFactory

from allocation.models import Claim, Contract, Reservation, ResourceRequest, Transition, Trip
from fleet.models import (
    Account,
    Agent,
    Control,
    CreditReading,
    Earmark,
    Era,
    Evaluator,
    Lane,
    LedgerEntry,
    LogLine,
    MarketGood,
    Material,
    NavStatus,
    Novelty,
    Parameter,
    Passage,
    Ship,
    ShipOrder,
    ShipPrice,
    ShipyardOffer,
    SpendingStop,
    System,
    Vacancy,
    Waypoint,
    Wish,
)
from inventory.models import (
    CapacityReading,
    Depot,
    Drift,
    Expansion,
    Loop,
    Pickup,
    Round,
    Stock,
    Transfer,
)
from mining.models import Extraction, Jettison, Kind, Session, Site, Survey
from sales.models import (
    Crowding,
    MarketIndex,
    Opportunity,
    PriceSample,
    Rung,
    Sale,
    TradeLot,
    TradeRun,
)
from spacefleet.models import (
    Alert,
    AuditEntry,
    Canary,
    Delivery,
    Node,
    RequestCount,
    TourEnd,
    Viewer,
    WorkerLine,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class UserFactory(DjangoModelFactory[Any]):
    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    password = factory.django.Password("open sesame")


# spacefleet


class TourEndFactory(DjangoModelFactory[TourEnd]):
    class Meta:
        model = TourEnd

    user = factory.SubFactory(UserFactory)
    ended_at = NOON


class ViewerFactory(DjangoModelFactory[Viewer]):
    class Meta:
        model = Viewer

    user = factory.SubFactory(UserFactory)
    zone = "Europe/Berlin"


class AlertFactory(DjangoModelFactory[Alert]):
    class Meta:
        model = Alert

    kind = "drift"
    subject = factory.Sequence(lambda n: f"AGENT{n}")
    message = "The game says 100 credits less than the ledger."
    first_at = NOON
    last_at = NOON


class DeliveryFactory(DjangoModelFactory[Delivery]):
    class Meta:
        model = Delivery

    alert = factory.SubFactory(AlertFactory)
    channel = "webhook"
    about = "began"
    due_at = NOON


class AuditEntryFactory(DjangoModelFactory[AuditEntry]):
    class Meta:
        model = AuditEntry

    at = NOON
    verb = "excluded"
    subject = "ship AGENT-1"


class WorkerLineFactory(DjangoModelFactory[WorkerLine]):
    class Meta:
        model = WorkerLine

    node = "harbour"
    process = 4711
    at = NOON
    level = "warning"
    logger = "fleet.engine"
    text = "lost the lane: another dispatcher holds the lane"


class RequestCountFactory(DjangoModelFactory[RequestCount]):
    class Meta:
        model = RequestCount

    minute = factory.Sequence(lambda n: NOON - timedelta(minutes=1 + n % 30))
    purpose = "miner"
    endpoint = factory.Sequence(lambda n: f"/my/ships/{{ship}}/extract{n // 30 or ''}")
    status = 201
    count = 10
    productive = 9


class NodeFactory(DjangoModelFactory[Node]):
    class Meta:
        model = Node

    name = factory.Sequence(lambda n: f"node{n}")
    lane = "default"
    process = "host:4711"
    started_at = NOON - HOUR
    beat_at = NOON


class CanaryFactory(DjangoModelFactory[Canary]):
    class Meta:
        model = Canary

    queue = factory.Sequence(lambda n: f"node{n}:ships")
    sent_at = NOON
    seen_at = NOON


# fleet


class EraFactory(DjangoModelFactory[Era]):
    class Meta:
        model = Era

    server = "http://127.0.0.1:8001/v2"
    reset_date = factory.Sequence(lambda n: f"2026-02-{1 + n % 28:02}.{n}")
    version = "2.3.0"
    started_at = NOON - 24 * HOUR


class LaneFactory(DjangoModelFactory[Lane]):
    class Meta:
        model = Lane

    name = factory.Sequence(lambda n: f"lane{n}")


class AccountFactory(DjangoModelFactory[Account]):
    class Meta:
        model = Account

    server = "http://127.0.0.1:8001/v2"
    token = "a-secret-token"
    added_at = NOON - 24 * HOUR


class AgentFactory(DjangoModelFactory[Agent]):
    class Meta:
        model = Agent

    era = factory.SubFactory(EraFactory)
    lane = factory.SubFactory(LaneFactory)
    symbol = factory.Sequence(lambda n: f"AGENT{n}")
    faction = "COSMIC"
    headquarters = "X1-AA1-A1"
    token = "a-secret-token"
    credits = 175_000
    joined_at = NOON - 24 * HOUR


class WaypointFactory(DjangoModelFactory[Waypoint]):
    class Meta:
        model = Waypoint

    era = factory.SubFactory(EraFactory)
    system = "X1-AA1"
    symbol = factory.Sequence(lambda n: f"X1-AA1-B{n}")
    type = "ASTEROID"
    x = 10
    y = -20
    seen_at = NOON


class MarketGoodFactory(DjangoModelFactory[MarketGood]):
    class Meta:
        model = MarketGood

    waypoint = factory.SubFactory(WaypointFactory, type="PLANET", market=True)
    good = "IRON_ORE"
    kind = MarketGood.Kind.IMPORT
    we_receive = 50
    we_pay = 60
    trade_volume = 60
    supply = "MODERATE"
    activity = "WEAK"
    seen_at = NOON


class ShipyardOfferFactory(DjangoModelFactory[ShipyardOffer]):
    class Meta:
        model = ShipyardOffer

    waypoint = factory.SubFactory(WaypointFactory, type="ORBITAL_STATION", shipyard=True)
    ship_type = "SHIP_MINING_DRONE"
    price = 45_000
    supply = "MODERATE"
    seen_at = NOON


class ShipPriceFactory(DjangoModelFactory[ShipPrice]):
    class Meta:
        model = ShipPrice

    waypoint = factory.SubFactory(WaypointFactory, type="ORBITAL_STATION", shipyard=True)
    ship_type = "SHIP_MINING_DRONE"
    price = 45_000
    supply = "MODERATE"
    at = NOON


class NoveltyFactory(DjangoModelFactory[Novelty]):
    class Meta:
        model = Novelty

    era = factory.SubFactory(EraFactory)
    kind = Novelty.Kind.TRAIT
    symbol = "SINGING_CRYSTALS"
    seen_on = "X1-AA1-B7"
    seen_at = NOON


class WishFactory(DjangoModelFactory[Wish]):
    class Meta:
        model = Wish

    waypoint = factory.SubFactory(WaypointFactory, market=True)
    what = Wish.What.MARKET
    why = "its prices are older than an hour"
    wished_at = NOON


class ShipFactory(DjangoModelFactory[Ship]):
    class Meta:
        model = Ship

    class Params:
        under_way = factory.Trait(
            nav_status=NavStatus.IN_TRANSIT,
            origin="X1-AA1-A1",
            departed_at=NOON - timedelta(minutes=1),
            arrives_at=NOON + timedelta(minutes=4),
        )
        probe = factory.Trait(
            type="SHIP_PROBE",
            frame="FRAME_PROBE",
            registration="SATELLITE",
            roles=["scout"],
            fuel=0,
            fuel_capacity=0,
            cargo_capacity=0,
            laser_strength=0,
        )

    agent = factory.SubFactory(AgentFactory)
    symbol = factory.Sequence(lambda n: f"AGENT-{n:X}")
    type = "SHIP_MINING_DRONE"
    frame = "FRAME_DRONE"
    registration = "EXCAVATOR"
    roles = factory.LazyFunction(lambda: ["miner"])
    nav_status = NavStatus.IN_ORBIT
    system = "X1-AA1"
    waypoint = "X1-AA1-B7"
    fuel = 80
    fuel_capacity = 80
    speed = 9
    cargo_capacity = 40
    laser_strength = 10
    seen_at = NOON
    wake_at = NOON
    joined_at = NOON - HOUR


class LogLineFactory(DjangoModelFactory[LogLine]):
    class Meta:
        model = LogLine

    ship = factory.SubFactory(ShipFactory)
    at = NOON
    role = "miner"
    waypoint = "X1-AA1-B7"
    why = factory.Sequence(lambda n: f"extracted {n} IRON_ORE, cooling down")


class SystemFactory(DjangoModelFactory[System]):
    class Meta:
        model = System

    era = factory.SubFactory(EraFactory)
    symbol = factory.Sequence(lambda n: f"X1-FAR{n}")
    type = "RED_STAR"
    x = 1200
    y = -340
    gate = factory.LazyAttribute(lambda system: f"{system.symbol}-I9")
    gate_open = True
    gate_seen_at = NOON
    connections = factory.List([])
    learned_at = NOON


class MaterialFactory(DjangoModelFactory[Material]):
    class Meta:
        model = Material

    era = factory.SubFactory(EraFactory)
    waypoint = "X1-AA1-I9"
    good = "FAB_MATS"
    required = 1_600
    fulfilled = 240
    seen_at = NOON


class PassageFactory(DjangoModelFactory[Passage]):
    class Meta:
        model = Passage

    ship = factory.SubFactory(ShipFactory)
    origin = "X1-AA1-I9"
    destination = "X1-FAR0-I9"
    price = 5_050
    outcome = Passage.Outcome.JUMPED
    asked_at = NOON
    ended_at = NOON


class LedgerEntryFactory(DjangoModelFactory[LedgerEntry]):
    class Meta:
        model = LedgerEntry

    agent = factory.SubFactory(AgentFactory)
    at = NOON
    kind = LedgerEntry.Kind.SALE
    amount = 1_000
    activity = "mining"
    behaviour = "trader"


class EarmarkFactory(DjangoModelFactory[Earmark]):
    class Meta:
        model = Earmark

    agent = factory.SubFactory(AgentFactory)
    stated_by = factory.Sequence(lambda n: f"domain{n}")
    credits = 20_000
    why = "to buy goods for a contract"
    stated_at = NOON


class CreditReadingFactory(DjangoModelFactory[CreditReading]):
    class Meta:
        model = CreditReading

    agent = factory.SubFactory(AgentFactory)
    at = NOON
    credits = 175_000
    operating_profit = 0
    ships_value = 0


class SpendingStopFactory(DjangoModelFactory[SpendingStop]):
    class Meta:
        model = SpendingStop

    agent = factory.SubFactory(AgentFactory)
    at = NOON - timedelta(minutes=5)
    until = NOON + HOUR
    why = "lost 200,000 credits in a game hour, 150,000 are allowed"
    lost = 200_000


class EvaluatorFactory(DjangoModelFactory[Evaluator]):
    class Meta:
        model = Evaluator

    name = "fleet.conductor"
    agent = factory.SubFactory(AgentFactory)
    wake_at = NOON + timedelta(minutes=1)
    why = "all posts are manned"
    stepped_at = NOON


class VacancyFactory(DjangoModelFactory[Vacancy]):
    class Meta:
        model = Vacancy

    agent = factory.SubFactory(AgentFactory)
    role = "miner"
    place = factory.Sequence(lambda n: f"X1-AA1-B{n}")
    needs = "laser"
    ship_type = "SHIP_MINING_DRONE"
    stated_by = "mining.sites"
    wanted = 3
    filled = 1
    value_per_hour = 1_200
    why = "the site gives most credits an hour"
    stated_at = NOON


class ShipOrderFactory(DjangoModelFactory[ShipOrder]):
    class Meta:
        model = ShipOrder

    class Params:
        bought = factory.Trait(
            status=ShipOrder.Status.BOUGHT,
            price=45_000,
            waypoint="X1-AA1-A2",
            decided_at=NOON,
            ship=factory.SubFactory(ShipFactory, agent=factory.SelfAttribute("..agent")),
        )

    agent = factory.SubFactory(AgentFactory)
    ship_type = "SHIP_MINING_DRONE"
    role = "miner"
    place = "X1-AA1-B7"
    why = "two posts are vacant"
    ordered_at = NOON


class ControlFactory(DjangoModelFactory[Control]):
    class Meta:
        model = Control

    mode = "pause"
    since = NOON
    by = "owner"
    why = "a look at the fuel"


class ParameterFactory(DjangoModelFactory[Parameter]):
    class Meta:
        model = Parameter

    behaviour = "purchases"
    name = "cash_floor"
    value = "30000"


# inventory


class DepotFactory(DjangoModelFactory[Depot]):
    class Meta:
        model = Depot

    ship = factory.SubFactory(ShipFactory, roles=["depot"], cargo_capacity=240)
    waypoint = "X1-AA1-A1"
    why = "the centre of the sites, with a marketplace"
    sited_at = NOON - HOUR
    parked_at = NOON - HOUR


class StockFactory(DjangoModelFactory[Stock]):
    class Meta:
        model = Stock

    depot = factory.SubFactory(DepotFactory)
    good = "IRON_ORE"
    units = 100
    updated_at = NOON


class TransferFactory(DjangoModelFactory[Transfer]):
    class Meta:
        model = Transfer

    giver = factory.SubFactory(ShipFactory)
    receiver = factory.SubFactory(
        ShipFactory, agent=factory.SelfAttribute("..giver.agent"), roles=["transport"]
    )
    good = "IRON_ORE"
    units = 12
    kind = Transfer.Kind.COLLECT
    status = Transfer.Status.CONFIRMED
    waypoint = "X1-AA1-B7"
    at = NOON
    done_at = NOON


class LoopFactory(DjangoModelFactory[Loop]):
    class Meta:
        model = Loop

    depot = factory.SubFactory(DepotFactory)
    agent = factory.SelfAttribute("depot.ship.agent")
    ship = factory.SubFactory(
        ShipFactory, agent=factory.SelfAttribute("..agent"), roles=["transport"]
    )
    site = factory.Sequence(lambda n: f"X1-AA1-B{n}")
    slot = 1
    why = "the site has no transport yet"


class PickupFactory(DjangoModelFactory[Pickup]):
    class Meta:
        model = Pickup

    ship = factory.SubFactory(ShipFactory)
    waypoint = "X1-AA1-B7"
    units = 40
    filed_at = NOON


class RoundFactory(DjangoModelFactory[Round]):
    class Meta:
        model = Round

    ship = factory.SubFactory(ShipFactory, roles=["transport"])
    site = "X1-AA1-B7"
    units = 38
    at = NOON


class DriftFactory(DjangoModelFactory[Drift]):
    class Meta:
        model = Drift

    depot = factory.SubFactory(DepotFactory)
    good = "IRON_ORE"
    booked = 50
    aboard = 30
    found_at = NOON


class ExpansionFactory(DjangoModelFactory[Expansion]):
    class Meta:
        model = Expansion

    class Params:
        refused = factory.Trait(
            outcome=Expansion.Outcome.REFUSED,
            reason="heavy freighter: no shipyard we know of sells it",
            decided_at=NOON,
        )

    agent = factory.SubFactory(AgentFactory)
    waypoint = "X1-AA1-A1"
    ship_type = "SHIP_LIGHT_HAULER"
    why = "depots 93 % full after selling"
    asked_at = NOON


class CapacityReadingFactory(DjangoModelFactory[CapacityReading]):
    class Meta:
        model = CapacityReading

    agent = factory.SubFactory(AgentFactory)
    at = NOON
    units = 100
    capacity = 240


# allocation


class RequestFactory(DjangoModelFactory[ResourceRequest]):
    class Meta:
        model = ResourceRequest

    agent = factory.SubFactory(AgentFactory)
    purpose = ResourceRequest.Purpose.MARKET
    good = "IRON_ORE"
    units = 10
    created_at = NOON


class ClaimFactory(DjangoModelFactory[Claim]):
    class Meta:
        model = Claim

    request = factory.SubFactory(RequestFactory)
    stock = factory.SubFactory(StockFactory, promised=10)
    units = 10
    at = NOON


class TransitionFactory(DjangoModelFactory[Transition]):
    class Meta:
        model = Transition

    request = factory.SubFactory(RequestFactory)
    at = NOON
    after = "queued"
    cause = "asked for by a sale"


class ContractFactory(DjangoModelFactory[Contract]):
    class Meta:
        model = Contract

    agent = factory.SubFactory(AgentFactory)
    game_id = factory.Sequence(lambda n: f"contract-{n}")
    faction = "COSMIC"
    type = "PROCUREMENT"
    good = "IRON_ORE"
    destination = "X1-AA1-A1"
    units_required = 60
    on_accepted = 2_000
    on_fulfilled = 9_000
    deadline_at = NOON + 24 * HOUR
    judgement = "+8,000 in 6 min with 13 requests: 60 from X1-AA1-B7 for at most 50"
    expected_net = 8_000
    offered_at = NOON
    seen_at = NOON


class TripFactory(DjangoModelFactory[Trip]):
    class Meta:
        model = Trip

    contract = factory.SubFactory(ContractFactory, units_under_way=40)
    ship = factory.SubFactory(ShipFactory, agent=factory.SelfAttribute("..contract.agent"))
    units = 40
    source = "X1-AA1-B7"
    limit = 55
    why = "+8,000 in 6 min with 13 requests"
    begun_at = NOON
    due_at = NOON + HOUR


class ReservationFactory(DjangoModelFactory[Reservation]):
    class Meta:
        model = Reservation

    contract = factory.SubFactory(ContractFactory, status=Contract.Status.ACCEPTED)
    agent = factory.SelfAttribute("contract.agent")
    good = "IRON_ORE"
    units = 66
    why = "60 for the contract and 10 percent buffer"
    made_at = NOON
    expires_at = NOON + HOUR


# sales


class PriceSampleFactory(DjangoModelFactory[PriceSample]):
    class Meta:
        model = PriceSample

    waypoint = factory.SubFactory(WaypointFactory, type="PLANET", market=True)
    good = "IRON_ORE"
    we_receive = 50
    we_pay = 60
    trade_volume = 60
    at = factory.Sequence(lambda n: NOON - timedelta(minutes=n))


class MarketIndexFactory(DjangoModelFactory[MarketIndex]):
    class Meta:
        model = MarketIndex

    waypoint = factory.SubFactory(WaypointFactory, type="PLANET", market=True)
    at = factory.Sequence(lambda n: NOON - timedelta(minutes=n))
    percent = 94
    goods = 5


class CrowdingFactory(DjangoModelFactory[Crowding]):
    class Meta:
        model = Crowding

    agent = factory.SubFactory(AgentFactory)
    began_at = NOON - timedelta(minutes=30)
    ended_at = NOON
    began_percent = 92
    peak_percent = 95


class RungFactory(DjangoModelFactory[Rung]):
    class Meta:
        model = Rung

    crowding = factory.SubFactory(CrowdingFactory)
    kind = Rung.Kind.SELL
    at = NOON
    worked = True
    outcome = "120 units are to leave, 42 % would remain"
    inputs = factory.LazyFunction(
        lambda: {"percent": 92, "units": 221, "capacity": 240, "leaving": 0}
    )


class OpportunityFactory(DjangoModelFactory[Opportunity]):
    class Meta:
        model = Opportunity

    agent = factory.SubFactory(AgentFactory)
    good = "IRON_ORE"
    at = NOON
    trigger = Opportunity.Trigger.PERIOD
    accepted = True
    criterion = Opportunity.Criterion.GOOD_PRICE
    reason = "55 is 110 % of the average"
    units = 100
    reserved = 20
    buffer = 10
    surplus = 70
    price = 55
    average = 50.0
    samples = 12
    utilisation = 42
    market = "X1-AA1-A1"


class SaleFactory(DjangoModelFactory[Sale]):
    class Meta:
        model = Sale

    agent = factory.SubFactory(AgentFactory)
    request = factory.SubFactory(RequestFactory, agent=factory.SelfAttribute("..agent"))
    good = "IRON_ORE"
    units = 70
    market = "X1-AA1-A1"
    expected_price = 55
    why = "a good price"
    decided_at = NOON


class TradeRunFactory(DjangoModelFactory[TradeRun]):
    class Meta:
        model = TradeRun

    ship = factory.SubFactory(ShipFactory, roles=["merchant"], cargo_capacity=40)
    agent = factory.SelfAttribute("ship.agent")
    origin = "X1-AA1-K77"
    destination = "X1-AA1-A1"
    expected = 26_000
    expected_seconds = 300
    expected_requests = 14
    why = "40 FOOD: 26,000 credits expected, 312,000 an hour"
    started_at = NOON


class TradeLotFactory(DjangoModelFactory[TradeLot]):
    class Meta:
        model = TradeLot

    run = factory.SubFactory(TradeRunFactory)
    agent = factory.SelfAttribute("run.agent")
    good = "FOOD"
    origin = factory.SelfAttribute("run.origin")
    destination = factory.SelfAttribute("run.destination")
    units = 40
    expected_cost = 60_000
    expected_proceeds = 86_000


# mining


class SiteFactory(DjangoModelFactory[Site]):
    class Meta:
        model = Site

    agent = factory.SubFactory(AgentFactory)
    waypoint = factory.SubFactory(WaypointFactory, era=factory.SelfAttribute("..agent.era"))
    kind = Kind.EXTRACT
    value_per_hour = 900
    why = "the richest rock near the depot"
    judged_at = NOON


class SurveyFactory(DjangoModelFactory[Survey]):
    class Meta:
        model = Survey

    made_by = factory.SubFactory(ShipFactory, roles=["surveyor"], survey_strength=1)
    era = factory.SelfAttribute("made_by.agent.era")
    waypoint = "X1-AA1-B7"
    signature = factory.Sequence(lambda n: f"X1-AA1-B7-{n:06X}")
    deposits = factory.LazyFunction(lambda: ["IRON_ORE", "IRON_ORE", "QUARTZ_SAND"])
    size = "MODERATE"
    raw = factory.LazyFunction(dict)
    made_at = NOON
    expires_at = NOON + HOUR


class SessionFactory(DjangoModelFactory[Session]):
    class Meta:
        model = Session

    site = factory.SubFactory(SiteFactory)
    ship = factory.SubFactory(ShipFactory, agent=factory.SelfAttribute("..site.agent"))
    started_at = NOON - HOUR


class ExtractionFactory(DjangoModelFactory[Extraction]):
    class Meta:
        model = Extraction

    session = factory.SubFactory(SessionFactory)
    ship = factory.SelfAttribute("session.ship")
    waypoint = factory.SelfAttribute("session.site.waypoint.symbol")
    kind = Kind.EXTRACT
    good = "IRON_ORE"
    units = 5
    price = 50
    at = NOON


class JettisonFactory(DjangoModelFactory[Jettison]):
    class Meta:
        model = Jettison

    ship = factory.SubFactory(ShipFactory)
    good = "ICE_WATER"
    units = 4
    price = 12
    why = "worth less than 50 credits a unit, and the hold is full"
    at = NOON
