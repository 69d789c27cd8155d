"""What django-q2 runs for the installation: the canary of a queue, and housekeeping."""

import contextlib
import os
from typing import Any

from django import db
from django.conf import settings
from django_q.models import OrmQ
from django_q.tasks import async_task

from spacefleet import clock, nodes
from spacefleet.models import Canary, LabRun


def canary(queue: str) -> str:
    """Does nothing: that it came through a queue is what counts, see `saw`."""
    return queue


def saw(sender: Any, task: dict[str, Any], **kwargs: Any) -> None:
    """Prove that a queue of a node still runs tasks and strikes them off.

    The cluster's monitor hears this at the end of each task: a canary that came so far has been
    through every part of the cluster.
    """
    if task["func"] == "spacefleet.tasks.canary":
        with contextlib.suppress(db.Error):  # the next one proves it
            Canary.objects.filter(queue=task["args"][0]).update(seen_at=clock.now())


def play_run() -> str:
    """Play the next waiting run of the lab, in a process of its own."""
    from spacefleet.lab import work

    run = work.take(f"{settings.NODE}, pid {os.getpid()}")
    if run is None:
        return "no run waits"
    draining = nodes.Draining(settings.NODE, parent=os.getppid())
    done = work.carry_out(run, stop=draining, modest=True)
    return f"{run}: {'played' if done else 'given back'}"


def ensure_lab() -> bool:
    """Queue a run of the lab on this node while some wait; whether any do.

    Each node does so for itself: the runs spread over all of them, as fast as each is.
    """
    from spacefleet.lab import work

    if not work.to_take().exists():
        return False
    queue = nodes.queue("lab")
    if not OrmQ.objects.filter(key=queue, lock__lt=clock.now()).exists():
        async_task(
            "spacefleet.tasks.play_run",
            cluster=queue,
            ack_failure=True,
            save=False,
            timeout=-1,  # none: q2 writes "no limit" so
            task_name="a run of the lab",
        )
    return True


def lab_busy() -> bool:
    """Whether a worker of this node plays a run."""
    running = LabRun.objects.filter(status=LabRun.Status.RUNNING)
    return running.filter(worker__startswith=f"{settings.NODE}, ").exists()


def prune() -> str:
    """Add up and drop detail of an age at which nobody looks at it any more."""
    from spacefleet import pruning

    return pruning.prune(at=clock.now())


def deliver() -> str:
    """Send the alerts that are due, and those whose last try failed long enough ago."""
    from spacefleet import messages

    return messages.deliver()
