"""The way out of crowded depots, rung by rung (T10): sell, else expand, else sell at any price.

Eligible sales come first. When they do not suffice, or take too long, another depot is asked for
behind the purchase guard, once in a crowding; when that is refused or fails, what nobody reserved is
sold at any price. Every rung is a row with its outcome and what it saw.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import inventory.services.capacity
import inventory.services.expansion
from fleet.models import Agent
from inventory.models import Expansion
from sales.models import Crowding, Rung, Sale
from sales.rules import deciding
from sales.rules.outlets import Offer
from sales.selectors import markets
from sales.selectors.outlets import Outlet
from sales.selectors.picture import Picture
from spacefleet import clock

from . import planning
from .planning import Decision, Lot

Kind = Rung.Kind


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a rung: whether it did something, in words, and what it saw besides."""

    kind: str
    worked: bool
    outcome: str
    inputs: dict[str, Any] = field(default_factory=dict)


def climb(seen: Picture, sold: Sequence[Sale], *, trigger: str) -> str:
    """Take the next rungs while the depots are crowded; answers what was done, for the evaluator's
    line. `sold` are the sales just planned."""
    standing = Crowding.objects.filter(agent=seen.agent, ended_at__isnull=True).first()
    if seen.percent < seen.params.crowded_at:
        return _relieved(seen, standing) if standing else ""
    if standing is None:
        standing = _begin(seen)
    elif seen.percent > standing.peak_percent:
        Crowding.objects.filter(pk=standing.pk).update(peak_percent=seen.percent)
    before = list(standing.rungs.order_by("pk"))
    said = []
    for tried in _rungs(seen, standing, before, sold, trigger=trigger):
        _note(seen, standing, before, tried)
        said.append(f"{Kind(tried.kind).label.lower()}: {tried.outcome}")
    return "".join(f"; {each}" for each in said)


def _rungs(
    seen: Picture,
    standing: Crowding,
    before: Sequence[Rung],
    sold: Sequence[Sale],
    *,
    trigger: str,
) -> Iterable[Tried]:
    selling = _sell(seen, sold)
    yield selling
    late = clock.elapsed(standing.began_at, seen.at) >= seen.params.ladder_patience
    if selling.worked and not late:
        return
    expanding = _expand(seen, before)
    yield expanding
    if not expanding.worked:
        yield _emergency(seen, sold, trigger=trigger)


def _begin(seen: Picture) -> Crowding:
    return Crowding.objects.create(
        agent=seen.agent,
        began_at=seen.at,
        began_percent=seen.percent,
        peak_percent=seen.percent,
    )


def _relieved(seen: Picture, standing: Crowding) -> str:
    minutes = clock.elapsed(standing.began_at, seen.at) / 60
    outcome = f"{seen.percent} % full after {minutes:.0f} min"
    ended = Crowding.objects.filter(pk=standing.pk, ended_at__isnull=True)
    if not ended.update(ended_at=seen.at):
        return ""
    _note(seen, standing, [], Tried(Kind.RELIEVED, True, outcome))
    return f"; relieved: {outcome}"


def _note(seen: Picture, standing: Crowding, before: Sequence[Rung], tried: Tried) -> None:
    """Write a rung down, unless the last one of its kind says the same."""
    last = next((rung for rung in reversed(before) if rung.kind == tried.kind), None)
    if last and (last.worked, last.outcome) == (tried.worked, tried.outcome[:200]):
        return
    fill = seen.fill
    saw = {
        "percent": seen.percent,
        "units": fill.units,
        "incoming": fill.incoming,
        "capacity": fill.capacity,
        "leaving": sum(seen.wanted.values()),
        "crowded_at": seen.params.crowded_at,
    }
    Rung.objects.create(
        crowding=standing,
        kind=tried.kind,
        at=seen.at,
        worked=tried.worked,
        outcome=tried.outcome[:200],
        inputs=saw | tried.inputs,
    )


