"""A world: the state of one universe, advanced lazily to the instant of each call.

Nothing here reads a clock. Markets, yards and rocks are brought up to date when somebody looks
at them, and what happens to them does not depend on who looks when.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from . import gateway, rivals
from .chance import Stream
from .events import EventLog
from .faults import Faults
from .galaxy import Galaxy
from .limits import Limiter
from .physics import markets, shipyards, work
from .response import Response
from .rules import UniverseRules
from .shelf import Shelf
from .state import (
    Account,
    Agent,
    Market,
    Ship,
    Shipyard,
    Stress,
    Survey,
    System,
    Waypoint,
)
from .timeline import Timeline, milliseconds, moment
from .tokens import Tokens

MOST_TICKS = 2_000
"""Ticks a market catches up with at most, some forty days of the game: by then it stands where
it would stand anyway, and a fast universe may have slept for years."""


class World:
    """One universe. Not thread-safe by itself; transport and server hold a lock around it."""

    def __init__(
        self,
        galaxy: Galaxy,
        *,
        seed: int,
        start: datetime,
        speed: float = 1.0,
        scenario: str = "custom",
        description: str = "",
        rules: UniverseRules | None = None,
        options: dict[str, Any] | None = None,
        era: int = 0,
        reset_date: str | None = None,
    ) -> None:
        """`options` are what the scenario was built with; a snapshot builds it again."""
        self.options = options or {}
        self.rules = rules or UniverseRules()
        self.seed = seed
        self.scenario = scenario
        self.description = description
        self.start = milliseconds(start)
        self.timeline = Timeline(self.start, speed)
        self.wall = self.start
        self.now = self.start
        self.era = era
        self.reset_date = reset_date or start.date().isoformat()
        self.maintenance = False
        self.tick_ms = round(self.rules.tick_minutes * 60_000)

        self.galaxy = galaxy
        self.systems: dict[str, System] = galaxy.systems
        self.waypoints: Shelf[Waypoint] = galaxy.waypoints
        self.accounts: dict[str, Account] = {}
        self.agents: dict[str, Agent] = {}
        self.ships: dict[str, Ship] = {}
        self.berths: dict[str, dict[str, Ship]] = {}
        """Waypoint → ships that are there or on their way to it."""
        self.surveys: dict[str, Survey] = {}
        self.stress: dict[str, Stress] = {}
        self.streams: dict[str, Stream] = {}

        self.log = EventLog()
        self.faults = Faults(seed)
        self.limiter = Limiter(speed)
        self.tokens = Tokens(seed=seed, reset_date=self.reset_date)
        rivals.populate(self)
        self.explorers = rivals.Explorers(self)

    # --- the door ----------------------------------------------------------------------

    def handle(
        self,
        method: str,
        target: str,
        *,
        headers: Mapping[str, str],
        body: bytes,
        at: datetime,
        client_ip: str = "127.0.0.1",
    ) -> Response:
        """Answer one request made at `at`; `target` is the path below /v2 with its query."""
        self.advance(at)
        return gateway.answer(
            self, method, target, headers=headers, body=body, address=client_ip
        )

    def advance(self, at: datetime) -> None:
        """Let time pass. It never runs back: requests that overtook each other share an instant."""
        wall = milliseconds(at)
        if wall > self.wall:
            self.wall = wall
            self.now = self.timeline.game(wall)

    # --- chance --------------------------------------------------------------------------

    def chance(self, purpose: str) -> Stream:
        """The stream of numbers for one purpose."""
        stream = self.streams.get(purpose)
        if stream is None:
            stream = self.streams[purpose] = Stream(self.seed, self.reset_date, purpose)
        return stream

    def everybody(self) -> list[Agent]:
        """All agents, rivals included, as they stand now."""
        rivals.prosper(self)
        return list(self.agents.values())

    # --- what changes by itself ------------------------------------------------------------

    def market(self, waypoint: str) -> Market | None:
        """The market there as of now, or None."""
        market = self.galaxy.markets.get(waypoint)
        if market is None:
            return None
        due = self._ticks_due(market.phase)
        if market.ticks < due:
            self._tick(market, due)
            market.prices = ""
        return market

    def _tick(self, market: Market, due: int) -> None:
        """Catch up with the ticks of a market; once nothing moves any more only memory fades."""
        for number in range(max(market.ticks, due - MOST_TICKS), due):
            moved = markets.tick(market, number, self.rules)
            if self.rules.rivals:
                at = self.start + market.phase + number * self.tick_ms
                rivals.trade(market, number, at=at, rules=self.rules)
            if not moved:
                markets.feel(market, due - number - 1, self.rules)
                break
        market.ticks = due

    def yard(self, waypoint: str) -> Shipyard | None:
        """The shipyard there as of now, or None."""
        yard = self.galaxy.yards.get(waypoint)
        if yard is None:
            return None
        due = self._ticks_due(yard.phase)
        if yard.ticks < due:
            for number in range(max(yard.ticks, due - MOST_TICKS), due):
                shipyards.tick(yard, number, self.rules)
            yard.ticks = due
            yard.prices = ""
        return yard

    def _ticks_due(self, phase: int) -> int:
        return max(0, (self.now - self.start - phase) // self.tick_ms + 1)

    def last_market_update(self) -> int:
        """The latest tick of a market of the first home, as a game instant."""
        latest = self.start
        for symbol in next(iter(self.systems.values())).waypoints:
            market = self.galaxy.markets.get(symbol)
            due = self._ticks_due(market.phase) if market is not None else 0
            if market is not None and due:
                latest = max(latest, self.start + market.phase + (due - 1) * self.tick_ms)
        return latest

    def rest(self, waypoint: Waypoint) -> None:
        """Bring a place up to now: rivals may have charted it, and a worked rock settles."""
        if self.rules.rivals:
            self.explorers.visit(waypoint)
        stress = self.stress.get(waypoint.symbol)
        if stress is None:
            return
        stress.level = work.stress_after(
            stress.level,
            idle_ms=self.now - stress.at,
            engineered=waypoint.type == "ENGINEERED_ASTEROID",
            unstable="UNSTABLE" in waypoint.modifiers,
            rules=self.rules,
        )
        stress.at = self.now
        self._set_modifiers(waypoint, stress.level)

    def strain(self, waypoint: Waypoint) -> None:
        """Count one extraction against a rock's patience."""
        stress = self.stress.setdefault(waypoint.symbol, Stress(0.0, self.now))
        stress.level += 1
        self._set_modifiers(waypoint, stress.level)

    def _set_modifiers(self, waypoint: Waypoint, level: float) -> None:
        modifiers = work.stress_modifiers(level, waypoint.modifiers, self.rules)
        if modifiers != waypoint.modifiers:
            waypoint.modifiers = modifiers
            waypoint.text = ""

    def settle(self, agent: Agent) -> None:
        """Take back the advances of contracts that were accepted and not fulfilled in time."""
        running = [deal for deal in agent.contracts.values() if deal.running]
        for contract in running:
            if self.now >= contract.deadline:
                contract.lapsed = True
                agent.credits -= contract.on_accepted
                self.record(
                    agent,
                    None,
                    "lapse",
                    contract=contract.id,
                    credits=-contract.on_accepted,
                )
        agent.due_at = min((deal.deadline for deal in running if deal.running), default=0)

    # --- where ships are ----------------------------------------------------------------------

    def put(self, ship: Ship, waypoint: str) -> None:
        """Berth a ship at a waypoint, leaving the one it was at."""
        berth = self.berths.get(ship.waypoint)
        if berth is not None:
            berth.pop(ship.symbol, None)
        ship.waypoint = waypoint
        ship.route = ""
        self.berths.setdefault(waypoint, {})[ship.symbol] = ship

    def remove(self, ship: Ship) -> None:
        """Take a ship out of the world."""
        del self.ships[ship.symbol]
        del self.agents[ship.agent].ships[ship.symbol]
        self.berths[ship.waypoint].pop(ship.symbol, None)

    def present(self, waypoint: str, agent: str | None = None) -> Iterator[Ship]:
        """Ships that have arrived there, of one agent or of all."""
        for ship in self.berths.get(waypoint, {}).values():
            if ship.arrives_at <= self.now and (agent is None or ship.agent == agent):
                yield ship

    def has_ship(self, agent: Agent | None, waypoint: str) -> bool:
        if agent is None:
            return False
        return next(self.present(waypoint, agent.symbol), None) is not None

    # --- accounting -------------------------------------------------------------------------

    def record(self, agent: Agent, ship: Ship | None, action: str, **details: object) -> None:
        """Note an applied change in the world's log."""
        self.log.add(self.wall, agent.symbol, ship.symbol if ship else None, action, **details)

    def stamp(self, instant: int) -> str:
        """A game instant as clients see it."""
        return self.timeline.stamp(instant)

    def next_reset(self) -> datetime:
        """The hour of the week that eras end at, next and not within half a day of the beginning."""
        rules = self.rules
        earliest = max(moment(self.wall), moment(self.start) + timedelta(hours=12))
        day = earliest.replace(hour=0, minute=0, second=0, microsecond=0)
        day += timedelta(days=(rules.reset_weekday - day.weekday()) % 7)
        due = day + timedelta(minutes=rules.reset_minute)
        return due if due > earliest else due + timedelta(days=7)

    def adopt(self, **manners: Any) -> None:
        """Play on under other rules, in later eras as well."""
        self.rules = replace(self.rules, **manners)
        self.options |= manners

    # --- the end of an era ------------------------------------------------------------------

    def reset(self, at: datetime) -> None:
        """Begin a new era at `at`: everything but accounts is wiped, old tokens answer 4113."""
        from . import scenarios

        fresh = scenarios.build(
            self.scenario,
            seed=self.seed,
            start=at,
            speed=self.timeline.speed,
            era=self.era + 1,
            reset_date=self._next_reset_date(at),
            **self.options,
        )
        kept = ("accounts", "log", "faults", "limiter")
        for name, value in vars(fresh).items():
            if name not in kept:
                setattr(self, name, value)
        self.explorers = rivals.Explorers(self)
        self.log.remark(self.wall, "reset", reset_date=self.reset_date)

    def _next_reset_date(self, at: datetime) -> str:
        """The day of `at`; the day after the last reset if that was today or later."""
        earliest = date.fromisoformat(self.reset_date) + timedelta(days=1)
        return max(at.date(), earliest).isoformat()

    # --- across restarts -------------------------------------------------------------------

    def snapshot(self) -> bytes:
        """The whole state as bytes; see `snapshot`."""
        from . import snapshot

        return snapshot.dump(self)

    @staticmethod
    def restore(data: bytes) -> "World":
        """A world from a snapshot of this version; raises `snapshot.SnapshotError`."""
        from . import snapshot

        return snapshot.load(data)
