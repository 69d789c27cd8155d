"""autotraders 2.3.5: objects over httpx, parsed by pydantic. Empty bodies are called JSON."""

from datetime import datetime
from typing import Any

import journey
from autotraders.agent import Agent
from autotraders.error import SpaceTradersException
from autotraders.faction.contract import Contract
from autotraders.map.waypoint import Waypoint
from autotraders.session import AutoTradersSession
from autotraders.ship import Ship


class Autotraders:
    def __init__(self, address: str) -> None:
        self.address = address
        self.session = AutoTradersSession(http2=False, base_url=address)
        self.fleet: dict[str, Ship] = {}

    def register(self, symbol: str, faction: str) -> None:
        token = Agent.create(self.session, faction, symbol, None)
        self.session = AutoTradersSession(token, http2=False, base_url=self.address)
        self.contract = Contract.all(self.session).all()[0]

    def ships(self) -> list[str]:
        self.fleet = {str(ship): ship for ship in Ship.all(self.session).all()}
        return list(self.fleet)

    def asteroid(self) -> str:
        system = Agent(self.session).headquarters.rsplit("-", 1)[0]
        found = Waypoint.all(self.session, system, waypoint_type="ENGINEERED_ASTEROID")
        return str(found.all()[0])

    def deal(self) -> journey.Deal:
        (line,) = self.contract.contract_data
        missing = line.item.required - line.item.fulfilled
        return journey.Deal(line.item.symbol, missing, str(line.destination_symbol))

    def accept(self) -> None:
        self.contract.accept()

    def refuel(self, ship: str) -> None:
        self.fleet[ship].refuel()

    def orbit(self, ship: str) -> None:
        self.fleet[ship].orbit()

    def dock(self, ship: str) -> None:
        self.fleet[ship].dock()

    def navigate(self, ship: str, waypoint: str) -> datetime:
        self.fleet[ship].navigate(waypoint)
        return self.fleet[ship].nav.route.arrival

    def survey(self, ship: str) -> tuple[list[tuple[Any, list[str]]], datetime | None]:
        surveys = self.fleet[ship].survey()
        found = [(each, [item["symbol"] for item in each.deposits]) for each in surveys]
        self.fleet[ship].update()  # its cooldown alone cannot be asked for once it is over
        return found, self.fleet[ship].cooldown.expiration

    def extract(self, ship: str, survey: Any) -> datetime | None:
        self.fleet[ship].extract(survey)
        return self.fleet[ship].cooldown.expiration

    def cargo(self, ship: str) -> dict[str, int]:
        return {item.symbol: item.quantity for item in self.fleet[ship].cargo}

    def sell(self, ship: str, good: str, units: int) -> None:
        self.fleet[ship].sell(good, units)

    def deliver(self, ship: str, good: str, units: int) -> None:
        hold = self.contract.deliver(ship, good, units)
        self.fleet[ship].cargo = hold

    def fulfill(self) -> None:
        self.contract.fulfill()


journey.main(Autotraders, fault=SpaceTradersException)
