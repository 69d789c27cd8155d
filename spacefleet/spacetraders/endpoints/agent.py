"""Endpoints of our own agent: account, standing, contracts."""

from collections.abc import Iterator

from spacefleet.spacetraders import payloads
from spacefleet.spacetraders.payloads import Page

from .base import PAGE_LIMIT, Endpoints, every


class AgentEndpoints(Endpoints):
    """What the token's owner is, is owed, and has promised."""

    def get_my_account(self) -> payloads.Account:
        return self._ask("GET", "/my/account", payloads.Account.from_json)

    def get_my_agent(self) -> payloads.Agent:
        return self._ask("GET", "/my/agent", payloads.Agent.from_json)

    def list_my_agent_events(self) -> tuple[payloads.AgentEvent, ...]:
        return self._ask(
            "GET",
            "/my/agent/events",
            lambda data: tuple(map(payloads.AgentEvent.from_json, data)),
        )

    def list_my_factions(
        self, page: int = 1, limit: int = PAGE_LIMIT
    ) -> Page[payloads.Standing]:
        return self._page("/my/factions", payloads.Standing.from_json, page=page, limit=limit)

    def list_contracts(self, page: int = 1, limit: int = PAGE_LIMIT) -> Page[payloads.Contract]:
        return self._page("/my/contracts", payloads.Contract.from_json, page=page, limit=limit)

    def every_contract(self) -> Iterator[payloads.Contract]:
        return every(self.list_contracts)

    def get_contract(self, contract: str) -> payloads.Contract:
        return self._ask(
            "GET", "/my/contracts/{contract}", payloads.Contract.from_json, contract=contract
        )

    def accept_contract(self, contract: str) -> payloads.ContractUpdate:
        """Take on a contract; its first payment comes at once."""
        return self._ask(
            "POST",
            "/my/contracts/{contract}/accept",
            payloads.ContractUpdate.from_json,
            contract=contract,
        )

    def deliver_contract(
        self, contract: str, ship: str, good: str, units: int
    ) -> payloads.ContractDelivery:
        """Hand over goods from a ship docked at the destination.

        Raises ContractRefused when late or not in the terms, WrongPlace elsewhere,
        CargoMissing when the ship has fewer.
        """
        return self._ask(
            "POST",
            "/my/contracts/{contract}/deliver",
            payloads.ContractDelivery.from_json,
            body={"shipSymbol": ship, "tradeSymbol": good, "units": units},
            contract=contract,
        )

    def fulfill_contract(self, contract: str) -> payloads.ContractUpdate:
        """Close a contract whose deliveries are complete; its second payment comes at once."""
        return self._ask(
            "POST",
            "/my/contracts/{contract}/fulfill",
            payloads.ContractUpdate.from_json,
            contract=contract,
        )

    def negotiate_contract(self, ship: str) -> payloads.Contract:
        """Get a new offer from the faction at the ship's waypoint.

        Raises ExistingContract while another is offered or under way.
        """
        return self._ask(
            "POST",
            "/my/ships/{ship}/negotiate/contract",
            lambda data: payloads.Contract.from_json(data["contract"]),
            ship=ship,
        )
