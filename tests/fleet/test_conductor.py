"""Manning roles and buying what is missing (fleet.conductor, fleet.services.roster)."""

import pytest

from fleet import conductor
from fleet.models import Ship, ShipOrder, Vacancy, Waypoint, Wish
from fleet.services import roster, treasury, vacancies
from fleet.services.vacancies import Wanted
from spacefleet import clock
from tests.factories import ParameterFactory, ShipFactory, VacancyFactory

DRONE, SHUTTLE, PROBE = "SHIP_MINING_DRONE", "SHIP_LIGHT_SHUTTLE", "SHIP_PROBE"


def conduct(crew):
    return conductor.conduct(crew.agent, api=crew.api)


def posts(crew, role):
    return list(
        crew.ships().filter(roles__0=role).order_by("pk").values_list("symbol", "place")
    )


@pytest.fixture
def yard(crew):
    """The yard that sells drones, with our probe beside it."""
    found = Waypoint.objects.filter(era=crew.agent.era, offers__ship_type=DRONE).first()
    crew.put(crew.ships().get(symbol="CREW-2"), found.symbol)
    Ship.objects.update(excluded=False)
    return found


@pytest.fixture
def rock(crew):
    return crew.place("ASTEROID")


def miners(crew, rock, wanted, **more):
    return VacancyFactory(
        agent=crew.agent,
        place=rock,
        wanted=wanted,
        filled=0,
        rank=45,
        **{"ship_type": DRONE} | more,
    )


def settled(crew, yard, place):
    """A depot that stands at its place."""
    ship = crew.commission(SHUTTLE, place, roles=("depot",))
    Ship.objects.filter(pk=ship.pk).update(place=place)
    return ship


# manning


def test_the_first_ships_mine_by_themselves_and_look(crew, yard):
    said = conduct(crew)

    frigate, probe = crew.ships().order_by("pk")
    assert frigate.roles == ["courier", "merchant", "trader", "starter"]
    assert probe.roles == ["scout"]
    assert "alone" in said


def test_the_all_round_ship_hands_over_what_others_do(crew, yard):
    VacancyFactory(agent=crew.agent, role="trader", place="", needs="hold", wanted=1)
    shuttle = crew.commission(SHUTTLE, yard.symbol)

    conduct(crew)

    assert crew.frigate.roles == ["courier", "merchant", "starter"]
    assert crew.ships().get(pk=shuttle.pk).roles == ["trader", "merchant"]


def test_a_vacancy_for_merchants_takes_no_ship_from_its_work(crew, yard):
    VacancyFactory(agent=crew.agent, role="merchant", place="", needs="spare", rank=1, wanted=2)
    VacancyFactory(agent=crew.agent, role="depot", place="", needs="hold", rank=90, wanted=1)
    depot = crew.commission(SHUTTLE, yard.symbol, roles=("depot",))
    free = crew.commission(SHUTTLE, yard.symbol)

    conduct(crew)

    assert crew.ships().get(pk=depot.pk).roles == ["depot"]
    assert crew.ships().get(pk=free.pk).roles == ["merchant"]


def test_a_merchant_sells_its_load_before_it_gets_other_work(crew, yard):
    VacancyFactory(agent=crew.agent, role="transport", place="", needs="hold", wanted=2)
    laden = crew.commission(SHUTTLE, yard.symbol, roles=("merchant",), cargo={"FOOD": 5})
    empty = crew.commission(SHUTTLE, yard.symbol, roles=("merchant",))

    conduct(crew)

    assert crew.ships().get(pk=laden.pk).roles == ["merchant"]
    assert crew.ships().get(pk=empty.pk).roles == ["transport"]


def test_no_ship_is_bought_from_the_capital_that_others_trade_with(crew, yard, rock):
    miners(crew, rock, 1)
    treasury.earmark(crew.agent, "trading", 150_000, why="a ship trades with it")
    crew.commission("SHIP_PROBE", yard.symbol)

    conduct(crew)

    order = ShipOrder.objects.get(role="miner")
    assert order.status == ShipOrder.Status.OPEN
    assert "cash floor of 170,000" in order.verdict


def test_ships_that_can_fill_a_post_are_sent_there(crew, yard, rock):
    miners(crew, rock, 2)
    drones = [crew.commission(DRONE, yard.symbol) for _ in range(3)]

    conduct(crew)

    assert [place for _, place in posts(crew, "miner")] == [rock, rock]
    assert Vacancy.objects.get(role="miner").filled == 2
    roles = Ship.objects.filter(pk__in=[drone.pk for drone in drones])
    assert sorted(roles.values_list("roles", flat=True)) == [[], ["miner"], ["miner"]]
    assert not ShipOrder.objects.filter(role="miner").exists()


