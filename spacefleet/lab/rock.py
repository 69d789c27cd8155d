"""A rock, its diggers and its markets: the narrow laboratory of survey policies.

Physics are the universe's own (`spacefleet.universe.physics.work` and `markets`, in a home system
it generated), judgement is the fleet's own (`mining.rules`); in between there is no database and
no client, so that a day of a site takes a second. What stands between rock and market is kept
simple and the same for every policy: a store at the rock takes what the diggers hand over, one
request for each kind of good; a freighter leaves with every full load, visits the markets that
bring most, and its visits, looks and trades are requests too; probes look at all prices every
half hour.
"""

import heapq
import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from itertools import count

from fleet.rules import prices as law
from mining.rules import aiming, deposits, impact
from mining.rules.aiming import Aim, Digging, Policy
from spacefleet.universe.chance import Stream
from spacefleet.universe.physics import markets, work
from spacefleet.universe.scenarios import build
from spacefleet.universe.state import Market, Waypoint

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
SURVEYOR = "MOUNT_SURVEYOR_I"
LASER, SURVEYING = "MOUNT_MINING_LASER", "MOUNT_SURVEYOR"

HAND_OVER = 0.7  # share of the hold from which a digger hands over, as in the fleet
LOAD = 80  # units a freighter leaves with
FREIGHTER_SPEED = 15
VISIT, RETURN = 4, 2  # requests: to fly, dock, look and refuel; to come back
ANOTHER_MARKET = 180.0  # credits that make one more market worth its visit
LOOK = 1800.0  # seconds between two looks of the probes
PRICED = 60.0  # seconds a decision goes on with the same prices
GUARD = 60.0  # seconds a survey must live to be used
DEEP = 10_000  # times the trade volume where markets do not saturate
REQUESTS_A_LOAD = 2.5  # of digging, handing over and selling, for each extraction


@dataclass(frozen=True, slots=True)
class Crew:
    """Who works the rock: diggers that only dig, surveyors, and ships that do both.

    `a_minute` caps the extractions of all together, as the fleet does to spare the rock.
    """

    name: str
    diggers: int = 0
    surveyors: int = 0
    both: int = 0
    laser: str = "MOUNT_MINING_LASER_I"
    surveyor: str = SURVEYOR
    hold: int = 15
    a_minute: int = 9


@dataclass(frozen=True, slots=True)
class Rule:
    """A policy with its numbers."""

    policy: str = Policy.STOPPING
    percent: int = 90
    thrift: float = 0.8
    foresight: float = 1.5
    patient: bool = False  # the percentile rule surveys only until a good survey is there


@dataclass(slots=True)
class Found:
    """A survey as the game has it; `taken` is what our side counts."""

    deposits: tuple[str, ...]
    size: str
    expires: float
    remaining: int
    taken: int = 0


@dataclass(slots=True)
class Result:
    """What a run brought: credits, requests, and how it came about."""

    hours: float
    credits: int = 0
    requests: int = 0
    extractions: int = 0
    aimed: int = 0
    surveys: int = 0

    @property
    def per_hour(self) -> float:
        return self.credits / self.hours

    @property
    def per_request(self) -> float:
        return self.credits / self.requests


