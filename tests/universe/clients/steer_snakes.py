"""SnakesInSpace 0.0.23: ships that wait for themselves, two requests a second.

It has no setting for the address of the game, so its client class gets one here. It registers
with a form and calls its empty bodies JSON.
"""

from typing import Any

import journey
import snisp.agent
import snisp.client
from snisp.exceptions import ClientError


def settle_at(address: str) -> None:
    class Client(snisp.client.SpaceClient):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self.base_url = address

    snisp.client.SpaceClient = snisp.agent.SpaceClient = Client


class Snakes:
    def __init__(self, address: str) -> None:
        settle_at(address)
        snisp.agent.reset()

    def register(self, symbol: str, faction: str) -> None:
        self.agent = snisp.agent.Agent(symbol=symbol, faction=faction)
        self.contract = self.agent.contracts.current

    def ships(self) -> list[str]:
        self.fleet = {ship.symbol: ship for ship in self.agent.fleet}
        return list(self.fleet)

    def asteroid(self) -> str:
        frigate = next(self.agent.fleet.ships())
        found = frigate.waypoints.search(types="ENGINEERED_ASTEROID")
        self.places = {place.symbol: place for place in found}
        return next(iter(self.places))

    def deal(self) -> journey.Deal:
        (line,) = self.contract.terms.deliver
        missing = line.units_required - line.units_fulfilled
        return journey.Deal(line.trade_symbol, missing, line.destination_symbol)

    def accept(self) -> None:
        self.contract.accept()

    def refuel(self, ship: str) -> None:
        self.fleet[ship].refuel()

    def orbit(self, ship: str) -> None:
        self.fleet[ship].orbit()

    def dock(self, ship: str) -> None:
        self.fleet[ship].dock()

    def navigate(self, ship: str, waypoint: str) -> None:
        if waypoint not in self.places:
            self.places[waypoint] = self.fleet[ship].waypoints.get(waypoint_symbol=waypoint)
        self.fleet[ship].navigate(self.places[waypoint])

    def survey(self, ship: str) -> tuple[list[tuple[Any, list[str]]], None]:
        surveys = self.fleet[ship].waypoints.survey().surveys
        return [(each, [item.symbol for item in each.deposits]) for each in surveys], None

    def extract(self, ship: str, survey: Any) -> None:
        self.fleet[ship].extract_with_survey(survey)

    def cargo(self, ship: str) -> dict[str, int]:
        return {item.symbol: item.units for item in self.fleet[ship].cargo.inventory}

    def sell(self, ship: str, good: str, units: int) -> None:
        self.fleet[ship].sell_all(good, units)

    def deliver(self, ship: str, good: str, units: int) -> None:
        self.contract.deliver(self.fleet[ship], good, units)

    def fulfill(self) -> None:
        self.contract.fulfill()


journey.main(Snakes, fault=ClientError)
