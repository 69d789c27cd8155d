"""What a fleet that only watches would have done, in words a player understands."""

from collections.abc import Callable, Mapping
from typing import Any

Body = Mapping[str, Any]

SHIP = "/my/ships/{ship}/"
HERE = "{here}"
"""Stands for the waypoint of the ship that would have acted."""


class WatchingOnly(Exception):
    """A change of the game that was not asked for: its agent or ship only watches.

    `order` is the order in words, `deed` what would have been done.
    """

    def __init__(self, order: str, deed: str) -> None:
        super().__init__(f"{order}: would {deed}")
        self.order = order
        self.deed = deed

    def said(self, here: str = "") -> str:
        """The sentence for a ship's line: "watching only: would sell 40 IRON_ORE at X1-A1"."""
        place = self.deed.replace(f" at {HERE}", f" at {here}" if here else "")
        return f"{self.order}: would {place}"[:200]


def _units(verb: str, good: str = "symbol") -> Callable[[Body], str]:
    return lambda body: f"{verb} {body.get('units')} {body.get(good)} at {HERE}"


def _to(verb: str) -> Callable[[Body], str]:
    return lambda body: f"{verb} to {body.get('waypointSymbol')}"


def _here(deed: str) -> Callable[[Body], str]:
    return lambda body: f"{deed} at {HERE}"


def _part(verb: str) -> Callable[[Body], str]:
    return lambda body: f"{verb} {body.get('symbol')} at {HERE}"


DEEDS: dict[str, Callable[[Body], str]] = {
    f"{SHIP}sell": _units("sell"),
    f"{SHIP}purchase": _units("buy"),
    f"{SHIP}jettison": _units("throw overboard"),
    f"{SHIP}transfer": lambda body: (
        f"hand {body.get('units')} {body.get('tradeSymbol')} to {body.get('shipSymbol')} at {HERE}"
    ),
    f"{SHIP}orbit": _here("leave the dock"),
    f"{SHIP}dock": _here("dock"),
    f"{SHIP}nav": lambda body: f"set its flight mode to {body.get('flightMode')}",
    f"{SHIP}navigate": _to("fly"),
    f"{SHIP}warp": _to("warp"),
    f"{SHIP}jump": _to("jump"),
    f"{SHIP}refuel": _here("refuel"),
    f"{SHIP}survey": _here("survey"),
    f"{SHIP}extract": _here("mine"),
    f"{SHIP}extract/survey": _here("mine by a survey"),
    f"{SHIP}siphon": _here("siphon gas"),
    f"{SHIP}refine": lambda body: f"refine {body.get('produce')} at {HERE}",
    f"{SHIP}chart": _here("chart the waypoint"),
    f"{SHIP}scan/systems": _here("scan for systems"),
    f"{SHIP}scan/waypoints": _here("scan for waypoints"),
    f"{SHIP}scan/ships": _here("scan for ships"),
    f"{SHIP}mounts/install": _part("fit"),
    f"{SHIP}mounts/remove": _part("take off"),
    f"{SHIP}modules/install": _part("fit"),
    f"{SHIP}modules/remove": _part("take out"),
    f"{SHIP}scrap": _here("scrap the ship"),
    f"{SHIP}repair": _here("repair the ship"),
    f"{SHIP}negotiate/contract": _here("negotiate a contract"),
    "/my/ships": lambda body: f"buy a {body.get('shipType')} at {body.get('waypointSymbol')}",
    "/my/contracts/{contract}/accept": lambda body: "accept the contract on offer",
    "/my/contracts/{contract}/deliver": lambda body: (
        f"deliver {body.get('units')} {body.get('tradeSymbol')} for the contract at {HERE}"
    ),
    "/my/contracts/{contract}/fulfill": lambda body: "close the contract, which is delivered",
    "/systems/{system}/waypoints/{waypoint}/construction/supply": lambda body: (
        f"supply {body.get('units')} {body.get('tradeSymbol')} to the construction at {HERE}"
    ),
    "/register": lambda body: f"register {body.get('symbol')}",
}


def deed(method: str, endpoint: str, body: Any = None) -> str:
    """What a request would do: "sell 40 IRON_ORE at {here}", with the ship's place left open."""
    words = DEEDS.get(endpoint)
    return words(body or {}) if words else f"ask for {method} {endpoint}"
