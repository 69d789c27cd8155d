"""Whether a contract is worth its time, and by which way, with the reason.

A way is judged by what it leaves, less what its hours would bring with other contracts and its
requests with other work: one of many credits and many hours loses against one of fewer that is
done soon. As only one contract can be open, leaving one is not free either: it keeps the next
away until its time to accept it is over. SpaceTraders 2.3.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

HOUR = 3600.0
SPARE = 0.5  # hours before the deadline in which everything must be handed in
REQUESTS_A_CONTRACT = 3  # negotiate, accept, fulfil
REQUESTS_A_TRIP = (
    9  # orbit, fly, dock, load or look, orbit, fly, dock, hand in; now and then fuel
)
FUEL = 0.72  # credits for a unit of ship fuel: 72 for a hundred at a market, measured

# What a market asks for a unit as a part of what contracts pay for one. Contracts pay 2.25 times
# the base price in the middle of fourteen; exports ask 0.8 of it, exchanges 1.03, imports 2.5.
GUESS = {"EXPORT": 0.36, "EXCHANGE": 0.46, "IMPORT": 1.1}


@dataclass(frozen=True, slots=True)
class Way:
    """One way to bring all units that are still to come.

    `cost` is what we pay for goods and fuel, and what goods of our own would bring elsewhere;
    `to_pay` is the part of it that leaves the treasury. `highest` is the price of the last unit
    bought. `fresh` means that the price was seen recently; otherwise it is old or a guess.
    `depot` is where the units of our own store are.
    """

    source: str
    stored: int
    bought: int
    cost: int
    to_pay: int
    highest: float
    seconds: float
    requests: int
    fresh: bool
    depot: str = ""

    @property
    def words(self) -> str:
        parts = []
        if self.stored:
            parts.append(f"{self.stored} from store")
        if self.bought:
            about = "at most" if self.fresh else "perhaps"
            parts.append(f"{self.bought} from {self.source} for {about} {self.highest:,.0f}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Case:
    """What is to be judged, in credits, game hours and units.

    `pays` is what the contract still pays; `blocked` the hours it keeps the next one away if it
    is left; `rate` what contracts bring an hour; `funds` what may be spent, None when nobody
    knows; `advance` what accepting would add to that. Of an `accepted` contract as much is bought as
    the funds allow, if these are `least` units: more come with the next trip.
    """

    good: str
    pays: int
    advance: int
    hours_left: float
    blocked: float
    rate: float
    funds: int | None
    mined: bool
    accepted: bool = False
    least: int = 1
    ways: Sequence[Way] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The owner's bounds: which percent of the blocked hours' worth a contract may cost, and
    what a request would bring elsewhere."""

    freeing: int
    a_request: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do and the sentence that is stored and shown. `accept` with a `way` that is not
    fresh means: go there and look before anything is signed. `needs` is what it lacks in funds,
    as a total to save up for."""

    accept: bool
    reason: str
    way: Way | None = None
    net: int | None = None
    needs: int = 0


def judge(case: Case, bounds: Bounds) -> Verdict:
    """Choose the best way, and say whether the contract is worth it."""
    soon = [way for way in case.ways if way.seconds / HOUR + SPARE <= case.hours_left]
    if not soon:
        return _no_way(case)
    way = max(soon, key=lambda each: (_worth(case, bounds, each), -each.seconds, each.source))
    net = case.pays - way.cost
    refused = _refusal(case, bounds, way, net)
    if refused:
        return refused
    money = _unpaid(case, way, net)
    return money or Verdict(True, _praise(case, way, net), way, net)


def _worth(case: Case, bounds: Bounds, way: Way) -> float:
    hours = way.seconds / HOUR
    return case.pays - way.cost - case.rate * hours - bounds.a_request * way.requests


def _no_way(case: Case) -> Verdict:
    if case.ways:
        return Verdict(False, f"left: {case.hours_left:.1f} h to its deadline are too few")
    if case.mined:
        return Verdict(True, f"our mines bring {case.good}, and nobody sells it")
    return Verdict(False, f"left: nobody sells {case.good}, and none of our mines brings it")


def _refusal(case: Case, bounds: Bounds, way: Way, net: int) -> Verdict | None:
    """Why not: it costs more, its hours and requests included, than the hours that leaving it
    would block are worth."""
    allowed = case.rate * case.blocked * bounds.freeing / 100
    if -_worth(case, bounds, way) <= allowed:
        return None
    return Verdict(
        False,
        f"left: {way.words} would leave {net:+,} for {way.seconds / 60:.0f} min and "
        f"{way.requests} requests",
        way,
        net,
    )


def _unpaid(case: Case, way: Way, net: int) -> Verdict | None:
    """Why the treasury cannot carry it now."""
    if not way.to_pay:
        return None
    if case.funds is None:
        return Verdict(False, "waits until the balance is certain again", way, net)
    if way.to_pay <= case.funds + case.advance:
        return None
    units = int(case.funds // max(1.0, way.highest)) if case.accepted else 0
    if units >= case.least:
        now = f"{units} of {way.bought} for now: {case.funds:,} credits may be spent"
        return Verdict(True, f"{_praise(case, way, net)}; {now}", way, net, way.to_pay)
    needs = way.to_pay - case.advance
    return Verdict(
        False,
        f"left for now: {way.words} needs {needs:,} credits, {case.funds:,} may be spent",
        way,
        net,
        needs,
    )


def _praise(case: Case, way: Way, net: int) -> str:
    said = f"{net:+,} in {way.seconds / 60:.0f} min with {way.requests} requests: {way.words}"
    if net < 0:
        return f"{said}; a loss, but it would block the next for {case.blocked:.0f} h"
    return said
