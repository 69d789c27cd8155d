"""Endpoints of ships: reading and moving them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from spacefleet.spacetraders import payloads
from spacefleet.spacetraders.payloads import Page
from spacefleet.spacetraders.payloads.reading import cooldown_end
from spacefleet.spacetraders.payloads.ships import components

from .base import PAGE_LIMIT, Endpoints, every


class ShipEndpoints(Endpoints):
    """Where ships are, what state they are in, and how they get elsewhere.

    Whatever moves a ship raises ShipInTransit while it flies.
    """

    def list_ships(self, page: int = 1, limit: int = PAGE_LIMIT) -> Page[payloads.Ship]:
        return self._page("/my/ships", payloads.Ship.from_json, page=page, limit=limit)

    def every_ship(self) -> Iterator[payloads.Ship]:
        return every(self.list_ships)

    def get_ship(self, ship: str) -> payloads.Ship:
        return self._ask("GET", "/my/ships/{ship}", payloads.Ship.from_json, ship=ship)

    def get_cargo(self, ship: str) -> payloads.Cargo:
        return self._ask("GET", "/my/ships/{ship}/cargo", payloads.Cargo.from_json, ship=ship)

    def get_nav(self, ship: str) -> payloads.Nav:
        return self._ask("GET", "/my/ships/{ship}/nav", payloads.Nav.from_json, ship=ship)

    def get_cooldown(self, ship: str) -> datetime | None:
        """When the reactor has recharged; None when it has."""
        return self._call("GET", "/my/ships/{ship}/cooldown", _cooldown, ship=ship)

    def get_modules(self, ship: str) -> tuple[payloads.Component, ...]:
        return self._ask("GET", "/my/ships/{ship}/modules", components, ship=ship)

    def get_mounts(self, ship: str) -> tuple[payloads.Component, ...]:
        return self._ask("GET", "/my/ships/{ship}/mounts", components, ship=ship)

    def orbit(self, ship: str) -> payloads.Nav:
        """Leave the dock; harmless in orbit."""
        return self._ask("POST", "/my/ships/{ship}/orbit", _nav, ship=ship)

    def dock(self, ship: str) -> payloads.Nav:
        """Dock; harmless when docked."""
        return self._ask("POST", "/my/ships/{ship}/dock", _nav, ship=ship)

    def set_flight_mode(self, ship: str, flight_mode: str) -> payloads.Departure:
        """Fly as DRIFT, STEALTH, CRUISE or BURN from now on; on the way only faster."""
        return self._ask(
            "PATCH",
            "/my/ships/{ship}/nav",
            payloads.Departure.from_json,
            body={"flightMode": flight_mode},
            ship=ship,
        )

    def navigate(self, ship: str, waypoint: str) -> payloads.Departure:
        """Set off from orbit to a waypoint of the same system.

        Raises InsufficientFuel, WrongStatus when docked, AlreadyThere.
        """
        return self._ask(
            "POST",
            "/my/ships/{ship}/navigate",
            payloads.Departure.from_json,
            body={"waypointSymbol": waypoint},
            ship=ship,
        )

    def warp(self, ship: str, waypoint: str) -> payloads.Departure:
        """Set off from orbit to a waypoint of another system, by the ship's own drive."""
        return self._ask(
            "POST",
            "/my/ships/{ship}/warp",
            payloads.Departure.from_json,
            body={"waypointSymbol": waypoint},
            ship=ship,
        )

    def jump(self, ship: str, waypoint: str) -> payloads.Jump:
        """Go through the gate the ship orbits to another gate; antimatter is bought on the spot."""
        return self._ask(
            "POST",
            "/my/ships/{ship}/jump",
            payloads.Jump.from_json,
            body={"waypointSymbol": waypoint},
            ship=ship,
        )

    def refuel(
        self, ship: str, units: int | None = None, from_cargo: bool = False
    ) -> payloads.Refuel:
        """Fill up, or add `units` of ship fuel; docked where fuel is sold, or out of the hold.

        A market's unit of FUEL is 100 of the ship's.
        """
        body: dict[str, Any] = {} if units is None else {"units": units}
        if from_cargo:
            body["fromCargo"] = True
        return self._ask(
            "POST",
            "/my/ships/{ship}/refuel",
            payloads.Refuel.from_json,
            body=body or None,
            ship=ship,
        )


def _nav(data: Any) -> payloads.Nav:
    return payloads.Nav.from_json(data["nav"])


def _cooldown(answer: Any) -> datetime | None:
    # Without a cooldown the game answers 204 and no body at all.
    return cooldown_end(answer["data"]) if answer else None