def test_a_ship_at_its_post_is_not_switched_for_a_newer_one(crew, yard, rock):
    miners(crew, rock, 1)
    first = crew.commission(DRONE, yard.symbol)
    conduct(crew)
    crew.commission(DRONE, yard.symbol)

    conduct(crew)

    assert posts(crew, "miner") == [(first.symbol, rock)]


@pytest.mark.parametrize("role", conductor.LENT)
def test_a_ship_that_is_lent_is_free_when_nobody_wants_it_any_more(crew, yard, rock, role):
    ship = crew.commission(SHUTTLE, yard.symbol, roles=(role,), place=rock)
    wanted = VacancyFactory(
        agent=crew.agent, role=role, place=rock, needs="hold", wanted=1, rank=40, ship_type=""
    )
    conduct(crew)
    assert Ship.objects.get(pk=ship.pk).roles == [role]

    wanted.delete()
    conduct(crew)

    assert Ship.objects.get(pk=ship.pk).roles == []


def test_a_depot_that_stands_fills_no_vacancy_elsewhere(crew, yard):
    here, there = yard.symbol, crew.place("ASTEROID")
    depot = settled(crew, yard, here)
    for place, rank in ((there, 20), (here, 55)):
        VacancyFactory(
            agent=crew.agent,
            role="depot",
            place=place,
            needs="hold",
            rank=rank,
            wanted=1,
            ship_type="",
        )

    conduct(crew)

    assert posts(crew, "depot") == [(depot.symbol, here)]
    assert Vacancy.objects.get(place=here).filled == 1
    assert Vacancy.objects.get(place=there).filled == 0


def test_a_depot_nobody_asks_for_any_more_does_no_other_work(crew, yard, rock):
    depot = settled(crew, yard, yard.symbol)
    VacancyFactory(
        agent=crew.agent, role="transport", place=rock, needs="hold", wanted=1, ship_type=""
    )

    conduct(crew)

    assert posts(crew, "depot") == [(depot.symbol, yard.symbol)]
    assert posts(crew, "transport") == []


def test_a_builder_keeps_its_post_and_no_other_is_bought(crew, yard):
    builder = crew.commission(SHUTTLE, yard.symbol, roles=("builder",), cargo={"FAB_MATS": 20})
    VacancyFactory(
        agent=crew.agent,
        role="builder",
        place="",
        needs="spare",
        rank=70,
        wanted=1,
        ship_type=DRONE,
    )

    for _ in range(3):
        conduct(crew)

    assert posts(crew, "builder") == [(builder.symbol, "")]
    assert Vacancy.objects.get(role="builder").filled == 1
    assert not ShipOrder.objects.exists()


def test_no_more_probes_are_bought_than_explorers_are_missing(crew, yard):
    probes = Waypoint.objects.filter(era=crew.agent.era, offers__ship_type=PROBE).first()
    crew.put(crew.ships().get(symbol="CREW-2"), probes.symbol)
    VacancyFactory(
        agent=crew.agent,
        role="explorer",
        place="",
        needs="probe",
        rank=60,
        rank_step=5,
        wanted=2,
        ship_type=PROBE,
    )

    for _ in range(12):
        conduct(crew)

    assert len(posts(crew, "explorer")) == 2
    assert len(posts(crew, "scout")) == 1
    assert not ShipOrder.objects.filter(status=ShipOrder.Status.OPEN).exists()


def test_the_owners_choice_is_left_alone(crew, yard, rock):
    ParameterFactory(behaviour="conductor", name="buy_ships", value="no")
    miners(crew, rock, 1)
    pinned = crew.commission(DRONE, yard.symbol, roles=("scout",))
    Ship.objects.filter(pk=pinned.pk).update(role_pinned=True)

    conduct(crew)

    assert crew.ships().get(pk=pinned.pk).roles == ["scout"]
    assert posts(crew, "miner") == []


def test_a_pinned_ship_fills_the_post_it_has(crew, yard, rock):
    miners(crew, rock, 1)
    pinned = crew.commission(DRONE, yard.symbol, roles=("miner",), place=rock)
    Ship.objects.filter(pk=pinned.pk).update(role_pinned=True)

    conduct(crew)

    assert not ShipOrder.objects.filter(role="miner").exists()


def test_an_excluded_ship_gets_no_post(crew, yard, rock):
    ParameterFactory(behaviour="conductor", name="buy_ships", value="no")
    miners(crew, rock, 1)
    drone = crew.commission(DRONE, yard.symbol)
    Ship.objects.filter(pk=drone.pk).update(excluded=True)

    conduct(crew)

    assert posts(crew, "miner") == []


def test_a_ship_that_gets_a_post_hears_of_it_at_once(crew, yard, rock):
    miners(crew, rock, 1)
    drone = crew.commission(DRONE, yard.symbol)

    conduct(crew)

    drone.refresh_from_db()
    assert drone.wake_at <= clock.now()
    assert drone.role_why == "the site gives most credits an hour"


