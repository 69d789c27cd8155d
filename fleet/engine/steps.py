"""One step of a ship or an evaluator: look, act, say when to wake; whatever happens, say why."""

import logging
import traceback
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import InterfaceError, OperationalError

from fleet.models import Agent, Evaluator, Ship
from fleet.params import StepParams
from fleet.rules.orders import RECALL, Order
from fleet.rules.watching import WatchingOnly
from fleet.services import alarms, controls, healing, parameters, sync
from fleet.services.connections import Connections, Prove
from fleet.services.protection import SpendingStopped
from fleet.wake import Wake, wake_in
from fleet.wake import idle as no_work
from spacefleet import clock, jobs
from spacefleet.alerts import clear_alert, raise_alert
from spacefleet.models import Alert
from spacefleet.parameters import load
from spacefleet.secrets import redact
from spacefleet.spacetraders import Client, errors

from . import standing
from .standing import EmergencyStop

logger = logging.getLogger(__name__)

BUSY = 15.0  # game seconds until a busy server is asked again
ROLELESS = 900.0  # game seconds a ship without a role sleeps, unless it is given one
LOOK_AGAIN = 20.0  # game seconds after a refusal: our picture is read anew before the next try
STOPPED = 60.0  # game seconds until a ship that may not buy looks for other work
IN_CIRCLES = 5.0  # game seconds that a step waits which asked nothing and repeats itself
STANDSTILL = 60.0  # game seconds until an evaluator asks again whether it may run
FIRST_FAILURE = 10.0  # game seconds; doubled with each further failure
LONGEST_FAILURE = 900.0
MOST_FAILURES = 30  # counted; more would only be a larger number


class LeaseLost(Exception):
    """This process may no longer act: another one drives the lane, or nobody can tell."""


def step_ship(ship: Ship, *, connections: Connections, prove: Prove) -> Wake:
    """Let a ship take one step in the first of its roles that has something to do."""
    at = clock.now()
    ship.settle(at)
    order = controls.over(ship, at=at)
    if order and order.still:
        return standing.still(ship, order, at=at)
    client = connections.client(ship.agent)
    prove = standing.proving(prove, ship.agent_id)
    try:
        if ship.suspect_since:
            return _heal(
                ship, client.bound(purpose="healing", ship=ship.symbol, before_call=prove)
            )
        if ship.in_transit(at) and ship.arrives_at:
            return standing.flying(ship, ship.arrives_at)
        return _unhurried(ship, client, order, prove=prove, at=at)
    except EmergencyStop as stop:
        return standing.cut_short(ship, stop)
    except WatchingOnly as stop:
        return standing.watched(ship, stop)
    except (OperationalError, InterfaceError, LeaseLost):
        raise
    except errors.SpaceTradersError as error:
        return _answered(ship, error)
    except SpendingStopped as stop:
        return wake_in(STOPPED, str(stop)[:200])
    except Exception as error:
        return _failed(ship, error)


def _unhurried(
    ship: Ship, client: Client, order: Order | None, *, prove: Prove, at: datetime
) -> Wake:
    """Act; a step that asked the game nothing and would say the same again at once waits a
    little: whatever makes it turn in circles, it shall not do so at full speed."""
    said, asked = ship.why, False

    def proving() -> None:
        nonlocal asked
        asked = True
        prove()

    wake = _act(ship, client, order, prove=proving, at=at)
    if asked or wake.at > clock.now() or wake.why != said:
        return wake
    return wake_in(IN_CIRCLES, wake.why)


def _act(
    ship: Ship, client: Client, order: Order | None, *, prove: Prove, at: datetime
) -> Wake:
    """Ask the ship's roles in turn, under what its owner ordered."""
    ship.holds_back = order.said if order and order.begins_nothing else ""
    if order and order.mode == RECALL:
        return standing.recalled(
            ship, order, client.bound(**_tags(ship, "recall", prove)), at=at
        )
    wake = _in_turn(ship, client, prove=prove, at=at)
    if wake.idle and order and order.begins_nothing:
        return standing.at_rest(ship, order, client.bound(**_tags(ship, "drain", prove)), at=at)
    return wake


def _tags(ship: Ship, purpose: str, prove: Prove) -> dict[str, Any]:
    return {"purpose": purpose, "ship": ship.symbol, "priority": 2, "before_call": prove}


def _in_turn(ship: Ship, client: Client, *, prove: Prove, at: datetime) -> Wake:
    """The first role that has something to do; idle when none has."""
    idle: list[Wake] = []
    for name in ship.roles:
        role = jobs.ROLES.get(name)
        if role is None:
            idle.append(wake_in(600, f"{name} is no role: change it in the admin"))
            continue
        ship.acting_as = name
        api = client.bound(
            purpose=name, ship=ship.symbol, priority=role.priority, before_call=prove
        )
        wake: Wake = load(role.loop)(ship, api=api, at=at)
        if not wake.idle:
            _recovered(ship)
            return wake
        idle.append(wake)
    _recovered(ship)
    if not idle:
        # who gets one is rung (fleet.services.roster.assign)
        return no_work("no role yet: the conductor has no vacancy for it", seconds=ROLELESS)
    return Wake(
        min(wake.at for wake in idle),
        " · ".join(dict.fromkeys(w.why for w in idle))[:200],
        idle=True,
    )


def _heal(ship: Ship, api: Client) -> Wake:
    why = ship.suspect_why
    try:
        found = healing.heal(ship, api=api)
    except errors.ServerUnavailable as error:
        api.get_my_agent()  # raises too when it is not about this ship
        return _unanswered(ship, error)
    logger.info("%s looked after %s: %s", ship, why, found)
    return wake_in(0, f"looked again ({why}): {found}"[:200])


