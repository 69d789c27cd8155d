"""spacetraders-sdk 2.3.1.8: one function an endpoint over requests; every body is a form.

Its upper layer (`SpaceTradersSDK`) cannot be told another address; the layer below can. It knows
surveys only in the form of 2023: wrapped, and sent to the plain extraction.
"""

from datetime import datetime
from typing import Any

import journey
from requests import Response
from spacetraders_sdk.spacetraders_api import SpaceTradersApi


class Refused(Exception):
    """The library hands out answers as they are; this is one that is a refusal."""


def data(response: Response) -> Any:
    answer = response.json()
    if "error" in answer:
        raise Refused(answer["error"]["message"])
    return answer["data"]


class Sdk:
    def __init__(self, address: str) -> None:
        self.api = SpaceTradersApi(url=address, log=False)

    def register(self, symbol: str, faction: str) -> None:
        started = data(self.api.register(symbol, faction))
        self.contract = started["contract"]

    def ships(self) -> list[str]:
        return [ship["symbol"] for ship in data(self.api.get_ships())]

    def asteroid(self) -> str:
        system = data(self.api.get_my_agent())["headquarters"].rsplit("-", 1)[0]
        places = data(self.api.get_system(system))["waypoints"]
        return next(p["symbol"] for p in places if p["type"] == "ENGINEERED_ASTEROID")

    def deal(self) -> journey.Deal:
        (line,) = self.contract["terms"]["deliver"]
        missing = line["unitsRequired"] - line["unitsFulfilled"]
        return journey.Deal(line["tradeSymbol"], missing, line["destinationSymbol"])

    def accept(self) -> None:
        data(self.api.accept_contract(self.contract["id"]))

    def refuel(self, ship: str) -> None:
        data(self.api.refuel(ship, 400))

    def orbit(self, ship: str) -> None:
        data(self.api.orbit(ship))

    def dock(self, ship: str) -> None:
        data(self.api.dock(ship))

    def navigate(self, ship: str, waypoint: str) -> datetime:
        nav = data(self.api.navigate(ship, waypoint))["nav"]
        return datetime.fromisoformat(nav["route"]["arrival"])

    def survey(self, ship: str) -> tuple[list[tuple[Any, list[str]]], datetime]:
        made = data(self.api.create_survey(ship))
        found = [(one, [item["symbol"] for item in one["deposits"]]) for one in made["surveys"]]
        return found, datetime.fromisoformat(made["cooldown"]["expiration"])

    def extract(self, ship: str, survey: Any) -> datetime:
        made = data(self.api.extract(ship, survey))
        return datetime.fromisoformat(made["cooldown"]["expiration"])

    def cargo(self, ship: str) -> dict[str, int]:
        hold = data(self.api.get_cargo(ship))
        return {item["symbol"]: item["units"] for item in hold["inventory"]}

    def sell(self, ship: str, good: str, units: int) -> None:
        data(self.api.sell(ship, good, units))

    def deliver(self, ship: str, good: str, units: int) -> None:
        answer = self.api.deliver_contract(self.contract["id"], ship, good, units)
        self.contract = data(answer)["contract"]

    def fulfill(self) -> None:
        data(self.api.fulfill_contract(self.contract["id"]))


journey.main(Sdk, fault=Refused)