def _sell(seen: Picture, sold: Sequence[Sale]) -> Tried:
    """The first rung: it suffices when what is sold and asked for would leave enough room."""
    planned = sum(sale.units for sale in sold)
    leaving = planned + sum(seen.wanted.values())
    after = seen.percent_without(leaving)
    saw = {"planned": planned, "percent_after": after}
    if not leaving:
        return Tried(Kind.SELL, False, "nothing in store may be sold now", saw)
    worked = after < seen.params.crowded_at
    outcome = f"{leaving} units are to leave, {after} % would remain"
    return Tried(Kind.SELL, worked, outcome, saw)


def _expand(seen: Picture, before: Sequence[Rung]) -> Tried:
    """The second rung: one more depot, once in a crowding, as far as the guard lets us."""
    asked = next((rung for rung in before if rung.kind == Kind.EXPAND), None)
    row = (
        _followed(seen.agent, asked)
        if asked
        else inventory.services.expansion.ask(
            seen.agent, why=f"depots are {seen.percent} % full"
        )
    )
    if row is None:
        return Tried(Kind.EXPAND, False, "no more room was asked for")
    if not asked:
        inventory.services.capacity.state(seen.agent)
    ships = row.inputs.get("guard", {})
    saw = {
        "expansion": row.pk,
        "ships": {kind: why or "affordable" for kind, why in ships.items()},
    }
    if row.given_up:
        return Tried(Kind.EXPAND, False, f"{row.outcome}: {row.reason}", saw)
    said = row.reason or f"{row.ship_type} wanted as another depot at {row.waypoint}"
    return Tried(Kind.EXPAND, True, said, saw)


def _followed(agent: Agent, asked: Rung) -> Expansion | None:
    """What became of the room this crowding asked for."""
    inventory.services.expansion.follow(agent)
    return Expansion.objects.filter(pk=asked.inputs.get("expansion")).first()


def _emergency(seen: Picture, sold: Sequence[Sale], *, trigger: str) -> Tried:
    """The last rung: what nobody reserved is sold, fresh price or not, as much as gives room."""
    leaving = sum(sale.units for sale in sold) + sum(seen.wanted.values())
    need = seen.units_over(leaving)
    gone = {sale.good for sale in sold}
    decisions = []
    for good in seen.goods:
        if need <= 0:
            break
        if good in gone or not seen.units(good):
            continue
        decision = _at_any_price(seen, good, need)
        decisions.append(decision)
        need -= sum(lot.units for lot in decision.lots)
    made = planning.carry_out(seen, decisions, trigger=trigger)
    units = sum(sale.units for sale in made)
    saw = {"goods": {sale.good: sale.units for sale in made}, "still_over": max(0, need)}
    if units:
        return Tried(Kind.EMERGENCY, True, f"{units} units are sold at any price", saw)
    if seen.units_over(leaving) <= 0:
        return Tried(Kind.EMERGENCY, True, "what is to leave gives room enough", saw)
    return Tried(Kind.EMERGENCY, False, "all that remains is reserved, or nobody buys it", saw)


def _at_any_price(seen: Picture, good: str, most: int) -> Decision:
    known: list[Offer] = seen.offers.get(good, [])
    free = seen.units(good) - seen.reserved.get(good, 0)
    units = max(0, min(free, most))
    outlet, ranking, _ = planning.choose(seen, good, known, max(1, min(units, seen.hold)))
    outlet = outlet or _somewhere(seen, good)
    look = seen.look(good, outlet if ranking else None, buffer=0)
    verdict = deciding.emergency(look)
    if outlet is None or not verdict.sell or not units:
        why = "reserved" if not units else "nobody here buys it"
        none = deciding.keep(deciding.Failed.FRESH_PRICE, f"emergency, but {why}")
        return Decision(good, look, none, ranking, [])
    lots = planning.lots(seen, good, known, units, pressed=True)
    return Decision(good, look, verdict, ranking, lots or [Lot(outlet, units, outlet.waypoint)])


def _somewhere(seen: Picture, good: str) -> Outlet | None:
    """The nearest market that lists a good, at a price nobody has seen."""
    paths = seen.ways(good)
    if paths is None:
        return None
    listed = markets.listing(seen.agent.era_id, seen.agent.home, [good]).get(good, [])
    ways = [(route.seconds, name) for name in listed if (route := paths.to(name)) is not None]
    if not ways:
        return None
    seconds, name = min(ways)
    return Outlet(name, 0, seconds, "price unknown, read on arrival")