def _answered(ship: Ship, error: errors.SpaceTradersError) -> Wake:
    """What the game's answer means for the ship's alarm."""
    at = clock.now()
    if isinstance(error, errors.CooldownActive):
        sync.write(ship, cooldown_ends_at=error.until)
        return Wake(error.until or at + clock.game(60), "cooling down")
    if isinstance(error, errors.OutcomeUnknown):
        healing.suspect(ship, f"an answer was lost: {error}")
        return wake_in(1, "an answer was lost, looking before acting")
    if isinstance(error, errors.GameReset | errors.Unauthorized):
        return _halted(ship.agent, error)
    if isinstance(error, errors.TryAgain):
        return wake_in(BUSY, f"server busy: {error}"[:200])
    logger.warning("%s refused: %s", ship, error)
    healing.suspect(ship, f"refused: {error}")
    return wake_in(LOOK_AGAIN, f"refused: {error}"[:200])


def _halted(agent: Agent, error: errors.SpaceTradersError) -> Wake:
    """Freeze the agent: nothing it asks can succeed until its owner does something."""
    if isinstance(error, errors.GameReset):
        message = "The game was reset. Start with `manage.py addagent` in the new era."
    else:
        message = f"The game does not accept the token ({error}). Give a new one: addagent."
    Agent.objects.filter(pk=agent.pk).update(halted=message[:200])
    alarms.ring()
    raise_alert("halted", agent.symbol, message, level=Alert.Level.ERROR)
    return wake_in(60, message[:200])


def _unanswered(ship: Ship, error: errors.ServerUnavailable) -> Wake:
    """The server answers, only not of this ship: that happens, and says something is wrong with
    the ship once it happens again and again."""
    failures = ship.failures + 1
    if failures >= _patience(ship.agent, ship):
        return _failed(ship, error)
    logger.warning("%s could not be looked at: %s", ship, error)
    sync.write(ship, failures=failures)
    return wake_in(_pause(failures), f"looked at again soon: {error}"[:200])


def _failed(ship: Ship, error: Exception) -> Wake:
    """A fault of ours delays this ship alone, longer each time, and is shown."""
    failures = min(ship.failures + 1, MOST_FAILURES)
    given_up = failures >= _patience(ship.agent, ship)
    logger.exception("%s failed in its step", ship)
    healing.suspect(ship, "a step failed, perhaps after the game had acted")
    sync.write(ship, failures=failures, given_up=given_up, last_error=_last_words())
    if given_up:
        raise_alert(
            "failing",
            ship.symbol,
            f"{failures} steps failed: {error!r}",
            level=Alert.Level.ERROR,
        )
    return wake_in(_pause(failures), redact(f"step failed, tried again later: {error!r}")[:200])


def _patience(agent: Agent, ship: Ship | None = None) -> int:
    return parameters.resolve(StepParams, "steps", agent=agent, ship=ship).patience


def _pause(failures: int) -> float:
    """Game seconds until the next try, twice as long each time."""
    return min(FIRST_FAILURE * 2.0 ** (failures - 1), LONGEST_FAILURE)


def _last_words() -> str:
    """The traceback for the pages, its end if it is long."""
    return redact(traceback.format_exc())[-8000:]


def _recovered(ship: Ship) -> None:
    if ship.failures:
        sync.write(ship, failures=0, given_up=False, last_error="")
        clear_alert("failing", ship.symbol)


def step_evaluator(row: Evaluator, *, connections: Connections, prove: Prove) -> Wake:
    """Run one evaluator; a failure delays it and is shown, like a ship's."""
    job = jobs.EVALUATORS.get(row.name)
    if job is None:
        return wake_in(86_400, "no such job any more")
    order = controls.over_agent(row.agent_id, at=clock.now())
    if order and order.still:
        return wake_in(STANDSTILL, order.said)
    prove = standing.proving(prove, row.agent_id)
    api = connections.client(row.agent).bound(
        purpose=row.name, ship="", priority=4, before_call=prove
    )
    run: Callable[..., Any] = load(job.run)
    try:
        said = run(row.agent, api=api, trigger=row.trigger)
    except (OperationalError, InterfaceError, LeaseLost):
        raise
    except EmergencyStop as stop:
        return wake_in(STANDSTILL, str(stop))
    except WatchingOnly as stop:
        return wake_in(max(job.seconds, standing.WATCHED), stop.said())
    except (errors.GameReset, errors.Unauthorized) as error:
        return _halted(row.agent, error)
    except errors.SpaceTradersError as error:
        return wake_in(min(job.seconds, 60), f"the game answered: {error}"[:200])
    except Exception as error:
        return _evaluator_failed(row, error)
    if row.failures:
        Evaluator.objects.filter(pk=row.pk).update(failures=0, last_error="")
        clear_alert("failing", str(row))
    return wake_in(job.seconds, str(said or "done")[:200])


def _evaluator_failed(row: Evaluator, error: Exception) -> Wake:
    logger.exception("%s failed", row)
    failures = min(row.failures + 1, MOST_FAILURES)
    Evaluator.objects.filter(pk=row.pk).update(failures=failures, last_error=_last_words())
    if failures >= _patience(row.agent):
        raise_alert("failing", str(row), f"{failures} runs failed: {error!r}")
    return wake_in(_pause(failures), redact(f"failed, tried again later: {error!r}")[:200])