class Rock:
    """One rock of the home system of `seed`, worked by a crew under a rule."""

    def __init__(self, seed: int, crew: Crew, rule: Rule, *, saturating: bool) -> None:
        self.crew, self.rule = crew, rule
        self.world = build("first_day", seed=seed, start=START, homes=1, others=0)
        self.rules = self.world.rules
        home = next(each for each in self.world.systems.values() if each.home_of)
        self.here = self._choose(list(home.waypoints.values()), Stream(seed, "rock"))
        self.goods = tuple(work.deposits(self.here.traits))
        self.sought = work.surveyable(self.here.traits, [crew.surveyor], self.rules)
        self.markets = self._buyers(home.waypoints)
        if not saturating:
            _deepen(self.markets.values())
        self.digs, self.finds = Stream(seed, "digging"), Stream(seed, "surveying")
        self._set_pace()
        self.surveys: list[Found] = []
        self.past: list[tuple[str, ...]] = []
        self.holds = [Counter[str]() for _ in range(crew.diggers + crew.both)]
        self.store, self.under_way = Counter[str](), Counter[str]()
        self.seen: dict[str, dict[str, law.Quote]] = {}
        self.recent: list[float] = []
        self.result = Result(0.0)
        self._ledger = _Prices()
        self._queue: list[tuple[float, int, Callable[[float], float | None]]] = []
        self._number = count()

    def _choose(self, places: list[Waypoint], chance: Stream) -> Waypoint:
        """Any rock where this surveyor finds something, all equally likely."""
        rocks = [
            place
            for place in places
            if "ASTEROID" in place.type
            and work.surveyable(place.traits, [self.crew.surveyor], self.rules)
        ]
        return rocks[int(chance.random() * len(rocks))]

    def _buyers(self, places: dict[str, Waypoint]) -> dict[str, Market]:
        found = {symbol: self.world.market(symbol) for symbol in places}
        return {
            symbol: market
            for symbol, market in found.items()
            if market
            and any(
                good in market.goods and market.goods[good].kind != markets.EXPORT
                for good in self.goods
            )
        }

    def _set_pace(self) -> None:
        crew = self.crew
        self.stripped = "STRIPPED" in self.here.traits
        share = self.rules.stripped_yield if self.stripped else 1.0
        self.strengths = work.strengths([crew.laser], LASER)
        self.load = sum(self.strengths) * share
        self.digging_rest = work.cooldown([crew.laser], LASER)
        self.survey_rest = work.cooldown([crew.surveyor], SURVEYING)
        ships = crew.diggers + crew.both
        self.pace = self.load * min(ships / self.digging_rest, crew.a_minute / 60)

    # time

    def run(self, hours: float) -> Result:
        """Work the rock for so many hours, sell what is left, and answer what it brought."""
        crew = self.crew
        self._at(0.0, self._probe)
        for ship in range(len(self.holds)):
            both = ship >= crew.diggers
            begin = ship * self.digging_rest / len(self.holds)
            self._at(begin, partial(self._work, ship, both))
        for number in range(crew.surveyors):
            self._at(10.0 * number, self._look_for_deposits)
        self.result.hours = hours
        end = hours * 3600
        while self._queue[0][0] < end:
            at, _, step = heapq.heappop(self._queue)
            self.world.now = self.world.start + int(at * 1000)
            after = step(at)
            if after is not None:
                self._at(after, step)
        for hold in self.holds:
            self.store += hold
        self._sell(self.store + self.under_way)
        return self.result

    def _at(self, when: float, step: Callable[[float], float | None]) -> None:
        heapq.heappush(self._queue, (when, next(self._number), step))

    # ships

    def _look_for_deposits(self, at: float) -> float:
        """The step of a surveyor."""
        again, _ = self._survey_again(at, digs=False)
        if not again:
            return at + 30
        self._survey(at)
        return at + self.survey_rest

    def _work(self, ship: int, both: bool, at: float) -> float:
        """The step of a digger, and of a ship that digs and surveys."""
        if both and self._survey_again(at, digs=True)[0]:
            self._survey(at)
            return at + self.survey_rest
        self.recent = [each for each in self.recent if each > at - 60]
        if len(self.recent) >= self.crew.a_minute:
            return self.recent[0] + 60.001
        self._dig(ship, at)
        return at + self.digging_rest

    def _survey(self, at: float) -> None:
        self.result.requests += 1
        for _ in range(sum(work.strengths([self.crew.surveyor], SURVEYING))):
            size, remaining = work.survey_size(self.rules, self.finds)
            found = tuple(work.survey_deposits(self.sought, self.finds))
            life = work.survey_lifetime(self.rules, self.finds) / 1000
            self.surveys.append(Found(found, size, at + life, remaining))
            self.past.append(found)
            self.result.surveys += 1

    def _dig(self, ship: int, at: float) -> None:
        chosen = self._pick(ship, at)
        self.result.requests += 1
        while chosen is not None and chosen.remaining <= 0:  # refused: it is exhausted
            self.surveys.remove(chosen)
            chosen = self._pick(ship, at)
            self.result.requests += 1
        self.recent.append(at)
        hold = self.holds[ship]
        good = work.draw(chosen.deposits if chosen else self.goods, {}, self.digs)
        units = work.amount(
            self.strengths, rules=self.rules, stripped=self.stripped, chance=self.digs
        )
        units = min(units, self.crew.hold - hold.total())
        hold[good] += units
        self.result.extractions += 1
        if chosen:
            chosen.remaining -= units
            chosen.taken += units
            self.result.aimed += 1
        if hold.total() >= HAND_OVER * self.crew.hold:
            self._hand_over(hold, at)

    def _hand_over(self, hold: Counter[str], at: float) -> None:
        self.result.requests += len(hold)
        self.store += hold
        hold.clear()
        while self.store.total() >= LOAD:
            self._depart(at)

    # the fleet's judgement

    def _usable(self, at: float) -> list[Found]:
        self.surveys = [each for each in self.surveys if each.expires > at]
        return [each for each in self.surveys if each.expires > at + GUARD]

    def _pick(self, ship: int, at: float) -> Found | None:
        if self.rule.policy == Policy.NEVER:
            return None
        usable = self._usable(at)
        value = self._value(at)
        if self.rule.policy == Policy.STOPPING and self.holds[ship]:
            value = partial(self._ledger.aboard, self.holds[ship])
        aims = [_aim(each, value, at) for each in usable]
        chosen, _ = aiming.pick(
            self.rule.policy, aims, value(self.goods), floor=self._floor(value)
        )
        return None if chosen is None else usable[chosen]

    def _survey_again(self, at: float, *, digs: bool) -> tuple[bool, str]:
        rule = self.rule
        if rule.policy == Policy.NEVER:
            return False, ""
        value = self._value(at)
        aims = [_aim(each, value, at) for each in self._usable(at)]
        digging = self._ledger.digging
        best = max([digging.blind, *(each.value for each in aims)])
        return aiming.survey_again(
            rule.policy,
            aims,
            self._usual(value) if rule.policy == Policy.STOPPING else (),
            digging,
            digs=digs or rule.patient,
            instead=best * self.load * self.survey_rest / self.digging_rest if digs else 0.0,
            floor=self._floor(value),
            foresight=rule.foresight,
        )

    def _floor(self, value: Callable[[tuple[str, ...]], float]) -> float | None:
        if self.rule.policy != Policy.PERCENTILE:
            return None
        past = [value(each) for each in self.past[-aiming.HISTORY :]]
        return aiming.good_from(past, self.rule.percent)

    def _usual(self, value: Callable[[tuple[str, ...]], float]) -> list[float]:
        past = self.past[-aiming.HISTORY :]
        prior = aiming.typical(tuple(sorted(self.sought)))[: aiming.HISTORY - len(past)]
        return [value(each) for each in (*past, *prior)]

    def _value(self, at: float) -> Callable[[tuple[str, ...]], float]:
        """Credits a unit by a list of deposits: what markets show, or what a sale will bring."""
        ledger = self._ledger
        if at - ledger.at >= PRICED:
            stops = self.rule.policy == Policy.STOPPING
            prices = self._after_sales() if stops else self._shown()
            ledger.renew(at, prices, self._digging(prices), self.rule.thrift if stops else 0.0)
            ledger.digging = replace(ledger.digging, blind=ledger.value(self.goods))
        return ledger.value

    def _digging(self, prices: dict[str, float]) -> Digging:
        blind = deposits.mean_price(self.goods, prices)
        listed = (deposits.survey_value(each.deposits, prices) for each in self.surveys)
        request = max([blind, *listed]) * self.load / REQUESTS_A_LOAD
        return Digging(blind, self.pace, self.load, HAND_OVER * self.crew.hold, request)

    def _shown(self) -> dict[str, float]:
        return {
            good: float(max(quote.price for quote in quotes.values()))
            for good, quotes in self.seen.items()
        }

    def _after_sales(self) -> dict[str, float]:
        dug = self.store + self.under_way
        for hold in self.holds:
            dug += hold
        return {
            good: impact.next_units(list(quotes.values()), LOAD, ahead=dug[good])
            for good, quotes in self.seen.items()
        }

    # markets

    def _probe(self, at: float) -> float:
        for symbol in self.markets:
            self._look(symbol)
            self.result.requests += 1
        return at + LOOK

    def _look(self, symbol: str) -> None:
        market = self.world.market(symbol)
        assert market is not None
        for name in self.goods:
            good = market.goods.get(name)
            if good is not None and good.kind != markets.EXPORT:
                receive = markets.prices(good)[1]
                self.seen.setdefault(name, {})[symbol] = law.Quote(
                    good.kind, receive, good.volume, markets.supply(good)
                )

    def _depart(self, at: float) -> None:
        load, room = Counter[str](), LOAD
        for good in list(self.store):
            load[good] = min(room, self.store[good])
            room -= load[good]
        self.store -= load
        self.under_way += load
        flight = min(self._distance(symbol) for symbol in self.markets)
        self._at(at + 15 + flight * 25 / FREIGHTER_SPEED, lambda at: self._arrive(load))

    def _distance(self, symbol: str) -> float:
        there = self.world.waypoints[symbol]
        return max(1.0, math.dist((self.here.x, self.here.y), (there.x, there.y)))

    def _arrive(self, load: Counter[str]) -> None:
        self.under_way -= load
        self._sell(load)

    def _sell(self, load: Counter[str]) -> None:
        """Visit the markets that together bring most, and sell each good where it brings most."""
        load = +load
        self.result.requests += RETURN
        visited = self._tour(load)
        for good, units in load.items():
            buyers = [each for each in visited if each in self.seen.get(good, {})]
            if not buyers:
                self.result.requests += 1  # overboard
                continue
            best = max(buyers, key=lambda each: law.proceeds(self.seen[good][each], units))
            self._trade(best, good, units)
        for symbol in visited:
            self.result.requests += VISIT
            self._look(symbol)

    def _tour(self, load: Counter[str]) -> list[str]:
        visited: list[str] = []
        worth = 0.0
        while True:
            left = [each for each in self.markets if each not in visited]
            offers = [(self._proceeds(load, [*visited, each]), each) for each in left]
            most, best = max(offers, default=(0.0, ""))
            if most <= worth + (ANOTHER_MARKET if visited else 0.0):
                return visited
            visited.append(best)
            worth = most

    def _proceeds(self, load: Counter[str], visited: list[str]) -> float:
        return sum(
            max(
                (
                    law.proceeds(self.seen[good][each], units)
                    for each in visited
                    if each in self.seen.get(good, {})
                ),
                default=0,
            )
            for good, units in load.items()
        )

    def _trade(self, symbol: str, name: str, units: int) -> None:
        market = self.world.market(symbol)
        assert market is not None
        good = market.goods[name]
        while units > 0:
            part = min(units, good.volume)
            self.result.requests += 1
            self.result.credits += part * markets.prices(good)[1]
            good.net += part
            units -= part


