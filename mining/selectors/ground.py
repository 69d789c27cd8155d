"""What the fleet can choose from when it mans its sites: ships, places, jobs and prices."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

import sales.selectors.markets
from fleet.models import Agent, MarketGood, Ship, Waypoint
from fleet.rules import prices as law
from fleet.services import navigation
from mining.models import Kind, Site
from mining.params import SiteParams
from mining.rules import deposits, holds
from mining.rules.programme import Crew, Ground, Job, Place, Step
from sales.rules.outlets import Offer
from spacefleet import clock

HANDLING = 120.0  # game seconds of docking, handing over and trading of every round
FUEL_CREDITS = 0.72  # credits a unit of ship fuel: a market unit of 100 is about 72 credits
ROUND_REQUESTS = 6  # of a round, without its trades: orbit, two flights, fuel, dock, a look
WAITING = 0.85  # part of its time that a ship which hands over digs; the rest it waits
STEPS = (1, 1, 1, 2, 2, 3, 4, 6)  # trade volumes of a good and stop, each at one price
STOPS = 2  # stops a load may go to, the most valuable for each job
SITES = 6  # sites looked at for each crew, beside the one it works: the most valuable
MANY = 3  # goods of rocks: a market that buys so many at unseen prices may change every plan
UNSEEN_VOLUME = 60  # units a trade of a good whose price nobody has seen: the usual one of ores
HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Hands:
    """Ships that are alike, with one of them to ask the way; `at` is where all of them work."""

    crew: Crew
    like: Ship
    ships: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The choice, with the waypoints and crews behind its names."""

    ground: Ground
    sites: Mapping[str, Waypoint]
    hands: Mapping[str, Hands]


def survey_the_ground(
    agent: Agent,
    diggers: Sequence[Ship],
    carriers: Sequence[Ship],
    params: SiteParams,
    *,
    sells: bool,
    hands_over: bool,
    caps: Mapping[str, float],
    carriers_a_site: int,
    at: datetime,
) -> Found:
    """Everything those ships could do at the sites `caps` names, each with how many extractions
    an hour it bears; `sells` and `hands_over` say how loads may leave a site."""
    rows = Waypoint.objects.filter(
        era=agent.era_id, system=agent.home, symbol__in=list(caps)
    ).order_by("pk")
    sites = {row.symbol: row for row in rows}
    shares = {name: deposits.shares(row.type, row.traits) for name, row in sites.items()}
    shares = {name: each for name, each in shares.items() if each}
    stops, steps = _markets(
        agent, {good for each in shares.values() for good in each}, params, at
    )
    look = _Look(shares, sites, stops, params, _where(agent), at, _unseen(agent))
    hands: dict[str, Hands] = {}
    jobs: list[Job] = []
    for each in _alike(diggers, "digger"):
        hands[each.crew.name] = each
        jobs += look.digging(each, sells=sells, hands_over=hands_over)
    given_at = {job.site for job in jobs if not job.stop}
    for each in _alike(carriers, "carrier"):
        hands[each.crew.name] = each
        jobs += look.carrying(each, given_at)
    used = {job.site for job in jobs}
    places = [Place(name, shares[name], caps[name], carriers_a_site) for name in sorted(used)]
    ground = Ground([each.crew for each in hands.values()], jobs, places, steps)
    return Found(ground, sites, hands)


def _alike(ships: Iterable[Ship], what: str) -> list[Hands]:
    """Crews of ships with the same strengths, hold and engine that work at the same place, or
    lie idle at it."""
    groups: dict[tuple[object, ...], list[Ship]] = defaultdict(list)
    for ship in ships:
        groups[
            ship.laser_strength,
            ship.siphon_strength,
            ship.cargo_capacity,
            ship.speed,
            ship.fuel_capacity,
            ship.place if ship.role else ship.waypoint,
            bool(ship.role),
        ].append(ship)
    return [
        Hands(
            Crew(f"{what} {number}", len(group)),
            group[0],
            tuple(ship.pk for ship in group),
        )
        for number, group in enumerate(groups.values())
    ]


Stops = dict[str, dict[str, float]]  # a market of each stop → the first price of each good


