"""The soak's own eyes: what was lost, doubled or repeated blindly is seen (spacefleet.soak)."""

import pytest

from fleet.models import LedgerEntry
from fleet.services import cargo, sync
from mining.models import Extraction
from spacefleet.soak import books
from spacefleet.soak.health import lasting
from spacefleet.soak.plan import POSTGRES, PROFILES, SQLITE, Dice, Plan
from spacefleet.soak.stage import Voices
from spacefleet.soak.witness import Witness
from spacefleet.spacetraders import errors
from spacefleet.universe.faults import Faults


@pytest.fixture
def seller(crew):
    """A ship that has just sold ten of its thirty units, and all books of it."""
    place = crew.market("IRON_ORE", "IMPORT")
    ship = crew.commission("SHIP_LIGHT_SHUTTLE", place, cargo={"IRON_ORE": 30})
    crew.log_of = lambda: [each for each in crew.world.log if each.action != "grant"]
    cargo.sell(ship, "IRON_ORE", 10, api=crew.api)
    return ship


def test_books_that_agree_say_nothing(crew, seller):
    log = crew.log_of()

    assert books.rows(crew.agent)[("sale", seller.symbol, "IRON_ORE", 10, _price(crew))] == 1
    assert books.doubled(crew.agent, books.events(log)) == []
    assert [
        each for each in books.missing(crew.agent, books.events(log)) if "offer" not in each
    ] == []
    assert books.balance(crew.agent, crew.world) == {}
    assert books.holds(crew.agent, crew.world) == {}


def _price(crew):
    return crew.log("sell")[0]["price"]


def test_a_sale_booked_twice_is_seen(crew, seller):
    entry = LedgerEntry.objects.get(kind="sale")
    entry.pk = None
    entry.save()

    assert len(books.doubled(crew.agent, books.events(crew.log_of()))) == 1
    assert "the sum of the ledger" in books.balance(crew.agent, crew.world)


def test_a_sale_nobody_booked_is_seen(crew, seller):
    LedgerEntry.objects.filter(kind="sale").delete()

    said = [
        each
        for each in books.missing(crew.agent, books.events(crew.log_of()))
        if "sale" in each
    ]
    assert len(said) == 1
    assert f"sale {seller.symbol} IRON_ORE 10" in said[0]


def test_a_hold_that_differs_is_seen(crew, seller):
    sync.write(seller, cargo={"IRON_ORE": 21}, cargo_units=21)

    assert list(books.holds(crew.agent, crew.world)) == [f"cargo of {seller}"]
    assert Extraction.objects.count() == 0


def test_what_differs_for_a_moment_does_not_last():
    looks = iter([{"a": "1", "b": "2"}, {"b": "3"}, {"b": "4", "c": "5"}])

    def differ():
        return next(looks, {"b": "6"})

    assert lasting(differ, 0.7) == ["b 6"]


def test_a_change_repeated_without_a_look_is_seen(crew, seller):
    witness = Witness(crew.world)
    crew.line.inner.world = witness
    api = crew.api
    crew.world.faults.add("POST */sell lost 1")

    with pytest.raises(errors.OutcomeUnknown):
        api.sell(seller.symbol, "IRON_ORE", 5)
    api.sell(seller.symbol, "IRON_ORE", 5)

    assert witness.blind == [
        f"POST /my/ships/{seller.symbol}/sell after POST /my/ships/{seller.symbol}/sell (lost)"
    ]
    assert witness.spoiled == 1
    assert [each.action for each in witness.log] == ["sell", "sell"]


def test_a_change_repeated_after_a_look_is_well(crew, seller):
    witness = Witness(crew.world)
    crew.line.inner.world = witness
    crew.world.faults.add("POST */sell lost 1")

    with pytest.raises(errors.OutcomeUnknown):
        crew.api.sell(seller.symbol, "IRON_ORE", 5)
    crew.api.get_ship(seller.symbol)
    crew.api.sell(seller.symbol, "IRON_ORE", 5)

    assert witness.blind == []


def test_errors_are_heard_unless_a_break_explains_them(tmp_path):
    voices = Voices(tmp_path / "log")
    at = "2026-11-22 04:03:36,149"
    voices.lines = [
        f"{at} CRITICAL django-q: reincarnated worker Process-36 after death",
        f"{at} WARNING fleet: refused",
        f"{at} ERROR   fleet.engine.steps: SOAK-1 failed in its step",
        "Traceback (most recent call last):",
        "ZeroDivisionError: a mistake of ours",
        f"{at} ERROR   django-q: scheduler",
        "Traceback (most recent call last):",
        "django.db.utils.OperationalError: the connection is lost",
    ]

    assert voices.errors() == [
        "fleet.engine.steps: SOAK-1 failed in its step: ZeroDivisionError: a mistake of ours"
    ]


def plan(tmp_path, **given):
    told = {
        "hours": 1.0,
        "profile": "full",
        "kills": None,
        "seed": 5,
        "speed": 10.0,
        "scenario": "late_fleet",
        "database": SQLITE,
        "port": 0,
        "database_port": 0,
        "folder": tmp_path,
        "limit": 45.0,
        "settle": 1,
    }
    return Plan(**{**told, **given})


def drawn(chosen, count=200):
    troubles = Dice(chosen).troubles()
    return [next(troubles) for _ in range(count)]


def test_the_same_seed_draws_the_same_trouble(tmp_path):
    assert drawn(plan(tmp_path)) == drawn(plan(tmp_path))
    assert drawn(plan(tmp_path)) != drawn(plan(tmp_path, seed=6))


@pytest.mark.parametrize(
    ("database", "comes", "never"),
    [(SQLITE, "disk full", "database away"), (POSTGRES, "database away 15 s", "disk full")],
)
def test_trouble_fits_the_database(tmp_path, database, comes, never):
    found = set(drawn(plan(tmp_path, database=database)))

    assert comes in found
    assert not any(each.startswith(never) for each in found)


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
@pytest.mark.parametrize("name", PROFILES)
def test_the_server_s_trouble_is_of_the_share_it_says(name, method):
    faults = Faults(seed=5)
    for rule in PROFILES[name].rules():
        faults.add(rule)

    struck = sum(faults.pick(method, "/my/ships/A-1") is not None for _ in range(5_000))

    assert struck / 50 == pytest.approx(PROFILES[name].server, abs=1.5)
