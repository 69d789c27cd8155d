"""The behaviours of a player's log (mining.loops.logged): no depot, no transport."""

import pytest

from allocation.models import Contract
from fleet.models import Evaluator, LedgerEntry, MarketGood, Ship, Vacancy, Waypoint
from inventory.models import Pickup, Transfer
from mining.services import sites
from spacefleet import clock
from tests.factories import ContractFactory, ParameterFactory, SiteFactory


@pytest.fixture
def giant(crew):
    """An open site at the gas giant, whose station buys what it gives."""
    MarketGood.objects.filter(waypoint__era=crew.agent.era).exclude(kind="EXPORT").update(
        we_receive=50, we_pay=60, trade_volume=60, supply="MODERATE", seen_at=clock.now()
    )
    place = Waypoint.objects.get(era=crew.agent.era, type="GAS_GIANT")
    return SiteFactory(agent=crew.agent, waypoint=place, kind="siphon")


def drone(crew, site, role, **cargo):
    ship = crew.commission(
        "SHIP_SIPHON_DRONE",
        site.waypoint.symbol,
        docked=False,
        cargo=cargo,
        roles=(role,),
        place=site.waypoint.symbol,
    )
    crew.fly(ship)
    return ship


def receiver(crew, site, **cargo):
    ship = crew.commission(
        "SHIP_LIGHT_SHUTTLE",
        site.waypoint.symbol,
        docked=False,
        cargo=cargo,
        roles=("receive_and_fulfill",),
        place=site.waypoint.symbol,
    )
    crew.fly(ship)
    return ship


def sold(crew):
    return sum(each["units"] for each in crew.log("sell"))


def test_a_ship_digs_sells_and_comes_back(crew, giant):
    drone(crew, giant, "extract_and_sell")

    crew.run(3_600)

    kinds = {entry.ship_id for entry in LedgerEntry.objects.filter(kind="sale")}
    assert len(kinds) == 1
    assert sold(crew) > 15, "it came back and sold a second load"
    assert not Transfer.objects.exists()
    assert crew.differences() == {}


def test_a_ship_hands_over_to_the_receiver_at_the_rock(crew, giant):
    giver = drone(crew, giant, "extract_and_transfer", LIQUID_HYDROGEN=15)
    taker = receiver(crew, giant)

    crew.run(10)

    giver.refresh_from_db()
    taker.refresh_from_db()
    given = Transfer.objects.filter(status="confirmed", giver=giver).order_by("pk").first()
    assert (given.good, given.units) == ("LIQUID_HYDROGEN", 15)
    assert taker.cargo["LIQUID_HYDROGEN"] >= 15
    assert crew.differences() == {}


@pytest.mark.parametrize(
    ("role", "waits"), [("extract_and_transfer", True), ("extract_and_transfer_or_sell", False)]
)
def test_without_a_receiver_a_full_ship_waits_or_sells(crew, giant, role, waits):
    ship = drone(crew, giant, role, LIQUID_HYDROGEN=15)

    crew.run(1_500)

    ship.refresh_from_db()
    assert Pickup.objects.exists() is waits
    assert (sold(crew) == 0) is waits
    if waits:
        assert ship.why == "full, waiting for a receiver"
        assert crew.line.asked == [], "it costs no requests to wait"


def test_an_arriving_receiver_is_served_by_those_who_wait(crew, giant):
    drone(crew, giant, "extract_and_transfer", LIQUID_HYDROGEN=15)
    crew.run(5)

    taker = receiver(crew, giant)
    crew.run(30)

    taker.refresh_from_db()
    assert taker.cargo.get("LIQUID_HYDROGEN") == 15
    assert not Pickup.objects.filter(ended_at__isnull=True).exists()


def test_a_loaded_receiver_serves_the_contract_first_and_sells_the_rest(crew, giant):
    market = crew.market("LIQUID_HYDROGEN", "IMPORT")
    contract = next(iter(crew.player.contracts.values()))
    contract.good, contract.destination, contract.units = "LIQUID_HYDROGEN", market, 10
    contract.accepted = True
    row = ContractFactory(
        agent=crew.agent,
        game_id=contract.id,
        good="LIQUID_HYDROGEN",
        destination=market,
        units_required=10,
        on_accepted=0,
        on_fulfilled=contract.on_fulfilled,
        status=Contract.Status.ACCEPTED,
    )
    taker = receiver(crew, giant, LIQUID_HYDROGEN=38)

    crew.run(7_200)

    row.refresh_from_db()
    assert row.units_fulfilled == 10
    assert row.status == Contract.Status.FULFILLED
    assert sold(crew) == 28
    taker.refresh_from_db()
    assert taker.place == giant.waypoint.symbol
    assert crew.differences() == {}


def test_a_receiver_that_died_while_it_took_goes_on_where_it_was(crew, giant):
    drone(crew, giant, "extract_and_transfer", LIQUID_HYDROGEN=15)
    receiver(crew, giant)
    crew.line.kill("POST */transfer")

    crew.run_until_killed(30)
    crew.run(600)

    assert Transfer.objects.filter(status="confirmed").exists()
    assert crew.differences() == {}


@pytest.mark.parametrize(
    ("behaviour", "roles"),
    [
        ("pipeline", {"miner", "surveyor"}),
        ("extract_and_sell", {"extract_and_sell", "surveyor"}),
        (
            "extract_and_transfer",
            {"extract_and_transfer", "receive_and_fulfill", "surveyor"},
        ),
        (
            "extract_and_transfer_or_sell",
            {"extract_and_transfer_or_sell", "receive_and_fulfill", "surveyor"},
        ),
    ],
)
def test_an_owner_or_the_lab_fills_the_fleet_with_a_behaviour(crew, giant, behaviour, roles):
    ParameterFactory(behaviour="sites", name="behaviour", value=behaviour)

    sites.open_sites(crew.agent)

    stated = Vacancy.objects.filter(agent=crew.agent, stated_by="mining")
    assert {row.role for row in stated} == roles
    assert Ship.objects.exists()
    assert not Evaluator.objects.exists()
