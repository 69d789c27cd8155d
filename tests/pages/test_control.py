"""Control from the pages: verbs with their cost, roles, parameters, nodes; written down, undone."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from fleet.models import Agent, Control, Parameter, Ship
from fleet.params import PurchaseParams
from fleet.services import parameters
from spacefleet import clock, jobs
from spacefleet.cockpit.verbs import VERBS
from spacefleet.models import AuditEntry, Node
from spacefleet.parameters import describe
from tests import factories as make
from tests.factories import HOUR, NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def ship(db: None) -> Ship:
    return make.ShipFactory(symbol="MAGPIE-1", agent__symbol="MAGPIE", roles=["miner"])


def say(keeper: Client, verb: str, subject: str = "", **fields: Any) -> Any:
    return keeper.post(f"{reverse('say', args=[verb])}{subject}", fields)


def newest() -> AuditEntry:
    entry = AuditEntry.objects.order_by("-pk").first()
    assert entry is not None
    return entry


def undo(keeper: Client, entry: AuditEntry) -> Any:
    return keeper.post(reverse("undo"), {"entry": entry.pk}, follow=True)


# verbs


@pytest.mark.parametrize("subject", ["?ship=MAGPIE-1", "?agent=MAGPIE", ""])
@pytest.mark.parametrize("verb", sorted(VERBS))
def test_each_verb_is_confirmed_with_its_effect_and_cost(
    keeper: Client, ship: Ship, verb: str, subject: str
) -> None:
    page = keeper.get(f"{reverse('say', args=[verb])}{subject}")

    kind = {"?s": "ship", "?a": "agent", "": "installation"}[subject[:2]]
    if kind not in VERBS[verb].scopes:
        assert page.status_code == 404
        return
    assertContains(page, VERBS[verb].effect.replace("'", "&#x27;"))
    assertContains(page, "It concerns 1 ship, 0 of them in flight")
    assert Control.objects.count() == 0


def test_cost_is_what_the_ship_earned_and_the_contract_it_may_miss(
    keeper: Client, ship: Ship
) -> None:
    make.LedgerEntryFactory(agent=ship.agent, ship=ship, amount=4_200, at=NOON - HOUR / 2)
    make.LedgerEntryFactory(agent=ship.agent, ship=ship, amount=900, at=NOON - 2 * HOUR)
    trip = make.TripFactory(ship=ship, contract__agent=ship.agent)
    trip.contract.status, trip.contract.deadline_at = "accepted", NOON + 3 * HOUR
    trip.contract.save()

    page = keeper.get(f"{reverse('say', args=['stop'])}?ship=MAGPIE-1")

    assertContains(page, "It earned 4,200 credits net in the last game hour")
    assertContains(page, "its deadline is in 3 h")


@pytest.mark.parametrize("subject", ["?ship=MAGPIE-1", "?agent=MAGPIE", ""])
@pytest.mark.parametrize("mode", ["pause", "drain", "recall", "stop"])
def test_an_order_holds_with_who_and_why_and_can_be_undone(
    keeper: Client, ship: Ship, mode: str, subject: str
) -> None:
    answer = say(keeper, mode, subject, why="a look at the fuel", hours="2")

    assertRedirects(answer, f"{reverse('control')}{subject}")
    row = Control.objects.get()
    assert (row.mode, row.by, row.why) == (mode, "owner", "a look at the fuel")
    assert row.until == clock.now() + timedelta(hours=2)
    assertContains(keeper.get(reverse("fleet:ships")), "by owner: a look at the fuel")

    undo(keeper, newest())

    assert Control.objects.count() == 0


def test_an_order_in_place_of_another_is_undone_to_that_one(keeper: Client, ship: Ship) -> None:
    say(keeper, "pause", "?ship=MAGPIE-1", why="first")
    say(keeper, "stop", "?ship=MAGPIE-1", why="second")

    undo(keeper, newest())

    assert [(row.mode, row.why) for row in Control.objects.all()] == [("pause", "first")]


def test_an_order_that_was_changed_since_is_not_undone(keeper: Client, ship: Ship) -> None:
    say(keeper, "pause", "?ship=MAGPIE-1")
    first = newest()
    say(keeper, "stop", "?ship=MAGPIE-1")

    page = undo(keeper, first)

    assertContains(page, "Another order was given since.")
    assert Control.objects.get().mode == "stop"


def test_nothing_is_undone_twice(keeper: Client, ship: Ship) -> None:
    say(keeper, "pause")
    entry = newest()
    undo(keeper, entry)

    assertContains(undo(keeper, entry), "It was undone already.")


def test_resume_takes_the_order_back(keeper: Client, ship: Ship) -> None:
    say(keeper, "emergency", why="prices are odd")
    assertContains(keeper.get(reverse("standing-orders")), "prices are odd")

    say(keeper, "resume")

    assert Control.objects.count() == 0
    assert newest().verb == "resumed"


def test_an_excluded_ship_is_read_anew_when_it_flies_again(keeper: Client, ship: Ship) -> None:
    say(keeper, "exclude", "?ship=MAGPIE-1")
    ship.refresh_from_db()
    assert ship.excluded

    undo(keeper, newest())

    ship.refresh_from_db()
    assert not ship.excluded
    assert ship.suspect_why == "flown again after being left alone"


def test_a_recall_goes_to_a_waypoint_that_exists(keeper: Client, ship: Ship) -> None:
    make.WaypointFactory(era=ship.agent.era, system=ship.system, symbol=f"{ship.system}-Z9")

    wrong = say(keeper, "recall", "?ship=MAGPIE-1", place="X9-NOWHERE")
    say(keeper, "recall", "?ship=MAGPIE-1", place=f"{ship.system}-z9")

    assertContains(wrong, "There is no waypoint X9-NOWHERE")
    assert Control.objects.get().place == f"{ship.system}-Z9"


@pytest.mark.parametrize(
    "address",
    [
        "/control/stop/?ship=MAGPIE-1",
        "/control/emergency/",
        "/control/exclude/?agent=MAGPIE",
        "/control/roles/MAGPIE-1/",
        "/parameters/purchases/",
        "/workers/nodes/harbour/",
    ],
)
def test_a_person_without_rights_changes_nothing(
    reader: Client, ship: Ship, address: str
) -> None:
    make.NodeFactory(name="harbour")

    assertContains(reader.get(address), "You may look.")
    answer = reader.post(address, {"do": "drain", "cash_floor": "1"})

    assert answer.status_code == 403
    assert AuditEntry.objects.count() == 0
    assert Control.objects.count() == 0


def test_a_person_with_the_right_for_orders_may_give_them(
    reader: Client, person: User, ship: Ship
) -> None:
    person.user_permissions.add(Permission.objects.get(codename="change_control"))

    say(reader, "pause")
    undo(reader, newest())

    assert [entry.verb for entry in AuditEntry.objects.order_by("pk")] == ["pause", "resumed"]


def test_without_the_token_of_the_form_nothing_is_changed(owner: User, ship: Ship) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner)

    assert strict.post("/control/emergency/").status_code == 403
    assert Control.objects.count() == 0


# roles


def test_chosen_roles_are_pinned_and_the_choice_can_be_undone(
    keeper: Client, ship: Ship
) -> None:
    fields = {"roles_0": "scout", "roles_1": "miner"}
    keeper.post(reverse("roles", args=["MAGPIE-1"]), fields)
    ship.refresh_from_db()
    assert (ship.roles, ship.role_pinned, ship.wake_at) == (["scout", "miner"], True, NOON)

    undo(keeper, newest())

    ship.refresh_from_db()
    assert (ship.roles, ship.role_pinned) == (["miner"], False)


# parameters


def in_force(**scope: Any) -> int:
    parameters.forget()
    return parameters.resolve(PurchaseParams, "purchases", **scope).cash_floor


def test_a_parameter_is_chosen_for_everything_an_agent_and_a_ship(
    keeper: Client, ship: Ship
) -> None:
    for subject, value in (("", 1_000), ("?agent=MAGPIE", 2_000), ("?ship=MAGPIE-1", 3_000)):
        keeper.post(f"/parameters/purchases/{subject}", {"cash_floor": value})

    assert in_force() == 1_000
    assert in_force(agent=ship.agent) == 2_000
    assert in_force(ship=ship) == 3_000


def test_an_emptied_field_follows_the_wider_scope_again(keeper: Client, ship: Ship) -> None:
    make.ParameterFactory(value="777")
    make.ParameterFactory(value="888", agent=ship.agent)

    keeper.post("/parameters/purchases/?agent=MAGPIE", {"cash_floor": ""})

    assert in_force(agent=ship.agent) == 777
    assert newest().before == "888"


def test_a_wrong_value_says_what_is_allowed_and_changes_nothing(keeper: Client) -> None:
    page = keeper.post("/parameters/purchases/", {"cash_floor": "-5", "share": "lots"})

    assertContains(page, "cash_floor must be at least 0 credits.")
    assertContains(page, "share must be")
    assert Parameter.objects.count() == 0


def test_a_parameter_is_undone_to_what_was_chosen_before(keeper: Client, ship: Ship) -> None:
    keeper.post("/parameters/purchases/", {"cash_floor": "1000"})
    keeper.post("/parameters/purchases/", {"cash_floor": "2000"})

    undo(keeper, newest())

    assert in_force() == 1_000


def test_saving_an_unchanged_form_writes_nothing_down(keeper: Client) -> None:
    make.ParameterFactory(value="777")

    keeper.post("/parameters/purchases/", {"cash_floor": "777"})

    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize("behaviour", sorted(jobs.PARAMETERS))
def test_each_behaviour_has_a_form_with_meaning_unit_and_limits(
    keeper: Client, behaviour: str
) -> None:
    form = keeper.get(reverse("tune", args=[behaviour])).context["form"]

    for spec in describe(behaviour):
        assert spec.meaning == form.fields[spec.name].spec.meaning
        assert "default" in form.fields[spec.name].help_text
    assert len(form.fields) == len(describe(behaviour))


# nodes


@pytest.mark.parametrize(("do", "drained"), [("drain", True), ("fly", False)])
def test_a_node_is_drained_and_flies_again(keeper: Client, do: str, drained: bool) -> None:
    make.NodeFactory(name="harbour", drain=not drained)

    keeper.post("/workers/nodes/harbour/", {"do": do})

    assert Node.objects.get().drain is drained


def test_a_node_is_asked_to_start_its_workers_anew(keeper: Client) -> None:
    make.NodeFactory(name="harbour")

    keeper.post("/workers/nodes/harbour/", {"do": "restart"})

    assert Node.objects.get().restart
    assertContains(keeper.get(reverse("worker-health")), "restarting")


# the page


def test_page_lists_what_holds_and_what_was_changed(keeper: Client, ship: Ship) -> None:
    make.ControlFactory(agent=ship.agent, why="the market is odd")
    make.ControlFactory(ship=ship, why="long over", until=NOON - HOUR)

    page = keeper.get(reverse("control"))

    assertContains(page, "the market is odd")
    assertNotContains(page, "long over")


def test_undoing_a_change_of_a_ship_that_left_says_so(keeper: Client, ship: Ship) -> None:
    say(keeper, "exclude", "?ship=MAGPIE-1")
    entry = newest()
    Ship.objects.all().delete()

    assertContains(undo(keeper, entry), "It does not exist any more.")
    assert Agent.objects.count() == 1


# watching only


@pytest.mark.parametrize(
    ("subject", "badge"),
    [("", "watching only: everything"), ("?agent=MAGPIE", "watching only: some of it")],
)
def test_whoever_only_watches_has_a_badge_on_every_page(
    keeper: Client, ship: Ship, subject: str, badge: str
) -> None:
    say(keeper, "watch", subject, why="a trial")
    make.LaneFactory()

    assertContains(keeper.get(reverse("overview")), badge)
    ships = keeper.get(reverse("fleet:squadrons"))
    assertContains(ships, "a trial: nothing of the game is changed")


def test_pausing_what_watches_says_that_it_acts_again(keeper: Client, ship: Ship) -> None:
    say(keeper, "watch", "?agent=MAGPIE")

    page = keeper.get(f"{reverse('say', args=['pause'])}?agent=MAGPIE")

    assertContains(page, "calls that change the game go out again")
