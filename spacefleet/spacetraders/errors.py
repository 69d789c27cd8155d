"""What can go wrong when talking to the game, sorted by what the caller should do next.

SpaceTradersError
├── TryAgain              nothing happened; the same call may succeed later
│   ├── RateLimited           after `retry_after` seconds
│   ├── ServerUnavailable     not reached, or a read that failed on the server's side
│   └── Maintenance           the universe is being reset
├── Refused               the server said no and why: our picture of the world is stale
│   ├── CooldownActive        the reactor recharges until `until`
│   ├── ShipInTransit         the ship flies until `arrives_at`
│   ├── InsufficientFuel · InsufficientCredits · CargoFull · CargoMissing
│   ├── WrongPlace            the ship, or the destination, is not where this can be done
│   │   └── AlreadyThere          the ship is at the destination it was sent to
│   ├── WrongStatus           docked where orbit is needed, or the other way round
│   ├── NotVisible            nothing to see without a ship there
│   ├── NotFound              no such ship, waypoint, contract or agent
│   ├── SurveyUnusable        take another survey
│   ├── UnstableAsteroid      leave the place alone for a while
│   ├── NotTraded             the market or shipyard does not deal in it
│   ├── TradeLimit            more units than one transaction may have
│   ├── EquipmentMissing      a mount, module, or the room or power for one
│   ├── ContractRefused       too late, twice, or not in the terms
│   │   └── ExistingContract      finish that one first
│   ├── ConstructionRefused   not needed, already full, or not finished yet
│   ├── AlreadyCharted        somebody was first
│   ├── RegistrationRefused   the symbol or the faction is taken
│   └── InvalidRequest        the request itself is malformed: a mistake of ours
├── OutcomeUnknown        a change was sent and its answer lost: look, then decide
├── Unauthorized          the token is not accepted
└── GameReset             the token belongs to a universe that is gone

Which code becomes which class stands in `refusals.py`.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from .payloads.reading import maybe_moment


class SpaceTradersError(Exception):
    """Base of everything the client raises on purpose."""


class TryAgain(SpaceTradersError):
    """Nothing was changed by this call; the same call may succeed later."""


class RateLimited(TryAgain):
    """Too many requests; nobody should send any for `retry_after` seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after

    def __str__(self) -> str:
        return f"rate limited for {self.retry_after:.1f} s"


class ServerUnavailable(TryAgain):
    """The server was not reached, or could not answer a read."""


class Maintenance(TryAgain):
    """The server is up and says that the universe is being reset."""


class OutcomeUnknown(SpaceTradersError):
    """A change was sent, and whether it happened is not known.

    Never send it again before having looked at what it would have changed.
    """


class Unauthorized(SpaceTradersError):
    """The token is missing, malformed, of the wrong kind, or of an agent that does not exist."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return f"{self.message} ({self.code})"


class GameReset(SpaceTradersError):
    """The token was issued for another reset; the dates are those the server names, if any."""

    def __init__(
        self, message: str, expected: str | None = None, actual: str | None = None
    ) -> None:
        super().__init__(message, expected, actual)
        self.message = message
        self.expected = expected
        self.actual = actual

    def __str__(self) -> str:
        return self.message


class Refused(SpaceTradersError):
    """The server understood and said no; the same call will be refused again.

    `code` is the game's, or the HTTP status where the answer carried none; `data` is what the
    game added, often nothing.
    """

    def __init__(self, code: int, message: str, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(code, message, data)
        self.code = code
        self.message = message
        self.data: Mapping[str, Any] = data or {}

    def __str__(self) -> str:
        return f"{self.message} ({self.code})"


class CooldownActive(Refused):
    @property
    def until(self) -> datetime | None:
        """When the reactor has recharged; None when the server did not say."""
        return maybe_moment((self.data.get("cooldown") or {}).get("expiration"))


class ShipInTransit(Refused):
    @property
    def arrives_at(self) -> datetime | None:
        """When the ship arrives; None when the server did not say."""
        return maybe_moment(self.data.get("arrival"))


class InsufficientFuel(Refused):
    @property
    def fuel_required(self) -> int | None:
        return _whole(self.data.get("fuelRequired"))


class InsufficientCredits(Refused):
    pass


class CargoFull(Refused):
    pass


class CargoMissing(Refused):
    pass


class WrongPlace(Refused):
    pass


class AlreadyThere(WrongPlace):
    pass


class WrongStatus(Refused):
    pass


class NotVisible(Refused):
    pass


class NotFound(Refused):
    pass


class SurveyUnusable(Refused):
    """The survey is altered, expired, exhausted, or of another waypoint."""


class UnstableAsteroid(Refused):
    pass


class NotTraded(Refused):
    pass


class TradeLimit(Refused):
    @property
    def trade_volume(self) -> int | None:
        """The most units of one transaction; None when the server did not say."""
        named = _whole(self.data.get("tradeVolume"))
        found = re.search(r"limit of (\d+) units", self.message)
        return named if named is not None or not found else int(found[1])


class EquipmentMissing(Refused):
    pass


class ContractRefused(Refused):
    pass


class ExistingContract(ContractRefused):
    @property
    def contract_id(self) -> str | None:
        found = self.data.get("contractId")
        return str(found) if found else None


class ConstructionRefused(Refused):
    pass


class AlreadyCharted(Refused):
    pass


class RegistrationRefused(Refused):
    pass


class InvalidRequest(Refused):
    pass


def _whole(value: Any) -> int | None:
    return int(value) if isinstance(value, int | float) else None
