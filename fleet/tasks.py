"""What django-q2 runs for the fleet: the dispatcher of a lane, one slice at a time."""

import logging
import os
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django_q.models import OrmQ
from django_q.signals import pre_execute
from django_q.tasks import async_task

from fleet.engine import Dispatcher, LeaseLost
from fleet.models import Agent
from fleet.services import controls, eras, joining, lanes
from fleet.services.connections import Connections
from fleet.services.logbook import Logbook
from spacefleet import clock, nodes, processes, workerlog

logger = logging.getLogger(__name__)

SLICE = timedelta(minutes=5)  # wall time after which the task hands itself over
QUEUE_LOCK = timedelta(seconds=60)  # for so long the queue leaves the running task alone

_running: dict[str, Any] = {}


def _remember(sender: Any, func: Any, task: dict[str, Any], **kwargs: Any) -> None:
    _running["ack"] = task.get("ack_id")


pre_execute.connect(_remember, weak=False)


def dispatch(lane: str, agents: list[str] | None = None) -> str:
    """Drive a lane for a slice, then queue the next one; a duplicate finds the lane held.

    Ends early when the node drains or its supervisor fell silent, and when the lease is lost.
    """
    parent = os.getppid()
    owner = f"{settings.NODE[:60]}:{uuid.uuid4().hex[:6]}:pid {processes.name()}"
    lease = lanes.acquire(lane, owner=owner)
    if lease is None:
        return "held"
    draining = nodes.Draining(settings.NODE, parent=parent, also=lambda: lanes.drained(lane))
    try:
        dispatcher = _dispatcher(lease, agents or lanes.lane(lane).only_agents)
    except BaseException:
        lanes.release(lease)
        raise
    try:
        steps = dispatcher.run(until=clock.now() + SLICE, stop=draining)
    except LeaseLost as error:
        logger.warning("%s", error)
        return f"lease lost: {error}"
    if not draining():
        enqueue(lane, agents or [])
    return f"{steps} steps"


def _dispatcher(lease: lanes.Lease, agents: list[str]) -> Dispatcher:
    workerlog.listen()
    row = lanes.lane(lease.name)
    _follow_time(lease.lane)
    connections = Connections(proxy=row.proxy)
    if row.budget:
        connections.budget.restore(row.budget)
    return Dispatcher(
        lease,
        agents=agents,
        connections=connections,
        pool=settings.STEP_THREADS,
        on_beat=_keep_queue_lock(),
        logbook=Logbook(),
    )


def _follow_time(lane: int) -> None:
    """Let our clock run as fast as the server the lane plays on, and all work come round."""
    agents = list(Agent.objects.flying().filter(lane=lane).select_related("era"))
    if not agents:
        return
    for each in agents:
        joining.set_alarms(each)
    agent = agents[0]
    clock.set_factor(agent.era.time_factor)
    if controls.emergency(agent.pk):
        return
    try:
        joining.enter_era(agent.era.server, joining.greet(agent.era.server))
    except joining.CannotJoin as error:
        logger.warning("%s", error)  # the ships find out by themselves and wait


def _keep_queue_lock() -> Callable[[], None]:
    """Renew the queue's own lock on the running task, or it would be handed out again."""

    def renew() -> None:
        if ack := _running.get("ack"):
            OrmQ.objects.filter(pk=ack).update(lock=clock.now() + QUEUE_LOCK)

    return renew


def enqueue(lane: str, agents: list[str]) -> None:
    """Queue a dispatcher of a lane on this node."""
    async_task(
        "fleet.tasks.dispatch",
        lane,
        agents,
        cluster=nodes.queue("ships"),
        ack_failure=True,
        save=False,
        timeout=-1,  # none: q2 writes "no limit" so
        task_name=f"dispatch {lane}",
    )


def ensure(lane: str, agents: list[str]) -> bool:
    """Queue a dispatcher when nobody drives the lane and none is waiting; True if queued."""
    if lanes.drained(lane) or not lanes.free(lane):
        return False
    waiting = OrmQ.objects.filter(key=nodes.queue("ships"), lock__lt=clock.now())
    if any(row.func() == "fleet.tasks.dispatch" for row in waiting):
        return False
    enqueue(lane, agents)
    return True


def watch_resets() -> str:
    """Notice resets of the game and begin the new era."""
    return eras.watch()
