"""A lease whose owner is certainly dead is free at once (spacefleet.processes, lanes, nodes)."""

import os
import subprocess
import sys

import pytest

from fleet.services import lanes
from spacefleet import nodes, processes


def ended() -> str:
    """The name of a process that has ended."""
    told = (
        "import django; from django.conf import settings; settings.configure();"
        "from spacefleet import processes; print(processes.name())"
    )
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True)
    return done.stdout.strip()


def test_a_living_process_is_not_gone_and_an_ended_one_is():
    assert not processes.gone(f"pid {processes.name()}")
    assert processes.gone(f"pid {ended()}")


def test_a_process_that_ended_and_was_not_collected_yet_is_gone():
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    began = processes._state(child)[1]

    told = f"{child}@{processes._space()}-{began}"

    assert processes.gone(told)
    os.waitpid(child, 0)


def test_a_number_that_was_given_to_another_process_is_gone():
    pid, space, began = processes._NAME.search(processes.name()).groups()

    assert processes.gone(f"{pid}@{space}-{int(began) - 1}")


@pytest.mark.parametrize("told", ["", "one", "pid 99", "node:3f2a91:pid 99999999@00000000-5"])
def test_who_is_unknown_or_elsewhere_may_live(told):
    assert not processes.gone(told)


@pytest.mark.django_db
def test_the_lane_of_a_dead_owner_is_taken_at_once():
    dead = lanes.acquire("home", owner=f"node:pid {ended()}")

    assert lanes.free("home")
    taken = lanes.acquire("home", owner=f"node:pid {processes.name()}")

    assert taken.generation == dead.generation + 1
    assert not lanes.renew(dead)
    assert not lanes.free("home")
    assert lanes.acquire("home", owner="another") is None


@pytest.mark.django_db
def test_work_ends_when_its_supervisor_died(monkeypatch):
    monkeypatch.setenv(processes.SUPERVISOR, ended())
    assert nodes.Draining("node", parent=os.getppid())()

    monkeypatch.setenv(processes.SUPERVISOR, processes.name())
    assert not nodes.Draining("node", parent=os.getppid())()
