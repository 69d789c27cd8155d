"""What pages cost: a fixed number of queries, and a second at most."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from fleet.models import Agent, SpendingStop
from fleet.selectors.squadrons import PAGE
from fleet.services import parameters
from tests import factories as make
from tests.factories import NOON

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
SESSION_AND_PERSON = 2
AGENTS = 1
ORDERS = 1


@pytest.mark.parametrize("ships", [2, 50])
def test_ships_cost_six_queries_whatever_their_number(
    reader: Client, django_assert_num_queries: DjangoAssertNumQueries, ships: int
) -> None:
    make.ShipFactory.create_batch(ships, agent=make.AgentFactory())

    with django_assert_num_queries(SESSION_AND_PERSON + AGENTS + ORDERS + 2):
        reader.get(reverse("fleet:squadrons"), headers=HTMX)


def test_a_page_of_two_hundred_ships_is_there_within_a_second(reader: Client) -> None:
    make.ShipFactory.create_batch(200, agent=make.AgentFactory(), roles=["miner", "scout"])
    reader.get(reverse("fleet:ships"))  # templates are read once a process

    began = time.perf_counter()
    page = reader.get(reverse("fleet:ships"))
    took = time.perf_counter() - began

    assert page.content.decode().count("SHIP_MINING_DRONE") == PAGE
    assert took < 1


def _stops(agent: Agent) -> None:
    at = NOON - timedelta(minutes=SpendingStop.objects.count())
    make.SpendingStopFactory(agent=agent, at=at)


def _vacancies(agent: Agent) -> None:
    make.VacancyFactory(agent=agent)


def _orders(agent: Agent) -> None:
    make.ShipOrderFactory(agent=agent, bought=True)


def _offers(agent: Agent) -> None:
    make.ShipyardOfferFactory(waypoint__era=agent.era)


def _ship_prices(agent: Agent) -> None:
    make.ShipPriceFactory(waypoint__era=agent.era)


def _novelties(agent: Agent) -> None:
    make.NoveltyFactory(era=agent.era, symbol=f"TRAIT_{make.Novelty.objects.count()}")


def _evaluators(agent: Agent) -> None:
    make.EvaluatorFactory(agent=make.AgentFactory(era=agent.era), failures=1)


def _wishes(agent: Agent) -> None:
    make.WishFactory(waypoint__era=agent.era)


def _sites(agent: Agent) -> None:
    site = make.SiteFactory(agent=agent)
    make.SessionFactory(site=site)
    make.ShipFactory(agent=agent, place=site.waypoint.symbol)


def _surveys(agent: Agent) -> None:
    make.SurveyFactory(made_by__agent=agent)


def _extractions(agent: Agent) -> None:
    make.ExtractionFactory(session__site__agent=agent)


def _jettisons(agent: Agent) -> None:
    make.JettisonFactory(ship__agent=agent)


def _stock(agent: Agent) -> None:
    make.StockFactory(depot__ship__agent=agent)


def _loops(agent: Agent) -> None:
    make.LoopFactory(depot__ship__agent=agent)


def _pickups(agent: Agent) -> None:
    make.PickupFactory(ship__agent=agent)


def _transfers(agent: Agent) -> None:
    make.TransferFactory(giver__agent=agent)


def _drifts(agent: Agent) -> None:
    make.DriftFactory(depot__ship__agent=agent)


def _expansions(agent: Agent) -> None:
    make.ExpansionFactory(agent=agent, refused=True)


def _readings(agent: Agent) -> None:
    make.CapacityReadingFactory(agent=agent)


def _requests(agent: Agent) -> None:
    make.RequestFactory(agent=agent, ship=make.ShipFactory(agent=agent))
    make.TransitionFactory(request__agent=agent)


def _contracts(agent: Agent) -> None:
    make.ReservationFactory(contract__agent=agent)
    make.TripFactory(contract__agent=agent)


def _sales(agent: Agent) -> None:
    make.SaleFactory(
        agent=agent,
        opportunity=make.OpportunityFactory(agent=agent),
        ship=make.ShipFactory(agent=agent),
    )


def _trading(agent: Agent) -> None:
    make.TradeLotFactory(run__ship__agent=agent, good=f"GOOD_{make.TradeLot.objects.count()}")


def _prices(agent: Agent) -> None:
    make.MarketGoodFactory(waypoint__era=agent.era)


def _samples(agent: Agent) -> None:
    make.PriceSampleFactory(waypoint__era=agent.era)


def _moods(agent: Agent) -> None:
    make.MarketIndexFactory(waypoint__era=agent.era)
    make.SaleFactory(agent=agent, home="X1-AA1-A2")


def _crowdings(agent: Agent) -> None:
    crowding = make.CrowdingFactory(agent=agent)
    make.RungFactory.create_batch(2, crowding=crowding)


def _rejected(agent: Agent) -> None:
    make.OpportunityFactory(agent=agent, accepted=False, failed="price")


def _money(agent: Agent) -> None:
    other = make.AgentFactory(era=agent.era, lane=agent.lane)
    make.CreditReadingFactory(agent=other)
    make.LedgerEntryFactory(agent=other)


def _counts(agent: Agent) -> None:
    make.RequestCountFactory(agent=agent.symbol)


def _workers(agent: Agent) -> None:
    make.NodeFactory()
    make.CanaryFactory()
    make.LaneFactory()


def _places(agent: Agent) -> None:
    rock = make.WaypointFactory(era=agent.era, orbits="X1-AA1-A1")
    make.SiteFactory(agent=agent, waypoint=rock)
    make.MarketGoodFactory(waypoint__era=agent.era)
    make.DepotFactory(ship__agent=agent)
    make.ShipFactory(agent=agent, under_way=True)
    parameters.forget()


def _eras(agent: Agent) -> None:
    other = make.AgentFactory(era__archived_at=NOON)
    make.CreditReadingFactory(agent=other)
    make.ContractFactory(agent=other, status="fulfilled")


def _work(agent: Agent) -> None:
    make.RequestCountFactory(agent=agent.symbol, purpose=f"role {make.Ship.objects.count()}")
    make.LedgerEntryFactory(agent=agent, ship=make.ShipFactory(agent=agent))


def _returns(agent: Agent) -> None:
    _work(agent)
    make.VacancyFactory(agent=agent)
    make.ShipyardOfferFactory(waypoint__era=agent.era)


def _events(agent: Agent) -> None:
    make.ShipOrderFactory(agent=agent, bought=True)
    make.SessionFactory(ship__agent=agent, ended_at=NOON)
    make.SaleFactory(agent=agent, status="done", ended_at=NOON)
    make.AlertFactory()
    make.AuditEntryFactory(user=make.UserFactory())


def _chosen(agent: Agent) -> None:
    ship = make.ShipFactory(agent=agent)
    make.ParameterFactory(behaviour="miner", name="hand_over_at", value="55", ship=ship)
    make.AuditEntryFactory(user=make.UserFactory())
    parameters.forget()


def _stars(agent: Agent) -> None:
    make.SystemFactory(era=agent.era)
    make.WaypointFactory(era=agent.era, system=f"X1-{make.Ship.objects.count()}")
    make.ShipFactory(agent=agent)


CASES: list[tuple[str, Callable[[Agent], None]]] = [
    ("fleet:vacancies", _vacancies),
    ("fleet:manning", _vacancies),
    ("fleet:orders", _orders),
    ("fleet:offers", _offers),
    ("ship-prices", _ship_prices),
    ("novelties", _novelties),
    ("fleet:evaluators", _evaluators),
    ("fleet:wishes", _wishes),
    ("fleet:purses", _money),
    ("fleet:protection", _stops),
    ("fleet:stops", _stops),
    ("fleet:income", _money),
    ("credits-chart", _money),
    ("requests-chart", _counts),
    ("map", _places),
    ("map-places", _places),
    ("map-data", _places),
    ("request-prices", _work),
    ("shipyard-returns", _returns),
    ("events-told", _events),
    ("settings", _chosen),
    ("settings-changes", _chosen),
    ("galaxy-systems", _stars),
    ("galaxy-data", _stars),
    ("finance-results", _work),
    ("finance-spans", _work),
    ("finance-reconciliation", _money),
    ("ledger-entries", _work),
    ("behaviours-compared", _work),
    ("eras-compared", _eras),
    ("eras-chart", _eras),
    ("mining:sites", _sites),
    ("mining:sessions", _sites),
    ("mining:surveys", _surveys),
    ("mining:extractions", _extractions),
    ("mining:harvest", _extractions),
    ("mining:jettisons", _jettisons),
    ("inventory:holdings", _stock),
    ("inventory:depots", _stock),
    ("inventory:loops", _loops),
    ("inventory:pickups", _pickups),
    ("inventory:transfers", _transfers),
    ("inventory:drifts", _drifts),
    ("inventory:expansions", _expansions),
    ("inventory:flow-chart", _readings),
    ("allocation:queues", _requests),
    ("allocation:transitions", _requests),
    ("allocation:contracts", _contracts),
    ("allocation:reservations", _contracts),
    ("allocation:trips", _contracts),
    ("allocation:board", _contracts),
    ("sales:opportunities", _sales),
    ("sales:rejected", _rejected),
    ("sales:crowdings", _crowdings),
    ("sales:moods", _moods),
    ("sales:prices-chart", _samples),
    ("sales:page", _samples),
    ("sales:sales", _sales),
    ("sales:turnover", _money),
    ("sales:trading", _trading),
    ("sales:prices", _prices),
    ("banner", _workers),
    ("budget", _counts),
    ("traffic", _counts),
    ("happenings", _orders),
    ("worker-health", _workers),
    ("failures", _evaluators),
]


@pytest.mark.parametrize(("name", "add"), CASES, ids=[name for name, _ in CASES])
def test_more_rows_do_not_mean_more_queries(
    reader: Client, name: str, add: Callable[[Agent], None]
) -> None:
    agent = make.AgentFactory()
    add(agent)
    few = _queries(reader, reverse(name))

    for _ in range(4):
        add(agent)

    assert _queries(reader, reverse(name)) == few


@pytest.mark.parametrize("address", ["now", "log", "history", ""])
def test_ship_page_costs_the_same_in_a_long_life(reader: Client, address: str) -> None:
    ship = make.ShipFactory(symbol="MAGPIE-1")
    session = make.SessionFactory(ship=ship, site__agent=ship.agent)
    parameters.forget()
    few = _queries(reader, f"/fleet/MAGPIE-1/{address}{'/' if address else ''}")

    make.ExtractionFactory.create_batch(5, session=session)
    make.TransferFactory.create_batch(3, giver=ship)
    make.LedgerEntryFactory.create_batch(5, agent=ship.agent, ship=ship)
    make.LogLineFactory.create_batch(5, ship=ship)
    make.SessionFactory.create_batch(2, ship=ship, site=session.site, ended_at=NOON)
    parameters.forget()

    assert _queries(reader, f"/fleet/MAGPIE-1/{address}{'/' if address else ''}") == few


def _queries(reader: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        reader.get(address, headers=HTMX)
    return len(seen)
