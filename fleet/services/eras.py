"""The weekly reset: noticed, the old era archived, agents with an account registered anew.

Only one worker at a time renews an era (a counted UPDATE on `renewing_at`), and each part may be
repeated: a worker that died in between leaves halted agents in an era that still runs, and the
next one goes on with those who have no successor yet.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from fleet.models import Agent, Control, Era, Evaluator, Parameter
from fleet.rules.orders import EMERGENCY
from spacefleet import clock
from spacefleet.alerts import clear_alert, raise_alert
from spacefleet.models import Alert
from spacefleet.spacetraders import payloads

from . import controls, joining

logger = logging.getLogger(__name__)

LOOK_EVERY = timedelta(minutes=10)  # wall time between two looks when nothing is suspected
RETRY = timedelta(minutes=2)  # wall time after which a renewal that did not end is tried again


def watch(*, transport: Any = None) -> str:
    """Look after every era that may have ended; answers what was found, in words."""
    at = clock.now()
    order = controls.over_all(at=at)
    if order and order.mode == EMERGENCY:
        return order.said
    words = [look_after(era, transport=transport) for era in _suspects(at)]
    return " · ".join(words) or "no era needed a look"


def _suspects(at: datetime) -> QuerySet[Era]:
    """Running eras with agents that are halted, announced to end, or not looked at for a while."""
    agents = Agent.objects.filter(era=OuterRef("pk"), excluded=False)
    suspect = (
        Q(Exists(agents.exclude(halted="")))
        | Q(next_reset_at__lte=at)
        | Q(looked_at__isnull=True)
        | Q(looked_at__lt=at - LOOK_EVERY)
    )
    running = Era.objects.filter(Exists(agents), archived_at__isnull=True)
    return running.filter(suspect).order_by("pk")


def look_after(era: Era, *, transport: Any = None) -> str:
    """Ask the server which era it is in; when it is another one, end ours and begin that one."""
    at = clock.now()
    Era.objects.filter(pk=era.pk).update(looked_at=at)
    try:
        status = joining.greet(era.server, transport=transport)
    except joining.CannotJoin as error:
        logger.info("%s is not to be reached, perhaps it is being reset: %s", era.server, error)
        return f"{era.server} does not answer"
    if str(status.reset_date) == era.reset_date:
        Era.objects.filter(pk=era.pk).update(next_reset_at=status.next_reset_at)
        return f"{era} goes on"
    free = Q(renewing_at__isnull=True) | Q(renewing_at__lt=at - RETRY)
    if not Era.objects.filter(free, pk=era.pk, archived_at__isnull=True).update(renewing_at=at):
        return f"{era} is being renewed by another worker"
    return _renew(era, status, transport=transport)


def _renew(era: Era, status: payloads.Status, *, transport: Any) -> str:
    """Freeze the old era, register who can be registered, and archive it when all is settled."""
    frozen = "The game was reset."
    Agent.objects.filter(era=era, halted="").update(halted=frozen)
    successor = joining.enter_era(era.server, status)
    agents = Agent.objects.filter(era=era, excluded=False).select_related("account", "lane")
    settled = [
        _succeed(agent, successor, transport=transport) for agent in agents.order_by("pk")
    ]
    if not all(settled):
        return f"{era} ended; {settled.count(False)} agents are not registered anew yet"
    Era.objects.filter(pk=era.pk).update(archived_at=clock.now())
    return f"{era} ended and is archived; the new one began {successor.reset_date}"


def _succeed(agent: Agent, successor: Era, *, transport: Any) -> bool:
    """Have the agent in the new era too; False when it should be tried again."""
    there = Agent.objects.filter(era=successor, symbol=agent.symbol).first()
    if there is None and agent.account is None:
        raise_alert(
            "halted",
            agent.symbol,
            f"The game was reset. Start {agent} anew with `manage.py addagent`; with --renew it "
            "is registered by itself from then on.",
            level=Alert.Level.ERROR,
        )
        return True
    try:
        if there is None:
            there = _register(agent, transport=transport)
        elif not Evaluator.objects.filter(agent=there).exists():
            joining.learn(there, transport=transport, tell=logger.info)
    except joining.CannotJoin as error:
        raise_alert(
            "halted", agent.symbol, f"After the reset: {error}", level=Alert.Level.ERROR
        )
        return False
    _inherit(agent, there)
    clear_alert("halted", agent.symbol)
    raise_alert("reset", agent.symbol, f"The game was reset; {agent} flies in the new era.")
    return True


def _register(agent: Agent, *, transport: Any) -> Agent:
    assert agent.account is not None
    return joining.register(
        agent.era.server,
        symbol=agent.symbol,
        faction=agent.faction,
        account_token=agent.account.token or None,
        renew=agent.account,
        lane=agent.lane.name,
        transport=transport,
        tell=logger.info,
    )


def _inherit(agent: Agent, heir: Agent) -> None:
    """The owner's choices for an agent hold for its successor; those for ships die with them."""
    for choice in Parameter.objects.filter(agent=agent):
        Parameter.objects.get_or_create(
            agent=heir,
            behaviour=choice.behaviour,
            name=choice.name,
            defaults={"value": choice.value},
        )
    for order in Control.objects.filter(agent=agent, place=""):
        Control.objects.get_or_create(
            agent=heir,
            defaults={
                name: getattr(order, name) for name in ("mode", "since", "until", "by", "why")
            },
        )
