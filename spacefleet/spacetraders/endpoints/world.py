"""Endpoints of the world: server, systems, waypoints, factions, agents."""

from collections.abc import Iterator, Sequence

from spacefleet.spacetraders import payloads
from spacefleet.spacetraders.payloads import Page

from .base import PAGE_LIMIT, Endpoints, every, system_of

WAYPOINT = "/systems/{system}/waypoints/{waypoint}"


class WorldEndpoints(Endpoints):
    """Reads that need no ship. Prices and building sites need one of ours nearby."""

    def get_status(self) -> payloads.Status:
        return self._call("GET", "/", payloads.Status.from_json)

    def list_error_codes(self) -> tuple[payloads.ErrorCode, ...]:
        return self._call(
            "GET",
            "/error-codes",
            lambda answer: tuple(map(payloads.ErrorCode.from_json, answer["errorCodes"])),
        )

    def register(self, symbol: str, faction: str) -> payloads.Registration:
        """Found an agent; the client's token must be the account's.

        Raises RegistrationRefused when the symbol is taken or the faction has no place left.
        """
        return self._ask(
            "POST",
            "/register",
            payloads.Registration.from_json,
            body={"symbol": symbol, "faction": faction},
        )

    def supply_chain(self) -> dict[str, tuple[str, ...]]:
        """For each exported good the goods its makers import."""
        return self._ask(
            "GET",
            "/market/supply-chain",
            lambda data: {
                good: tuple(imports) for good, imports in data["exportToImportMap"].items()
            },
        )

    def list_factions(self, page: int = 1, limit: int = PAGE_LIMIT) -> Page[payloads.Faction]:
        return self._page("/factions", payloads.Faction.from_json, page=page, limit=limit)

    def every_faction(self) -> Iterator[payloads.Faction]:
        return every(self.list_factions)

    def get_faction(self, symbol: str) -> payloads.Faction:
        return self._ask(
            "GET", "/factions/{faction}", payloads.Faction.from_json, faction=symbol
        )

    def list_agents(self, page: int = 1, limit: int = PAGE_LIMIT) -> Page[payloads.Agent]:
        return self._page("/agents", payloads.Agent.from_json, page=page, limit=limit)

    def get_agent(self, symbol: str) -> payloads.Agent:
        """What anybody may know of an agent."""
        return self._ask("GET", "/agents/{agent}", payloads.Agent.from_json, agent=symbol)

    def list_systems(self, page: int = 1, limit: int = PAGE_LIMIT) -> Page[payloads.System]:
        return self._page("/systems", payloads.System.from_json, page=page, limit=limit)

    def every_system(self) -> Iterator[payloads.System]:
        return every(self.list_systems)

    def get_system(self, system: str) -> payloads.System:
        return self._ask("GET", "/systems/{system}", payloads.System.from_json, system=system)

    def list_waypoints(
        self,
        system: str,
        page: int = 1,
        limit: int = PAGE_LIMIT,
        *,
        traits: Sequence[str] = (),
        kind: str | None = None,
    ) -> Page[payloads.Waypoint]:
        """Waypoints of a system, those with all of `traits` and of one `kind` (its type) if given.

        The filter knows the traits of uncharted places too, the answer does not show them.
        """
        query = {"traits": list(traits)} if traits else {}
        return self._page(
            "/systems/{system}/waypoints",
            payloads.Waypoint.from_json,
            page=page,
            limit=limit,
            query={**query, **({"type": kind} if kind else {})},
            system=system,
        )

    def every_waypoint(
        self, system: str, *, traits: Sequence[str] = (), kind: str | None = None
    ) -> Iterator[payloads.Waypoint]:
        return every(lambda page: self.list_waypoints(system, page, traits=traits, kind=kind))

    def get_waypoint(self, waypoint: str) -> payloads.Waypoint:
        return self._ask(
            "GET",
            WAYPOINT,
            payloads.Waypoint.from_json,
            system=system_of(waypoint),
            waypoint=waypoint,
        )

    def get_market(self, waypoint: str) -> payloads.Market:
        """A market; with prices while a ship of ours is there.

        Raises NotVisible for an uncharted place without a ship, NotFound where no market is.
        """
        return self._ask(
            "GET",
            f"{WAYPOINT}/market",
            payloads.Market.from_json,
            system=system_of(waypoint),
            waypoint=waypoint,
        )

    def get_shipyard(self, waypoint: str) -> payloads.Shipyard:
        """A shipyard; with offers while a ship of ours is there. Raises as `get_market`."""
        return self._ask(
            "GET",
            f"{WAYPOINT}/shipyard",
            payloads.Shipyard.from_json,
            system=system_of(waypoint),
            waypoint=waypoint,
        )

    def get_jump_gate(self, waypoint: str) -> payloads.JumpGate:
        return self._ask(
            "GET",
            f"{WAYPOINT}/jump-gate",
            payloads.JumpGate.from_json,
            system=system_of(waypoint),
            waypoint=waypoint,
        )

    def get_construction(self, waypoint: str) -> payloads.Construction:
        """What a building site still needs. Raises NotFound where nothing is built."""
        return self._ask(
            "GET",
            f"{WAYPOINT}/construction",
            payloads.Construction.from_json,
            system=system_of(waypoint),
            waypoint=waypoint,
        )

    def supply_construction(
        self, waypoint: str, ship: str, good: str, units: int
    ) -> payloads.ConstructionSupply:
        """Give goods to a building site the ship is at; more than it needs is not taken."""
        return self._ask(
            "POST",
            f"{WAYPOINT}/construction/supply",
            payloads.ConstructionSupply.from_json,
            body={"shipSymbol": ship, "tradeSymbol": good, "units": units},
            system=system_of(waypoint),
            waypoint=waypoint,
        )
