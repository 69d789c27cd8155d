"""The weekly reset (fleet.services.eras): noticed, archived, and flown on without anybody."""

from datetime import timedelta

import pytest
from django.db import connection

from fleet.models import Account, Agent, Era, Evaluator, LedgerEntry, Parameter
from fleet.services import eras, joining
from spacefleet import clock
from spacefleet.models import Alert
from spacefleet.universe import registry
from tests import factories as make
from tests.crew import SERVER, Killed

pytestmark = pytest.mark.django_db


@pytest.fixture
def renewed(crew):
    """The crew's agent, whose account is kept."""
    account = joining.account(SERVER, "")
    Agent.objects.filter(pk=crew.agent.pk).update(account=account)
    crew.agent.refresh_from_db()
    return crew


def watch(crew) -> str:
    return eras.watch(transport=crew.line)


def reset(crew) -> None:
    """The game begins anew, and a ship hears of it."""
    crew.world.reset(clock.now())
    crew.fly(crew.frigate, roles=("scout",))
    crew.run(60)


def heir(crew) -> Agent:
    return Agent.objects.get(symbol=crew.agent.symbol, era__archived_at__isnull=True)


def test_a_renewed_agent_flies_in_the_new_era(renewed):
    reset(renewed)

    watch(renewed)

    agent = heir(renewed)
    assert agent.pk != renewed.agent.pk
    assert (agent.halted, agent.account, agent.lane) == (
        "",
        renewed.agent.account,
        renewed.agent.lane,
    )
    assert agent.credits == renewed.world.agents[agent.symbol].credits
    assert Evaluator.objects.filter(agent=agent).exists()
    assert not Alert.objects.open().filter(kind="halted").exists()
    assert Alert.objects.open().get(kind="reset").subject == agent.symbol


def test_rows_of_the_old_era_stay_and_are_archived(renewed):
    before = LedgerEntry.objects.filter(agent=renewed.agent).count()
    reset(renewed)

    watch(renewed)

    era = Era.objects.get(pk=renewed.agent.era_id)
    assert era.archived_at is not None
    assert LedgerEntry.objects.filter(agent=renewed.agent).count() == before
    assert LedgerEntry.objects.filter(agent=heir(renewed)).count() == 1


def test_ten_resets_in_a_row_need_nobody(renewed):
    for _ in range(10):
        renewed.clock.jump_to(clock.now() + timedelta(days=7))
        renewed.world.reset(clock.now())
        watch(renewed)
        renewed.agent = heir(renewed)

        renewed.run(120)

        renewed.agent.refresh_from_db()
        assert (renewed.agent.halted, renewed.agent.drift) == ("", 0)
        assert not renewed.ships().filter(stepped_at=None, excluded=False).exists()
    assert Era.objects.filter(archived_at__isnull=False).count() == 10


def test_an_announced_reset_is_noticed_without_asking_for_a_ship(renewed):
    renewed.clock.jump_to(renewed.world.next_reset() + timedelta(minutes=1))
    renewed.world.reset(clock.now())

    found = watch(renewed)

    assert "archived" in found
    assert heir(renewed).pk != renewed.agent.pk


def test_without_an_account_the_owner_is_asked_once(crew):
    reset(crew)

    watch(crew)
    watch(crew)

    alert = Alert.objects.open().get(kind="halted")
    assert "addagent" in alert.message
    assert "--renew" in alert.message
    assert not Agent.objects.filter(symbol="CREW", era__archived_at__isnull=True).exists()


def test_an_excluded_agent_is_not_registered_again(renewed):
    Agent.objects.filter(pk=renewed.agent.pk).update(excluded=True)
    renewed.world.reset(clock.now())

    assert watch(renewed) == "no era needed a look"


def test_while_the_server_is_being_reset_nothing_is_decided(renewed):
    reset(renewed)
    renewed.world.faults.add("GET / 503 100%")

    first = watch(renewed)
    renewed.world.faults.clear()
    second = watch(renewed)

    assert "does not answer" in first
    assert "archived" in second


def test_a_name_that_somebody_took_is_told_and_tried_again_later(renewed):
    reset(renewed)
    world = renewed.world
    registry.register(
        world, symbol="CREW", faction="COSMIC", account=registry.open_account(world)
    )

    watch(renewed)

    alert = Alert.objects.open().get(kind="halted", subject="CREW")
    assert "cannot be registered" in alert.message
    assert Era.objects.get(pk=renewed.agent.era_id).archived_at is None
    asked = len(renewed.line.asked)
    watch(renewed)
    assert len(renewed.line.asked) == asked + 1, "one look, no second registration so soon"


def test_a_worker_that_died_after_registering_is_succeeded(renewed):
    reset(renewed)
    renewed.line.kill("GET /my/ships")
    with pytest.raises(Killed):
        watch(renewed)
    renewed.clock.jump_to(clock.now() + eras.RETRY + timedelta(seconds=1))

    watch(renewed)

    agent = heir(renewed)
    assert Evaluator.objects.filter(agent=agent).exists()
    assert renewed.line.asked.count("POST /register") == 1


def test_choices_for_an_agent_hold_for_its_successor(renewed):
    make.ParameterFactory(
        behaviour="conductor", name="cash_floor", value="12345", agent=renewed.agent
    )
    reset(renewed)

    watch(renewed)

    assert Parameter.objects.get(agent=heir(renewed)).value == "12345"


def test_an_era_that_goes_on_is_asked_rarely(renewed):
    Era.objects.update(looked_at=clock.now())

    first = watch(renewed)
    renewed.clock.jump_to(clock.now() + eras.LOOK_EVERY + timedelta(seconds=1))
    second = watch(renewed)

    assert first == "no era needed a look"
    assert second.endswith("goes on")


def test_an_account_is_kept_once_and_encrypted(db):
    first = joining.account(SERVER, "secret of an account")

    again = joining.account(SERVER, "secret of an account")

    assert again == first
    with connection.cursor() as cursor:
        cursor.execute("SELECT token FROM fleet_account")
        stored = cursor.fetchone()[0]
    assert "secret" not in stored
    assert Account.objects.get().token == "secret of an account"