# ordering and buying


def test_what_is_missing_is_ordered_once_and_withdrawn_when_it_is_not(crew, yard, rock):
    ParameterFactory(behaviour="purchases", name="share", value="1")
    row = miners(crew, rock, 2)

    conduct(crew)
    conduct(crew)
    twice = ShipOrder.objects.filter(role="miner", status="open").count()
    row.delete()
    conduct(crew)

    assert twice == 2
    assert not ShipOrder.objects.filter(role="miner", status="open").exists()
    assert ShipOrder.objects.filter(role="miner", verdict="no longer needed").count() == 2


def test_a_ship_is_bought_where_one_of_ours_is_and_gets_its_post(crew, yard, rock):
    miners(crew, rock, 1)

    said = conduct(crew)

    order = ShipOrder.objects.get(role="miner")
    assert (order.status, order.waypoint) == ("bought", yard.symbol)
    assert posts(crew, "miner") == [(order.ship.symbol, rock)]
    assert f"bought {order.ship}" in said
    assert crew.agent.drift == 0
    assert crew.differences() == {}


def test_no_more_are_bought_than_are_wanted(crew, yard, rock):
    miners(crew, rock, 2)

    for _ in range(3):
        conduct(crew)

    assert len(crew.log("buy ship")) == 2


def test_buying_can_be_switched_off(crew, yard, rock):
    ParameterFactory(behaviour="conductor", name="buy_ships", value="no")
    miners(crew, rock, 1)

    conduct(crew)

    assert not ShipOrder.objects.exists()


def test_what_the_treasury_cannot_pay_is_not_overtaken_by_the_rest(crew, yard, rock):
    ParameterFactory(behaviour="purchases", name="cash_floor", value="170000")
    miners(crew, rock, 1)
    miners(crew, crew.place("GAS_GIANT"), 1, ship_type="SHIP_PROBE", rank_step=0)

    conduct(crew)

    assert crew.log("buy ship") == []
    verdicts = ShipOrder.objects.order_by("pk").values_list("verdict", flat=True)
    assert "cash floor" in verdicts[0]


def test_the_same_refusal_is_counted_once(crew, yard, rock):
    ParameterFactory(behaviour="purchases", name="cash_floor", value="170000")
    miners(crew, rock, 1)

    for _ in range(3):
        conduct(crew)

    order = ShipOrder.objects.get(role="miner")
    assert (order.refusals, order.status) == (1, "open")


def test_a_yard_nobody_is_at_is_wished_for(crew, yard, rock):
    crew.put(crew.ships().get(symbol="CREW-2"), crew.place("PLANET"))
    crew.put(crew.frigate, crew.place("PLANET"))
    miners(crew, rock, 1)

    conduct(crew)

    order = ShipOrder.objects.get(role="miner")
    assert order.verdict == roster.WAITING.format(yard)
    assert Wish.objects.get().waypoint == yard


def test_a_ship_nobody_sells_is_refused_in_words(crew, yard, rock):
    miners(crew, rock, 1, ship_type="SHIP_EXPLORER")

    conduct(crew)

    assert "no shipyard we know of" in ShipOrder.objects.get(role="miner").verdict


def test_a_refusal_of_the_yard_leaves_the_order_open(crew, yard, rock):
    crew.player.credits = 10  # behind our back
    miners(crew, rock, 1)

    conduct(crew)

    order = ShipOrder.objects.get(role="miner")
    assert (order.status, order.ship) == ("open", None)
    assert "the shipyard refused" in order.verdict


def test_an_order_somebody_else_executes_is_left_to_him(crew, yard, rock):
    order = roster.order(crew.agent, ship_type=DRONE, role="miner", place=rock, why="a post")
    ShipOrder.objects.filter(pk=order.pk).update(status="cancelled")

    assert roster.execute(order, api=crew.api) is None
    assert crew.log("buy ship") == []


# vacancies


def test_a_domain_replaces_what_it_wanted_before(crew):
    def want(place, wanted=1):
        return Wanted(
            role="miner", place=place, needs="laser", wanted=wanted, why="rich", rank=1
        )

    vacancies.state(crew.agent, "mining", [want("A"), want("B")])
    vacancies.state(crew.agent, "sales", [])
    vacancies.state(crew.agent, "mining", [want("B", 3)])

    assert list(Vacancy.objects.values_list("place", "wanted")) == [("B", 3)]


def test_a_ship_of_another_agent_is_not_ours_to_post(crew, yard, rock):
    stranger = ShipFactory(roles=[], waypoint=yard.symbol)
    miners(crew, rock, 1)

    conduct(crew)

    stranger.refresh_from_db()
    assert stranger.roles == []
