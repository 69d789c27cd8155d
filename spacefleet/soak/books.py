"""Our rows against what the universe says it did: nothing lost, nothing doubled.

Every event of the universe's log that changes credits, cargo or contracts has its row with us,
and every row its event. A row is never there before its event, and an event may wait for its
row while a step runs or a ship is looked after: so rows are read first, and what is missing is
judged once it should be there.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from typing import Any

from django.db.models import Sum

from allocation.models import Claim, Contract, ResourceRequest
from fleet.models import Agent, Lane, LedgerEntry, Ship
from inventory.models import Stock, Transfer
from mining.models import Extraction, Jettison
from spacefleet import clock
from spacefleet.universe import World
from spacefleet.universe.events import Entry

Tally = Counter[tuple[Hashable, ...]]

TRADES = {"sell": "sale", "purchase": "purchase"}
WORDS = {
    "accept": "advance of contract ",
    "fulfill": "payment of contract ",
    "lapse": "advance taken back of contract ",
}


def told(entry: Entry) -> tuple[Hashable, ...] | None:
    """An event as its row is counted; None for what leaves none."""
    read = _TOLD.get(entry.action)
    return read(entry, entry.details) if read else None


def _traded(entry: Entry, said: dict[str, Any]) -> tuple[Hashable, ...]:
    return TRADES[entry.action], entry.ship, said["good"], said["units"], said["price"]


def _refuelled(entry: Entry, said: dict[str, Any]) -> tuple[Hashable, ...] | None:
    return (
        ("fuel", entry.ship, "FUEL", said["units"], said["price"]) if said["credits"] else None
    )


def _dug(entry: Entry, said: dict[str, Any]) -> tuple[Hashable, ...]:
    return "load", entry.ship, said["good"], said["units"]


_TOLD: dict[str, Callable[[Entry, dict[str, Any]], tuple[Hashable, ...] | None]] = {
    "sell": _traded,
    "purchase": _traded,
    "refuel": _refuelled,
    "buy ship": lambda entry, said: ("ship", entry.ship, said["type"], 1, -said["credits"]),
    "accept": lambda entry, said: ("contract", WORDS[entry.action] + said["contract"]),
    "fulfill": lambda entry, said: ("contract", WORDS[entry.action] + said["contract"]),
    "lapse": lambda entry, said: ("contract", WORDS[entry.action] + said["contract"]),
    "transfer": lambda entry, said: (
        "transfer",
        entry.ship,
        said["target"],
        said["good"],
        said["units"],
    ),
    "extract": _dug,
    "siphon": _dug,
    "jettison": lambda entry, said: ("jettison", entry.ship, said["good"], said["units"]),
    "offer": lambda entry, said: ("offer", said["contract"]),
}


def events(log: Iterable[Entry]) -> Tally:
    """What the universe did, counted."""
    return Counter(found for entry in log if (found := told(entry)) is not None)


def rows(agent: Agent) -> Tally:
    """What we wrote down, counted."""
    found: Tally = Counter()
    ledger = LedgerEntry.objects.filter(agent=agent).exclude(kind=LedgerEntry.Kind.OPENING)
    for kind, ship, good, units, price, note in ledger.values_list(
        "kind", "ship__symbol", "good", "units", "price", "note"
    ):
        found[
            ("contract", note) if kind == "contract" else (kind, ship, good, units, price)
        ] += 1
    moved = Transfer.objects.filter(giver__agent=agent, status=Transfer.Status.CONFIRMED)
    mine = {"ship__agent": agent}
    for name, values in (
        ("transfer", moved.values_list("giver__symbol", "receiver__symbol", "good", "units")),
        (
            "load",
            Extraction.objects.filter(**mine).values_list("ship__symbol", "good", "units"),
        ),
        (
            "jettison",
            Jettison.objects.filter(**mine).values_list("ship__symbol", "good", "units"),
        ),
        ("offer", Contract.objects.filter(agent=agent).values_list("game_id")),
    ):
        found.update((name, *row) for row in values)
    return found


def doubled(agent: Agent, happened: Tally) -> list[str]:
    """Rows without an event: booked twice, or never happened. Wrong at every moment."""
    written = rows(agent)
    return _sentences("written, but the game did not do it", written - happened.copy())


def missing(agent: Agent, happened: Tally) -> list[str]:
    """Events so far without a row."""
    return _sentences("the game did it, but no row tells", happened.copy() - rows(agent))


def _sentences(what: str, found: Tally) -> list[str]:
    return [f"{what}: {' '.join(map(str, key))} ({count}x)" for key, count in found.items()]


def balance(agent: Agent, world: World) -> dict[str, str]:
    """The ledger against the game to the credit, by what differs; a sale under way differs for
    a moment."""
    agent.refresh_from_db(fields=["credits", "drift"])
    booked = LedgerEntry.objects.filter(agent=agent).aggregate(sum=Sum("amount"))["sum"] or 0
    has = world.agents[agent.symbol].credits
    return {
        what: f"is {ours:,}, the game says {theirs:,}"
        for what, ours, theirs in (
            ("the sum of the ledger", booked, has),
            ("the balance", agent.credits, has),
            ("the drift", agent.drift, 0),
        )
        if ours != theirs
    }


def holds(agent: Agent, world: World) -> dict[str, str]:
    """Where hold, fuel or place of a ship differs from the game's, by what differs. A ship in
    the middle of a step may differ for a moment."""
    found = {}
    now = clock.now()
    ships = Ship.objects.filter(agent=agent, lost_at__isnull=True)
    if ships.count() != len(world.agents[agent.symbol].ships):
        found["ships"] = f"we have {ships.count()} ships, the game another number"
    for ship in ships:
        there = world.ships[ship.symbol]
        ship.settle(now)
        for what, ours, theirs in (
            ("cargo", ship.cargo, dict(there.cargo)),
            ("fuel", ship.fuel, there.fuel),
            ("waypoint", ship.waypoint, there.waypoint),
        ):
            if ours != theirs:
                found[f"{what} of {ship}"] = f"is {ours}, the game says {theirs}"
    return found


def stores(agent: Agent, world: World) -> dict[str, str]:
    """Stock of the depots against their holds, and promises against stock, by what differs."""
    found = {}
    for row in Stock.objects.filter(depot__ship__agent=agent).select_related("depot__ship"):
        aboard = world.ships[row.depot.ship.symbol].cargo.get(row.good, 0)
        if row.units != aboard:
            found[f"{row.good} in {row.depot.ship}"] = f"is {row.units}, aboard are {aboard}"
        if row.promised > row.units:
            found[f"promises of {row}"] = f"{row.promised} of {row.units} units"
    return found


def queue(agent: Agent) -> list[str]:
    """First come, first served: whoever was promised goods had nobody waiting before him."""
    waiting = ResourceRequest.objects.filter(agent=agent).waiting()
    untouched = list(
        waiting.filter(claims__isnull=True).values_list("good", "created_at", "pk")
    )
    found = []
    for good, created_at, pk in untouched:
        later = Claim.objects.filter(
            request__agent=agent,
            request__good=good,
            request__created_at__gt=created_at,
            at__gt=created_at,
        ).exclude(request=pk)
        found += [
            f"request {each.request_id} overtook request {pk} for {good}" for each in later
        ]
    return found


def owners(agent: Agent) -> list[str]:
    """One owner a ship: no step runs for another generation than the lane's."""
    lane = Lane.objects.get(pk=agent.lane_id)
    strangers = Ship.objects.filter(agent=agent, stepping__isnull=False).exclude(
        stepping=lane.generation
    )
    return [
        f"{ship} is stepped by generation {ship.stepping}, the lane is at {lane.generation}"
        for ship in strangers
    ]


def deliveries(agent: Agent, log: list[Entry]) -> list[str]:
    """Units handed in for each contract."""
    handed: Counter[str] = Counter()
    for entry in log:
        if entry.action == "deliver":
            handed[str(entry.details["contract"])] += int(str(entry.details["units"]))
    return [
        f"{row} has {row.units_fulfilled} units handed in, the game says {handed[row.game_id]}"
        for row in Contract.objects.filter(agent=agent)
        if row.units_fulfilled != handed[row.game_id]
    ]


def doubtful(agent: Agent) -> list[str]:
    """Ships and transfers that still wait to be looked after, and steps that failed."""
    ships = Ship.objects.filter(agent=agent, lost_at__isnull=True)
    found = [
        f"{ship} is suspect: {ship.suspect_why}" for ship in ships.exclude(suspect_since=None)
    ]
    unsettled = Transfer.objects.filter(giver__agent=agent, status__in=Transfer.UNSETTLED)
    found += [
        f"transfer {row.pk} of {row.units} {row.good} is {row.status}" for row in unsettled
    ]
    return found


def failing(agent: Agent) -> list[str]:
    """Steps and evaluators that raised."""
    from spacefleet import outcome

    return outcome.failures(agent)