def _markets(
    agent: Agent, goods: Collection[str], params: SiteParams, at: datetime
) -> tuple[Stops, list[Step]]:
    """Stops with what they pay for goods, and the whole ladders below that for the horizon."""
    era, home = agent.era_id, agent.home
    known = sales.selectors.markets.offers(era, home, sorted(goods), at=at, planned=True)
    listed = sales.selectors.markets.listing(era, home, sorted(goods))
    named = {symbol for markets in listed.values() for symbol in markets}
    rows = Waypoint.objects.filter(era=era, system=home, symbol__in=named).order_by("pk")
    spots: dict[tuple[int, int], str] = {}
    stop_of: dict[str, str] = {}
    for row in rows:
        stop_of[row.symbol] = spots.setdefault((row.x, row.y), row.symbol)
    stops: Stops = defaultdict(dict)
    steps: list[Step] = []
    for good, markets in listed.items():
        offers = {offer.waypoint: offer for offer in known.get(good, [])}
        for symbol in markets:
            stop = stop_of[symbol]
            ladder = list(_ladder(offers.get(symbol), params))
            steps += [Step(good, stop, units, price) for units, price in ladder]
            first = max(ladder[0][1], stops[stop].get(good, 0.0))
            stops[stop][good] = first
    return dict(stops), steps


def _ladder(offer: Offer | None, params: SiteParams) -> Iterable[tuple[float, float]]:
    """Units an hour and their price, down the ladder, until the horizon."""
    if offer is None:
        yield UNSEEN_VOLUME / params.horizon, float(params.prior_price)
        return
    volume = max(1, offer.quote.trade_volume)
    curve = law.curve(offer.quote)
    comes_back = law.recovered(offer.quote, offer.age + params.horizon)
    comes_back -= law.recovered(offer.quote, offer.age)
    first = max(1.0, min(offer.quote.price, curve.price(offer.shift)))
    done = 0.0
    for number, width in enumerate(STEPS):
        price = curve.price(offer.shift + (done + (width - 1) / 2) * volume)
        if price < first / 4:
            break
        more = comes_back if number == 1 else 0.0
        yield (width * volume + more) / params.horizon, min(price, first)
        done += width


def _unseen(agent: Agent) -> bool:
    """Whether a market that buys much of what rocks hold was never seen."""
    raw = {good for goods in deposits.BY_TRAIT.values() for good in goods}
    rows = MarketGood.objects.filter(
        waypoint__era=agent.era_id,
        waypoint__system=agent.home,
        good__in=raw,
        kind__in=[MarketGood.Kind.IMPORT, MarketGood.Kind.EXCHANGE],
        we_receive__isnull=True,
    )
    return rows.values("waypoint").annotate(goods=Count("pk")).filter(goods__gte=MANY).exists()


def _where(agent: Agent) -> dict[str, tuple[int, int]]:
    return {
        name: (place.x, place.y)
        for name, place in navigation.places_of(agent.era_id, agent.home).items()
    }


