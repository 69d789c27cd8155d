"""Looking before acting: what the game did that our rows do not know is read and written down.

A ship is suspect when an answer was lost or a step was cut short. Its truth is then read from
the game, trades that were not booked are found in the market's own list, and the other
domains' healers (named in `spacefleet.jobs`) mend what follows from it.
"""

from collections import Counter
from datetime import datetime, timedelta

from django.db.models import DateTimeField, Value
from django.db.models.functions import Coalesce

from fleet.models import Agent, LedgerEntry, NavStatus, Ship, Waypoint
from spacefleet import clock, jobs
from spacefleet.parameters import load
from spacefleet.spacetraders import Client, payloads

from . import alarms, ledger, sync

MARGIN = timedelta(seconds=5)  # clocks of two machines may differ by so much
IN_FLIGHT = timedelta(seconds=5)  # wall time; what a dead process sent last may yet arrive


def mark_cut_short(lane: int, *, generation: int) -> int:
    """Suspect every ship of a lane whose step an earlier dispatcher left unfinished.

    They are looked at when nothing of that dispatcher is on its way to the game any more.
    """
    cut = Ship.objects.filter(agent__lane=lane, stepping__lt=generation)
    count = 0
    for ship in cut:
        suspect(ship, "a step was cut short", since=ship.stepping_at)
        count += 1
    cut.update(stepping=None, wake_at=clock.now() + IN_FLIGHT)
    alarms.ring()
    return count


def mark_restored(*, since: datetime) -> int:
    """Suspect every ship of a running era: its row is from a backup of that moment."""
    ships = Ship.objects.filter(lost_at__isnull=True, agent__era__archived_at__isnull=True)
    return ships.update(
        suspect_since=Coalesce("suspect_since", Value(since, DateTimeField())),
        suspect_why="read from a backup",
        wake_at=clock.now(),
    )


def suspect(ship: Ship, why: str, *, since: datetime | None = None) -> None:
    """Remember that the game may know more of this ship than we do, since that moment."""
    since = ship.suspect_since or since or ship.stepping_at or clock.now()
    sync.write(ship, suspect_since=since, suspect_why=why[:200])


def heal(ship: Ship, *, api: Client) -> str:
    """Bring our rows in line with the game before the ship acts again; says what was found."""
    since = (ship.suspect_since or clock.now()) - MARGIN
    before = dict(ship.cargo)
    sync.reread(ship, api=api)
    booked = _book_missed_trades(ship, since=since, api=api)
    found = [f"booked {booked} missed trades"] if booked else []
    for path in jobs.HEALERS:
        if said := load(path)(ship, before=before, since=since, api=api):
            found.append(said)
    sync.write(ship, suspect_since=None, suspect_why="")
    _compare(ship.agent, api=api)
    return "; ".join(found) or "nothing was missing"


def _book_missed_trades(ship: Ship, *, since: datetime, api: Client) -> int:
    """Book trades of this ship since `since` that the market lists and the ledger does not."""
    if ship.nav_status == NavStatus.IN_TRANSIT:
        return 0
    waypoint = Waypoint.objects.filter(
        era_id=ship.agent.era_id, symbol=ship.waypoint, market=True
    ).first()
    if waypoint is None:
        return 0
    market = api.get_market(waypoint.symbol)
    sync.store_market(waypoint, market)
    listed = [
        trade
        for trade in market.transactions or ()
        if trade.ship == ship.symbol and trade.at >= since
    ]
    missed = unbooked(ship, listed)
    for trade in missed:
        ledger.book_trade(ship, trade, note="healed: the answer was lost")
    return len(missed)


def unbooked(ship: Ship, trades: list[payloads.Transaction]) -> list[payloads.Transaction]:
    """Those of the game's trades that the ledger lacks; equal ones are counted, not merged."""
    if not trades:
        return []
    known = Counter(
        LedgerEntry.objects.filter(
            ship=ship, game_at__gte=min(trade.at for trade in trades)
        ).values_list("game_at", "good", "units", "price")
    )
    missed = []
    for trade in trades:
        key = (trade.at, trade.good, trade.units, trade.price)
        if known[key]:
            known[key] -= 1
        elif trade.total:
            missed.append(trade)
    return missed


def _compare(agent: Agent, *, api: Client) -> None:
    if ledger.unsettled(agent.pk):
        return
    with ledger.moving(agent.pk) as move:
        move.settle(api.get_my_agent().credits)
