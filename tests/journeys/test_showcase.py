"""A fleet of every role earns on its own (scenario showcase, virtual time)."""

import pytest
from django.db.models import Min, Q

from allocation.models import Claim, ResourceRequest
from fleet.models import Agent, Evaluator, LedgerEntry, Ship, ShipOrder
from inventory.models import Depot, Stock, Transfer
from mining.models import Extraction
from sales.models import Sale
from spacefleet.models import Alert, RequestCount
from spacefleet.spacetraders import Client

CLAIMED = Q(transitions__after=ResourceRequest.Status.CLAIMED)
FULL_HANDS = (4000, 4217, 4218, 4219, 4271, 4604)  # errors that mean we misjudged our own ships

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(240)]


def test_every_part_of_the_pipeline_has_acted(showcase):
    acted = showcase.brought["acted"]

    assert all(count > 0 for count in acted.values()), acted


def test_every_role_is_manned(showcase):
    roles = {role for ship in Ship.objects.all() for role in ship.roles}

    assert roles >= {
        "miner",
        "surveyor",
        "transport",
        "depot",
        "trader",
        "courier",
        "scout",
        "starter",
    }


def test_net_worth_has_grown(showcase):
    assert showcase.brought["net_worth_end"] > showcase.brought["net_worth_start"]


def test_ledger_equals_the_credits_of_the_game(showcase):
    agent = Agent.objects.get()

    booked = sum(LedgerEntry.objects.values_list("amount", flat=True))

    assert booked == agent.credits == showcase.play.world.agents[agent.symbol].credits
    assert agent.drift == 0


def test_books_equal_the_holds_of_the_game(showcase):
    told = showcase.play.world.ships

    for depot in Depot.objects.all():
        booked = {row.good: row.units for row in Stock.objects.filter(depot=depot) if row.units}
        assert booked == {g: u for g, u in told[depot.ship.symbol].cargo.items() if u}
    for ship in Ship.objects.all():
        assert {g: u for g, u in ship.cargo.items() if u} == {
            g: u for g, u in told[ship.symbol].cargo.items() if u
        }


def test_promises_equal_open_claims(showcase):
    for stock in Stock.objects.all():
        claims = Claim.objects.filter(stock=stock, released_at__isnull=True)
        promised = sum(claim.units - claim.withdrawn for claim in claims)
        assert stock.promised == promised


def test_nothing_failed(showcase):
    assert showcase.brought["errors"] == []
    assert not Ship.objects.exclude(last_error="").exists()
    assert not Evaluator.objects.exclude(last_error="").exists()
    assert not Alert.objects.open().filter(level="error").exists()


def test_game_never_had_to_refuse_what_our_rows_should_have_known(showcase):
    refused = RequestCount.objects.filter(status__gte=400, status__lt=500).exclude(status=429)

    assert list(refused.values_list("purpose", "endpoint", "status", "count")) == []


def test_nobody_overtakes_in_the_queue(showcase):
    for good in set(ResourceRequest.objects.values_list("good", flat=True)):
        served = ResourceRequest.objects.filter(
            good=good, transitions__after=ResourceRequest.Status.CLAIMED
        ).annotate(first=Min("transitions__at", filter=CLAIMED))  # a claim may be returned
        order = [row.pk for row in served.order_by("created_at", "pk")]
        claimed = [row.pk for row in served.order_by("first", "created_at", "pk")]
        assert claimed == order, good


def test_ships_are_bought_once_and_at_a_known_price(showcase):
    bought = ShipOrder.objects.filter(status=ShipOrder.Status.BOUGHT)

    assert bought.count() == Ship.objects.count() - 2
    for order in bought:
        paid = LedgerEntry.objects.get(ship=order.ship, kind=LedgerEntry.Kind.SHIP)
        assert -paid.amount == order.price == order.ship.price_paid


def test_every_ship_says_why(showcase):
    assert all(ship.why for ship in Ship.objects.all())


def test_one_load_of_ore_can_be_followed_from_the_rock_to_the_ledger(showcase):
    """Extraction → transport → depot → stock → request → claim → withdrawal → sale → ledger."""
    sale = (
        Sale.objects.filter(units_sold__gt=0, good__endswith="_ORE", status=Sale.Status.DONE)
        .order_by("pk")
        .first()
    )
    assert sale is not None
    request = sale.request
    claim = Claim.objects.filter(request=request, withdrawn__gt=0).first()
    withdrawal = Transfer.objects.filter(
        kind="withdraw", reference=claim.pk, status="confirmed"
    ).first()
    deposit = Transfer.objects.filter(
        kind="deposit",
        receiver=claim.stock.depot.ship,
        good=sale.good,
        status="confirmed",
        at__lt=withdrawal.at,
    ).first()
    collected = Transfer.objects.filter(
        kind="collect",
        receiver=deposit.giver,
        good=sale.good,
        status="confirmed",
        at__lt=deposit.at,
    ).first()
    load = Extraction.objects.filter(
        ship=collected.giver, good=sale.good, at__lt=collected.at
    ).first()
    credited = LedgerEntry.objects.filter(session=sale.pk, good=sale.good, kind="sale")

    assert load.at < collected.at < deposit.at <= request.created_at
    assert request.created_at <= request.claimed_at <= withdrawal.at <= credited[0].at
    assert claim.stock.good == sale.good
    assert withdrawal.receiver == sale.ship
    assert sum(entry.units for entry in credited) == sale.units_sold
    assert sum(entry.amount for entry in credited) == sale.realised
    passed = [row.after for row in request.transitions.order_by("pk")]
    assert (passed[:2], passed[-1]) == (["queued", "claimed"], "fulfilled")


def test_game_agrees_when_it_is_asked_at_the_end(showcase):
    agent = Agent.objects.get()
    client = Client(agent.token, base_url=agent.era.server, transport=showcase.play.transport)

    assert client.get_my_agent().credits == agent.credits
