"""Finding things by name, and taking whole tables away."""

import csv
import io
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains

from fleet.models import LedgerEntry
from spacefleet.books.tables import CHUNK, TABLES, cell
from spacefleet.navigation import GROUPS
from tests import factories as make
from tests.docs.shelf import APPS
from tests.factories import HOUR, NOON
from tests.pages.scenes import busy_day

pytestmark = pytest.mark.django_db


def search(client: Client, words: str, **more: str) -> Any:
    return client.get(reverse("search"), {"q": words, **more})


def rows(client: Client, table: str, **query: str) -> list[dict[str, str]]:
    answer: Any = client.get(reverse("table", args=[table]), query)
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("words", ["magpie-1", "miner", "B7 cooling", "drone"])
def test_ships_are_found_by_symbol_type_role_place_and_reason(
    reader: Client, words: str
) -> None:
    magpie = make.ShipFactory(
        symbol="MAGPIE-1",
        type="SHIP_MINING_DRONE",
        roles=["miner"],
        waypoint="X1-AA1-B7",
        why="cooling down",
    )
    make.ShipFactory(
        agent=magpie.agent,
        symbol="ROOK-2",
        type="SHIP_PROBE",
        roles=["scout"],
        waypoint="X1-AA1-C1",
        why="rests",
    )

    page = search(reader, words)

    assertContains(page, reverse("ship", args=["MAGPIE-1"]))
    assertNotContains(page, "ROOK-2")


def test_waypoints_goods_and_contracts_are_found_too(reader: Client) -> None:
    agent = make.AgentFactory()
    place = make.WaypointFactory(era=agent.era, symbol="X1-AA1-Z9", traits=["IRON_DEPOSITS"])
    make.MarketGoodFactory(waypoint=place, good="IRON_ORE", we_pay=None, we_receive=None)
    make.ContractFactory(agent=agent, good="IRON_ORE", judgement="pays well")

    found = search(reader, "iron").context["found"]

    assert [one.symbol for one in found.waypoints.rows] == ["X1-AA1-Z9"]
    assert [(one["good"], one["least"]) for one in found.goods.rows] == [("IRON_ORE", None)]
    assert [one.good for one in found.contracts.rows] == ["IRON_ORE"]


def test_search_is_narrowed_to_the_chosen_agent(reader: Client) -> None:
    magpie = make.AgentFactory(symbol="MAGPIE")
    make.ShipFactory(agent=magpie, symbol="MAGPIE-1", why="rests")
    rook = make.AgentFactory(symbol="ROOK", era=magpie.era)
    make.ShipFactory(agent=rook, symbol="ROOK-1", why="rests")

    assertContains(search(reader, "rests"), "ROOK-1")
    assertNotContains(search(reader, "rests", agent="MAGPIE"), "ROOK-1")


@pytest.mark.parametrize(
    ("words", "said"), [("", "Finds ships"), ("x", "At least 2"), ("zzz", "Nothing has")]
)
def test_a_search_that_finds_nothing_says_what_to_do(
    reader: Client, words: str, said: str
) -> None:
    assertContains(search(reader, words), said)


def test_a_search_asks_as_much_for_many_ships_as_for_one(
    reader: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    make.ShipFactory.create_batch(60, agent=make.AgentFactory(), why="rests")

    with django_assert_max_num_queries(20):
        page = search(reader, "rests")

    assertContains(page, "50 of more")


def test_every_table_has_a_line_for_each_of_its_rows(keeper: Client) -> None:
    busy_day()

    for name, table in TABLES.items():
        found = rows(keeper, name)
        assert len(found) == table.model._default_manager.count(), name
        assert all(list(row) == list(table.columns) for row in found)


NO_TABLE = {
    "fleet.Account", "fleet.Agent", "fleet.Control", "fleet.Earmark", "fleet.Era", "fleet.Lane",
    "fleet.Material", "fleet.Novelty", "fleet.Parameter", "fleet.Wish", "inventory.Depot",
    "inventory.Loop", "allocation.Claim", "allocation.Transition", "sales.Rung",
    "spacefleet.AlertSwitch", "spacefleet.Canary", "spacefleet.Comparison", "spacefleet.Delivery",
    "spacefleet.LabRun", "spacefleet.Node", "spacefleet.TourEnd", "spacefleet.Viewer",
}  # fmt: skip
"""A few rows, or parts of rows that have a table; results of the lab come as JSON."""


def test_every_list_can_be_taken_away() -> None:
    ours = {
        model._meta.label
        for app in apps.get_app_configs()
        if app.name.split(".")[0] in APPS
        for model in app.get_models()
    }

    assert ours - {table.model._meta.label for table in TABLES.values()} == NO_TABLE


def test_every_table_is_linked_from_a_page(keeper: Client) -> None:
    busy_day()
    pages = [keeper.get(reverse(name)) for group in GROUPS.values() for _, name in group]
    linked = {name for name in TABLES for page in pages if f"/tables/{name}.csv" in page.text}

    assert linked == set(TABLES)


def test_names_stand_for_keys_and_unknown_is_empty(keeper: Client) -> None:
    make.ShipFactory(symbol="MAGPIE-1", agent__symbol="MAGPIE", lost_at=None, seen_at=NOON)

    (row,) = rows(keeper, "ships")

    assert (row["agent"], row["symbol"], row["lost_at"]) == ("MAGPIE", "MAGPIE-1", "")
    assert row["seen_at"] == NOON.isoformat()


def test_a_table_takes_the_filters_of_its_page(keeper: Client) -> None:
    agent = make.AgentFactory(symbol="MAGPIE")
    for good, age in (("ICE", HOUR / 2), ("ICE", 3 * HOUR), ("FUEL", HOUR / 2)):
        make.LedgerEntryFactory(agent=agent, good=good, at=NOON - age)

    page = keeper.get(reverse("ledger"), {"period": "hour", "good": "ICE"})

    assertContains(page, "/tables/ledger.csv?period=hour&amp;good=ICE")
    assert len(rows(keeper, "ledger", period="hour", good="ICE")) == 1
    assert len(rows(keeper, "ledger")) == 3


def test_more_rows_than_are_read_at_once_all_come(keeper: Client) -> None:
    agent = make.AgentFactory()
    LedgerEntry.objects.bulk_create(
        LedgerEntry(agent=agent, at=NOON, kind=LedgerEntry.Kind.SALE, amount=n)
        for n in range(CHUNK + 1)
    )

    assert len(rows(keeper, "ledger")) == CHUNK + 1


def test_a_table_needs_the_permission_to_view_its_rows(reader: Client) -> None:
    assert reader.get(reverse("table", args=["ledger"])).status_code == 403


def test_a_table_nobody_knows_is_not_there(keeper: Client) -> None:
    assert keeper.get(reverse("table", args=["tokens"])).status_code == 404


def test_text_of_strangers_is_no_formula() -> None:
    assert cell("=1+1") == "'=1+1"
    assert cell(-5) == -5
