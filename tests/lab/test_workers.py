"""The lab on the workers of a node: spacefleet.tasks, and the cluster its supervisor keeps."""

from datetime import timedelta

import pytest
from django_q.models import OrmQ

from spacefleet import clock, nodes, tasks
from spacefleet.lab import work
from spacefleet.lab.arms import read_arms
from spacefleet.lab.orders import Order
from spacefleet.models import LabRun, Node
from spacefleet.supervisor import Cluster, Supervisor


def begun(*, hours: float = 0.05) -> None:
    work.start(Order("first_day", hours=hours), read_arms(["base", "again:"]), [5])


def supervisor() -> tuple[Supervisor, Cluster]:
    made = Supervisor("home", [], lambda text: None)
    lab = Cluster(nodes.queue("lab"), alternative=True, wanted=False, canary=False)
    made.clusters = [lab]
    return made, lab


@pytest.mark.django_db
def test_node_queues_runs_while_some_wait():
    assert not tasks.ensure_lab()
    begun()

    assert tasks.ensure_lab()
    assert tasks.ensure_lab()

    assert [row.func() for row in OrmQ.objects.all()] == ["spacefleet.tasks.play_run"]
    assert OrmQ.objects.get().key == nodes.queue("lab")


@pytest.mark.django_db
def test_cluster_of_the_lab_is_wanted_when_a_run_waits_and_no_longer_afterwards():
    made, lab = supervisor()
    made._ask_for_the_lab()
    assert not lab.wanted
    begun()

    made._ask_for_the_lab()
    assert lab.wanted

    LabRun.objects.update(status="cancelled")
    made._ask_for_the_lab()
    assert lab.wanted, "it stays for a while"
    lab.asked_at = float("-inf")
    made._ask_for_the_lab()
    assert not lab.wanted


@pytest.mark.django_db
def test_cluster_stays_while_a_worker_of_the_node_plays(settings):
    made, lab = supervisor()
    begun()
    lab.wanted = True
    LabRun.objects.update(status="cancelled")
    LabRun.objects.filter(arm="base").update(
        status="running", worker=f"{settings.NODE}, pid 1", beat_at="2100-01-01T00:00:00Z"
    )

    made._ask_for_the_lab()

    assert lab.wanted


@pytest.mark.django_db(transaction=True)
def test_task_plays_the_next_run_and_says_so(settings):
    begun()
    ahead = clock.now() + timedelta(hours=1)  # a supervisor that lives, however slow we are
    Node.objects.create(name=settings.NODE, lane="home", started_at=clock.now(), beat_at=ahead)

    told = tasks.play_run()

    assert told == "base, seed 5: played"
    assert LabRun.objects.get(arm="base").figures["credits_start"] == 175_000


@pytest.mark.django_db
def test_task_that_finds_nothing_to_play_says_so():
    assert tasks.play_run() == "no run waits"