@dataclass(frozen=True, slots=True)
class _Look:
    """What jobs are judged by: shares of goods by site, stops with their prices."""

    shares: Mapping[str, Mapping[str, float]]
    sites: Mapping[str, Waypoint]
    stops: Stops
    params: SiteParams
    where: Mapping[str, tuple[int, int]]
    at: datetime
    blind: bool

    def value(self, site: str, stop: str) -> float:
        """Credits a unit of what is dug at a site brings at a stop, before our own impact."""
        paid = self.stops[stop]
        return sum(share * paid.get(good, 0.0) for good, share in self.shares[site].items())

    def best_value(self, site: str) -> float:
        return max((self.value(site, stop) for stop in self.stops), default=0.0)

    def good_stops(self, site: str) -> list[str]:
        """Where the load of a site may go: the most valuable, and the nearest of those left."""
        x, y = self.where[site]

        def far(stop: str) -> float:
            sx, sy = self.where[stop]
            return math.hypot(sx - x, sy - y)

        paying = [stop for stop in self.stops if self.value(site, stop) > 0]
        ranked = sorted(paying, key=lambda stop: (-self.value(site, stop), far(stop), stop))
        return ranked[:STOPS]

    def works(self, hands: Hands, site: str) -> float:
        """The part of the horizon that is left once a ship of the crew is at the site; a ship
        that works elsewhere must gain by moving, too. Nobody sets out on a long trip while a
        market is unseen that may change the plan."""
        like = hands.like
        horizon = self.params.horizon * HOUR
        trip = navigation.flight_seconds(like, like.waypoint, site)
        if trip is None or (
            like.place != site
            and trip > (self.params.near if self.blind else self.params.longest_trip)
        ):
            return 0.0
        part = max(0.0, horizon - trip) / horizon
        moves = bool(like.role and like.place and like.place != site)
        return part * 100 / (100 + self.params.switch_gain) if moves else part

    def digging(self, hands: Hands, *, sells: bool, hands_over: bool) -> Iterable[Job]:
        like = hands.like
        for name, part in self._reachable(hands):
            siphon = self.sites[name].type == "GAS_GIANT"
            strength = like.siphon_strength if siphon else like.laser_strength
            kind = Kind.SIPHON if siphon else Kind.EXTRACT
            rest = deposits.cooldown(strength, siphon=siphon)
            load = strength * deposits.yield_share(self.sites[name].traits)
            if hands_over:
                yield self._hands_over(hands, name, load, rest, part)
            if sells:
                yield from self._sells(hands, name, kind, load, rest, part)

    def _reachable(self, hands: Hands) -> list[tuple[str, float]]:
        """The most valuable sites where a crew could work, with the part of the horizon that is
        left there. Who is on a long way to a site goes on."""
        like = hands.like
        able = [
            name
            for name, row in self.sites.items()
            if name in self.shares
            and (like.siphon_strength if row.type == "GAS_GIANT" else like.laser_strength)
        ]
        if like.role and like.place in able and like.in_transit(self.at):
            left = navigation.flight_seconds(like, like.waypoint, like.place)
            if left is None or left + self._arrives(like) > self.params.near / 2:
                able = [like.place]
        able.sort(key=lambda name: (name != like.place, -self.best_value(name), name))
        found = []
        for name in able:
            part = self.works(hands, name)
            if part:
                found.append((name, part))
            if len(found) > SITES:
                break
        return found

    def _arrives(self, ship: Ship) -> float:
        return clock.elapsed(self.at, ship.arrives_at) if ship.arrives_at else 0.0

    def _hands_over(
        self, hands: Hands, site: str, load: float, rest: float, part: float
    ) -> Job:
        digs = HOUR / rest * WAITING
        requests = digs + digs * load / max(1, hands.like.cargo_capacity) * 2
        return Job(
            hands.crew.name,
            site,
            "",
            units=digs * load * part,
            digs=digs,
            cost=requests * part * self.params.request_worth,
        )

    def _sells(
        self, hands: Hands, site: str, kind: str, load: float, rest: float, part: float
    ) -> Iterable[Job]:
        like = hands.like
        hold = like.cargo_capacity
        loads = holds.loads(hold, load, self.params.full_at)
        for stop in self.good_stops(site):
            way = navigation.there_and_back(like, stop, site)
            if way is None or not loads:
                continue
            seconds, fuel = way
            rounds = HOUR / (loads * rest + seconds + HANDLING) * part
            requests = loads + ROUND_REQUESTS + 2
            yield Job(
                hands.crew.name,
                site,
                stop,
                units=min(hold, loads * load) * rounds,
                digs=loads * rounds,
                cost=rounds * (fuel * FUEL_CREDITS + requests * self.params.request_worth),
            )

    def carrying(self, hands: Hands, sites: Collection[str]) -> Iterable[Job]:
        like = hands.like
        for site in sorted(sites):
            part = self.works(hands, site)
            for stop in self.good_stops(site) if part else []:
                way = navigation.there_and_back(like, stop, site)
                if way is None:
                    continue
                seconds, fuel = way
                rounds = HOUR / (seconds + 2 * HANDLING) * part
                requests = ROUND_REQUESTS + 3
                yield Job(
                    hands.crew.name,
                    site,
                    stop,
                    units=like.cargo_capacity * 0.9 * rounds,
                    cost=rounds * (fuel * FUEL_CREDITS + requests * self.params.request_worth),
                )


def resting(agent: Agent, at: datetime) -> set[str]:
    """Sites whose rock must rest."""
    rows = Site.objects.filter(agent=agent, closed_until__gt=at)
    return set(rows.values_list("waypoint__symbol", flat=True))
