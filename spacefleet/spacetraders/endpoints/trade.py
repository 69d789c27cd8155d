"""Endpoints of trade and outfit: cargo, ships, mounts, modules, repair."""

from spacefleet.spacetraders import payloads
from spacefleet.spacetraders.payloads import Fee
from spacefleet.spacetraders.payloads.reading import Json

from .base import Endpoints


class TradeEndpoints(Endpoints):
    """What changes hands against credits, and what goes overboard."""

    def sell(self, ship: str, good: str, units: int) -> payloads.Sale:
        """Sell to the market the ship is docked at, at most its trade volume.

        Raises NotTraded, TradeLimit, CargoMissing, WrongStatus when not docked.
        """
        return self._ask(
            "POST",
            "/my/ships/{ship}/sell",
            payloads.Sale.from_json,
            body={"symbol": good, "units": units},
            ship=ship,
        )

    def purchase(self, ship: str, good: str, units: int) -> payloads.Purchase:
        """Buy from the market the ship is docked at, at most its trade volume.

        Raises NotTraded, TradeLimit, CargoFull, InsufficientCredits, WrongStatus.
        """
        return self._ask(
            "POST",
            "/my/ships/{ship}/purchase",
            payloads.Purchase.from_json,
            body={"symbol": good, "units": units},
            ship=ship,
        )

    def jettison(self, ship: str, good: str, units: int) -> payloads.Cargo:
        """Throw goods overboard; answers what is left."""
        return self._ask(
            "POST",
            "/my/ships/{ship}/jettison",
            lambda data: payloads.Cargo.from_json(data["cargo"]),
            body={"symbol": good, "units": units},
            ship=ship,
        )

    def transfer(
        self, giver: str, receiver: str, good: str, units: int
    ) -> payloads.TransferResult:
        """Hand goods to another ship of ours at the same waypoint.

        Raises WrongStatus unless both are docked or both in orbit, WrongPlace, CargoFull,
        CargoMissing.
        """
        return self._ask(
            "POST",
            "/my/ships/{ship}/transfer",
            payloads.TransferResult.from_json,
            body={"tradeSymbol": good, "units": units, "shipSymbol": receiver},
            ship=giver,
        )

    def purchase_ship(self, ship_type: str, waypoint: str) -> payloads.ShipPurchase:
        """Buy a ship at a yard where a ship of ours is.

        Raises WrongPlace without one, NotTraded, InsufficientCredits.
        """
        return self._ask(
            "POST",
            "/my/ships",
            payloads.ShipPurchase.from_json,
            body={"shipType": ship_type, "waypointSymbol": waypoint},
        )

    def install_mount(self, ship: str, mount: str) -> payloads.Refit:
        """Fit a mount that is in the hold, docked at a shipyard."""
        return self._refit("/my/ships/{ship}/mounts/install", ship, mount)

    def remove_mount(self, ship: str, mount: str) -> payloads.Refit:
        return self._refit("/my/ships/{ship}/mounts/remove", ship, mount)

    def install_module(self, ship: str, module: str) -> payloads.Refit:
        """Fit a module that is in the hold, docked at a shipyard."""
        return self._refit("/my/ships/{ship}/modules/install", ship, module)

    def remove_module(self, ship: str, module: str) -> payloads.Refit:
        return self._refit("/my/ships/{ship}/modules/remove", ship, module)

    def get_scrap_quote(self, ship: str) -> Fee:
        """What scrapping the ship here would bring."""
        return self._ask("GET", "/my/ships/{ship}/scrap", _quote, ship=ship)

    def scrap(self, ship: str) -> payloads.Scrap:
        """Give up the ship for its scrap value, docked at a shipyard."""
        return self._ask("POST", "/my/ships/{ship}/scrap", payloads.Scrap.from_json, ship=ship)

    def get_repair_quote(self, ship: str) -> Fee:
        """What repairing the ship here would cost."""
        return self._ask("GET", "/my/ships/{ship}/repair", _quote, ship=ship)

    def repair(self, ship: str) -> payloads.Repair:
        """Restore the ship's condition, docked at a shipyard."""
        return self._ask(
            "POST", "/my/ships/{ship}/repair", payloads.Repair.from_json, ship=ship
        )

    def _refit(self, endpoint: str, ship: str, component: str) -> payloads.Refit:
        return self._ask(
            "POST", endpoint, payloads.Refit.from_json, body={"symbol": component}, ship=ship
        )


def _quote(data: Json) -> Fee:
    return Fee.from_json(data["transaction"])
