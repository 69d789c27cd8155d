"""A player at the table of a world: sends requests, keeps the time, reads the answers."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from spacefleet.universe import World
from spacefleet.universe.scenarios import build

NOON = datetime(2026, 7, 6, 12, 0, tzinfo=UTC)


class Player:
    """One agent of a world. `at` is the wall time of its next request."""

    def __init__(self, world: World, *, symbol: str = "BADGER", at: datetime = NOON) -> None:
        self.world = world
        self.symbol = symbol
        self.at = at
        self.token = ""
        self.headers: Mapping[str, str] = {}
        self.raw = b""

    def send(
        self,
        method: str,
        path: str,
        body: object | None = None,
        *,
        token: str | None = None,
        content: bytes | None = None,
        content_type: str = "application/json",
    ) -> tuple[int, Any]:
        """Status and decoded body (None without one); `raw` and `headers` keep the rest."""
        sent = {}
        if body is not None:
            content = json.dumps(body).encode()
        if content is not None:
            sent["content-type"] = content_type
        bearer = self.token if token is None else token
        if bearer:
            sent["authorization"] = f"Bearer {bearer}"
        response = self.world.handle(
            method, path, headers=sent, body=content or b"", at=self.at
        )
        self.headers, self.raw = response.headers, response.body
        return response.status, json.loads(response.body) if response.body else None

    def get(self, path: str) -> Any:
        """The data of an answer that must succeed."""
        status, answer = self.send("GET", path)
        assert status == 200, answer
        return answer["data"]

    def post(self, path: str, body: object | None = None) -> Any:
        status, answer = self.send("POST", path, body)
        assert status in (200, 201), answer
        return answer["data"]

    def refused(self, method: str, path: str, body: object | None = None) -> dict[str, Any]:
        """The error of an answer that must be a refusal."""
        status, answer = self.send(method, path, body)
        assert status >= 400, answer
        return answer["error"] | {"http": status}

    def wait(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)

    def register(self, faction: str = "COSMIC") -> Any:
        data = self.post("/register", {"symbol": self.symbol, "faction": faction})
        self.token = data["token"]
        return data

    # --- the usual moves -------------------------------------------------------------------

    @property
    def frigate(self) -> str:
        return f"/my/ships/{self.symbol}-1"

    @property
    def probe(self) -> str:
        return f"/my/ships/{self.symbol}-2"

    @property
    def system(self) -> str:
        return next(s.symbol for s in self.world.systems.values() if s.home_of)

    def places(self, *, kind: str | None = None, trait: str | None = None) -> list[str]:
        """Symbols of home waypoints of a type or with a trait, in order."""
        return [
            waypoint.symbol
            for waypoint in self.world.systems[self.system].waypoints.values()
            if kind in (None, waypoint.type) and (trait is None or trait in waypoint.traits)
        ]

    def market_of(self, good: str, kind: str) -> str:
        """The first home market with `good` as EXPORT, IMPORT or EXCHANGE."""
        return next(
            symbol
            for symbol in self.world.systems[self.system].waypoints
            if (market := self.world.galaxy.markets.get(symbol)) is not None
            and good in market.goods
            and market.goods[good].kind == kind
        )

    def fly(self, ship: str, waypoint: str, *, mode: str = "CRUISE") -> None:
        """Orbit, navigate, wait for the arrival; ends in orbit. Fuel is not a worry here."""
        vessel = self.world.ships[ship.rsplit("/", 1)[1]]
        vessel.fuel = vessel.fuel_capacity
        if vessel.waypoint == waypoint:
            self.post(f"{ship}/orbit")
            return
        status, _ = self.send("PATCH", f"{ship}/nav", {"flightMode": mode})
        assert status == 200
        self.post(f"{ship}/orbit")
        nav = self.post(f"{ship}/navigate", {"waypointSymbol": waypoint})["nav"]
        self.at = datetime.fromisoformat(nav["route"]["arrival"])

    def dock_at(self, ship: str, waypoint: str) -> None:
        self.fly(ship, waypoint)
        self.post(f"{ship}/dock")


def play(
    name: str = "first_day", *, seed: int = 7, speed: float = 1.0, **options: Any
) -> Player:
    """A registered player at home: no limits, no wear, no other stars, unless told otherwise."""
    options.setdefault("rate_limited", False)
    options.setdefault("wear_chance", 0.0)
    options.setdefault("others", 0)
    player = Player(build(name, seed=seed, start=NOON, speed=speed, **options))
    player.register()
    return player