@dataclass(slots=True)
class _Prices:
    """Prices a decision goes by, and what lists of deposits are worth at them."""

    at: float = float("-inf")
    prices: dict[str, float] = field(default_factory=dict)
    digging: Digging = field(default_factory=lambda: Digging(0.0, 0.0, 1.0, 1.0))
    thrift: float = 0.0
    known: dict[tuple[str, ...], float] = field(default_factory=dict)

    def renew(
        self, at: float, prices: dict[str, float], digging: Digging, thrift: float
    ) -> None:
        self.at, self.prices, self.thrift = at, prices, thrift
        self.digging, self.known = digging, {}

    def value(self, listed: tuple[str, ...]) -> float:
        found = self.known.get(listed)
        if found is None:
            found = self.known[listed] = aiming.net_value(
                listed, self.prices, self.digging, thrift=self.thrift
            )
        return found

    def aboard(self, hold: Counter[str], listed: tuple[str, ...]) -> float:
        """The same to a ship with this in its hold."""
        return aiming.net_value(
            listed, self.prices, self.digging, thrift=self.thrift, aboard=hold
        )


def _aim(found: Found, value: Callable[[tuple[str, ...]], float], at: float) -> Aim:
    return Aim(value(found.deposits), aiming.left(found.size, found.taken), found.expires - at)


def _deepen(found: Iterable[Market]) -> None:
    """Let prices stay where they are, whatever is sold."""
    for market in found:
        for good in market.goods.values():
            good.volume *= DEEP
            good.net *= DEEP


def work_rock(seed: int, crew: Crew, rule: Rule, *, saturating: bool, hours: float) -> Result:
    """One run; the same seed is the same system, rock, luck and markets for every rule."""
    return Rock(seed, crew, replace(rule), saturating=saturating).run(hours)
