"""Joining the game: register a new agent or adopt one, and learn its home system."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from fleet.models import Account, Agent, Control, Era, Evaluator, LedgerEntry, Waypoint
from spacefleet import clock, jobs
from spacefleet.spacetraders import Budget, Client, errors, payloads

from . import controls, lanes, ledger, muster, navigation, sync
from .connections import Connections

Tell = Callable[[str], Any]


class CannotJoin(Exception):
    """The agent cannot be played; the message says what to do."""


def enter_era(server: str, status: payloads.Status) -> Era:
    """The era the server is in, made at the first sight; our clock follows its time factor."""
    at = clock.now()
    told = {
        "version": status.version,
        "description": status.description,
        "time_factor": status.time_factor,
        "next_reset_at": status.next_reset_at,
        "looked_at": at,
    }
    era, _ = Era.objects.update_or_create(
        server=server,
        reset_date=str(status.reset_date),
        defaults=told,
        create_defaults={**told, "started_at": at},
    )
    clock.set_factor(era.time_factor)
    return era


def greet(server: str, *, transport: Any = None, proxy: str = "") -> payloads.Status:
    """Ask a server who it is. Raises CannotJoin with what to do when it does not answer."""
    return meet(server, transport=transport, proxy=proxy)[0]


def meet(
    server: str, *, transport: Any = None, proxy: str = ""
) -> tuple[payloads.Status, datetime | None]:
    """Who a server is, and what its clock says, to the second; like `greet`."""
    try:
        with Client(None, base_url=server, transport=transport, proxy=proxy or None) as client:
            return client.get_status(), client.server_at
    except (errors.SpaceTradersError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise CannotJoin(
            f"{server} does not answer as a SpaceTraders server ({error}). Start one with "
            "`manage.py rununiverse`, or set SPACETRADERS_URL to the server you want; its address "
            "ends with /v2."
        ) from error


def account(server: str, token: str) -> Account:
    """The account with this token at a server, kept from now on. Empty: anybody may register."""
    for known in Account.objects.filter(server=server):
        if known.token == token:
            return known
    return Account.objects.create(server=server, token=token, added_at=clock.now())


def register(
    server: str,
    *,
    symbol: str,
    faction: str,
    account_token: str | None = None,
    renew: Account | None = None,
    lane: str = "home",
    watch: bool = False,
    transport: Any = None,
    tell: Tell = print,
) -> Agent:
    """Register a new agent and learn its home. Raises CannotJoin with what to do.

    `renew` is the account with which it is registered again after each reset. One to `watch`
    is read and thought about, and changes nothing of the game until its order is taken back.
    """
    era = enter_era(server, greet(server, transport=transport))
    budget = _greeted()
    try:
        with Client(
            account_token, base_url=server, transport=transport, budget=budget, account=symbol
        ) as client:
            registration = client.register(symbol, faction)
    except errors.Unauthorized as error:
        raise CannotJoin(
            f"The server wants an account token to register {symbol} ({error}). Create one on "
            "its website and give it, on the page as in SPACETRADERS_ACCOUNT_TOKEN or "
            "--account-token-file."
        ) from error
    except errors.SpaceTradersError as error:
        raise CannotJoin(
            f"{symbol} of {faction} cannot be registered: {error}. A name has 3 to 14 letters, "
            "digits, - or _, and the faction must be one that recruits (COSMIC does)."
        ) from error
    agent = _store(
        era, registration.agent, registration.token, lane=lane, renew=renew, watch=watch
    )
    tell(f"registered {agent} of {agent.faction} at {agent.headquarters}")
    for ship in registration.ships:
        sync.store_ship(agent, ship)
    learn(agent, transport=transport, tell=tell, budget=budget)
    return agent


def adopt(
    server: str,
    *,
    token: str,
    renew: Account | None = None,
    lane: str = "home",
    watch: bool = False,
    transport: Any = None,
    tell: Tell = print,
) -> Agent:
    """Play an agent that exists, or only `watch` it, from where it stands.

    Raises CannotJoin with what to do.
    """
    era = enter_era(server, greet(server, transport=transport))
    budget = _greeted()
    try:
        with Client(token, base_url=server, transport=transport, budget=budget) as client:
            told = client.get_my_agent()
    except errors.GameReset as error:
        raise CannotJoin(
            f"This token is from before the last reset ({error}). Register a new agent."
        ) from error
    except errors.Unauthorized as error:
        raise CannotJoin(
            f"The server does not know this token ({error}). Copy the agent token again, "
            "without quotes or spaces."
        ) from error
    except errors.SpaceTradersError as error:
        raise CannotJoin(f"The server did not tell who this token is: {error}") from error
    agent = _store(era, told, token, lane=lane, renew=renew, watch=watch)
    tell(f"adopted {agent} with {agent.credits:,} credits")
    learn(agent, transport=transport, tell=tell, budget=budget)
    return agent


@transaction.atomic
def _store(
    era: Era,
    told: payloads.Agent,
    token: str,
    *,
    lane: str,
    renew: Account | None,
    watch: bool,
) -> Agent:
    """Write the agent with its order to watch, before any ship of it can fly.

    One we have keeps its ledger and gets the token and a fresh start.
    """
    row = _row(era, told, token, lane=lane, renew=renew)
    if watch:
        controls.give(Control.Mode.WATCH, agent=row, why="since it was added")
    return row


def _row(
    era: Era, told: payloads.Agent, token: str, *, lane: str, renew: Account | None
) -> Agent:
    row = Agent.objects.filter(era=era, symbol=told.symbol).first()
    if row:
        row.token, row.halted = token, ""
        row.lane = lanes.lane(lane)
        row.account = renew or row.account
        row.save(update_fields=["token", "halted", "lane", "account"])
        return row
    row = Agent.objects.create(
        era=era,
        lane=lanes.lane(lane),
        symbol=told.symbol,
        faction=told.starting_faction,
        headquarters=told.headquarters,
        token=token,
        account=renew,
        credits=0,
        joined_at=clock.now(),
    )
    ledger.book(row.pk, LedgerEntry.Kind.OPENING, told.credits, note="when we joined")
    row.refresh_from_db(fields=["credits"])
    return row


def set_alarms(agent: Agent) -> None:
    """Have every evaluator come round for an agent, those of a newer version too."""
    known = set(Evaluator.objects.filter(agent=agent).values_list("name", flat=True))
    for name in jobs.EVALUATORS:
        if name not in known:
            Evaluator.objects.get_or_create(
                name=name, agent=agent, defaults={"wake_at": clock.now()}
            )


def _greeted() -> Budget:
    """The request budget of joining, of which asking who the server is took one already."""
    budget = Budget(factor=clock.factor())
    budget.acquire()
    return budget


def learn(
    agent: Agent, *, transport: Any = None, tell: Tell = print, budget: Budget | None = None
) -> None:
    """Read the home system and all ships, and set the alarms. May be repeated without harm.

    What it leaves of the `budget` stands on the lane, so that its dispatcher begins without a
    burst on top of ours.
    """
    connections = Connections(transport=transport, proxy=agent.lane.proxy)
    connections.budget = budget or connections.budget
    api = connections.client(agent).bound(purpose="joining")
    sync.store_waypoints(agent, api.every_waypoint(agent.home))
    for told in muster.muster(agent.symbol, api=api).ships:
        sync.store_ship(agent, told)
    places = Waypoint.objects.filter(era=agent.era, system=agent.home)
    for waypoint in places.filter(market=True).order_by("pk"):
        sync.look_at_market(waypoint, api=api)
    for waypoint in places.filter(shipyard=True).order_by("pk"):
        sync.look_at_shipyard(waypoint, api=api)
    navigation.forget_places()
    set_alarms(agent)
    connections.requests.flush()
    connections.close()
    lanes.leave(agent.lane, connections.budget.state())
    tell(
        f"learned {places.count()} waypoints of {agent.home}, "
        f"{places.filter(market=True).count()} of them markets"
    )
