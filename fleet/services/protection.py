"""The circuit breaker: an agent that loses money too fast buys nothing until somebody looked.

Selling, fuel and flying go on: goods that are aboard still become credits. A stop ends by
itself, or when a person releases it; the hour that is judged begins anew from there.
"""

import logging
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Count, Sum

from fleet.models import Agent, LedgerEntry, Ship, SpendingStop
from fleet.params import ProtectionParams
from fleet.rules import protection as rules
from spacefleet import clock
from spacefleet.alerts import clear_alert, raise_alert
from spacefleet.models import Alert
from spacefleet.spacetraders import Client
from spacefleet.statements import Select

from . import alarms, parameters

logger = logging.getLogger(__name__)

HOUR = 3600.0  # game seconds

_standing = Select(lambda agent, at: SpendingStop.objects.standing(at).filter(agent=agent))
_latest = Select(lambda agent: SpendingStop.objects.filter(agent=agent).order_by("-at"))
_moved = Select(
    lambda agent, since: (
        LedgerEntry.objects.filter(agent=agent, at__gt=since)
        .exclude(kind=LedgerEntry.Kind.OPENING)
        .order_by()
        .values_list("kind")
        .annotate(total=Sum("amount"), entries=Count("pk"))
    )
)
_bought = Select(
    lambda agent, since: (
        LedgerEntry.objects.filter(
            agent=agent, at__gt=since, kind=LedgerEntry.Kind.PURCHASE, ship__isnull=False
        )
        .order_by()
        .values_list("ship", "good")
        .annotate(bought=Sum("units"), paid=Sum("amount"))
    )
)


class SpendingStopped(Exception):
    """Nothing may be bought for this agent now; the message says why and until when."""


def standing(agent: int) -> SpendingStop | None:
    """The stop that holds for an agent now."""
    return _standing.first(agent=agent, at=clock.now())


def insist(agent: int) -> None:
    """Raise SpendingStopped while the agent may not buy; asked right before every purchase."""
    stop = standing(agent)
    if stop is not None:
        raise SpendingStopped(stop.words)


def watch(agent: Agent, *, api: Client | None = None, trigger: str = "") -> str:
    """Evaluator: stop all buying of an agent whose last game hour lost more than its owner
    allows; answers how the hour stands."""
    at = clock.now()
    stop = standing(agent.pk)
    if stop is not None:
        return stop.words
    clear_alert("spending", agent.symbol)
    params = parameters.resolve(ProtectionParams, "protection", agent=agent)
    if not params.active:
        return "switched off"
    hour = last_hour(agent.pk, at=at)
    limits = rules.Limits(params.loss_share, params.loss_at_least, params.ships_an_hour)
    why = rules.runaway(hour, limits)
    if why is None:
        most = rules.allowed(hour, limits)
        return f"lost {hour.lost:,} of {most:,} credits an hour may lose"
    return _stop(agent, why, hour=hour, seconds=params.stop, at=at)


def last_hour(agent: int, *, at: datetime) -> rules.Hour:
    """What the last game hour moved, or what moved since a person released the last stop."""
    latest = _latest.first(agent=agent)
    since = at - clock.game(HOUR)
    if latest is not None and latest.released_at is not None:
        since = max(since, latest.released_at)
    by_kind = {
        kind: (total, entries) for kind, total, entries in _moved.all(agent=agent, since=since)
    }
    spent_on_ships, ships = by_kind.pop(LedgerEntry.Kind.SHIP, (0, 0))
    moved = sum(total for total, _ in by_kind.values())
    credits = Agent.objects.values_list("credits", flat=True).get(pk=agent)
    held = _held(agent, since) if moved < 0 else 0
    return rules.Hour(credits - moved - spent_on_ships, moved, held, ships)


def _held(agent: int, since: datetime) -> int:
    """Credits paid since then for goods that are still aboard of who bought them."""
    rows = _bought.all(agent=agent, since=since)
    cargo = dict(
        Ship.objects.filter(pk__in={row[0] for row in rows}).values_list("pk", "cargo")
    )
    return sum(
        rules.Lot(units or 0, -paid, int(cargo[ship].get(good, 0))).worth
        for ship, good, units, paid in rows
    )


def _stop(agent: Agent, why: str, *, hour: rules.Hour, seconds: int, at: datetime) -> str:
    try:
        with transaction.atomic():
            stop = SpendingStop.objects.create(
                agent=agent, at=at, until=at + clock.game(seconds), why=why, lost=hour.lost
            )
    except IntegrityError:
        return "another worker stopped it at this moment"
    logger.error("%s buys nothing until %s: %s", agent, stop.until, why)
    raise_alert(
        "spending",
        agent.symbol,
        f"{stop.words}. Release it on the overview once you know why.",
        level=Alert.Level.ERROR,
    )
    return stop.words


def release(stop: SpendingStop, *, by: str) -> bool:
    """Let the agent buy again; False when the stop was over already. What was lost before
    counts no more."""
    at = clock.now()
    mine = SpendingStop.objects.standing(at).filter(pk=stop.pk)
    if not mine.update(released_at=at, released_by=by[:150]):
        return False
    clear_alert("spending", stop.agent.symbol)
    alarms.nudge("fleet.conductor", stop.agent_id, trigger=f"{by} released buying")
    return True
