"""The supervisor hears of a cluster that is deadlocked (spacefleet.supervisor, tasks, processes)."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest

from spacefleet import clock, processes, tasks
from spacefleet.models import Canary
from spacefleet.supervisor import SILENT, SUSPECT, Cluster

SLEEPER = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])"


@pytest.fixture
def cluster():
    """A process with one below it in place of a cluster."""
    made = Cluster("ships-node", alternative=True)
    made.process = subprocess.Popen([sys.executable, "-c", SLEEPER], start_new_session=True)
    for _ in range(100):
        if processes.below(made.process.pid):
            break
        time.sleep(0.05)
    yield made
    made.kill()


def test_a_cluster_is_silent_when_its_canary_stays_away(cluster):
    assert not cluster.silent(clock.now())
    assert not cluster.silent(clock.now() - timedelta(seconds=SILENT - 1))
    assert cluster.silent(clock.now() - timedelta(seconds=SILENT + 1))


def test_a_cluster_that_lost_a_part_must_be_heard_of_sooner(cluster):
    seen_at = clock.now() - timedelta(seconds=SUSPECT + 1)
    assert not cluster.silent(seen_at)

    (part,) = processes.below(cluster.process.pid)
    os.kill(part, signal.SIGKILL)
    cluster.process.wait()

    assert cluster.silent(seen_at)
    assert not cluster.silent(clock.now()), "a canary came through since"


def test_a_cluster_that_worked_is_started_anew_at_once_and_one_that_never_did_later(cluster):
    cluster.failures = 3
    assert cluster.pause() == 8.0
    cluster.silent(clock.now() - timedelta(seconds=3))  # as at its start
    assert cluster.failures == 3

    cluster.silent(clock.now())  # a canary came through

    cluster.failures += 1  # and then it died
    assert cluster.pause() == 0.0


@pytest.mark.django_db
def test_a_canary_counts_when_its_task_was_struck_off_and_not_before():
    long_ago = clock.now() - timedelta(hours=1)
    Canary.objects.create(queue="ships-node", sent_at=long_ago, seen_at=long_ago)

    said = tasks.canary("ships-node")
    assert Canary.objects.get().seen_at == long_ago

    tasks.saw("django_q", task={"func": "spacefleet.tasks.prune", "args": ()})
    assert Canary.objects.get().seen_at == long_ago

    tasks.saw("django_q", task={"func": "spacefleet.tasks.canary", "args": (said,)})
    assert Canary.objects.get().seen_at > long_ago


def test_a_cluster_that_was_left_behind_and_cannot_end_is_killed():
    told = (
        "import signal, time; from django.conf import settings; settings.configure();"
        "from spacefleet import processes; processes.LAST_SECONDS = 1;"
        "signal.signal(signal.SIGTERM, lambda *_: print('draining', flush=True));"
        "processes.end_when_left_behind(); print('ready', flush=True);"
        "[time.sleep(1) for _ in range(60)]"
    )
    with subprocess.Popen([sys.executable, "-c", told], stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        child.send_signal(processes.LEFT_BEHIND)

        assert child.stdout.readline() == b"draining\n"
        assert child.wait(10) == -signal.SIGALRM
