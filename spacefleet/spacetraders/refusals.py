"""Which exception an answer of the game becomes: by its code first, then by its HTTP status."""

from collections.abc import Mapping
from typing import Any

from . import errors
from .errors import Refused

_CODES: dict[type[Refused], tuple[int, ...]] = {
    errors.CooldownActive: (4000,),
    errors.NotVisible: (4001,),
    errors.ShipInTransit: (4200, 4214),
    errors.InsufficientFuel: (4203,),
    errors.InsufficientCredits: (4216, 4248, 4265, 4268, 4600),
    errors.CargoFull: (4217, 4228),
    errors.CargoMissing: (4218, 4219),
    errors.AlreadyThere: (4204,),
    errors.WrongPlace: (
        *(4202, 4205, 4222, 4234, 4235, 4245, 4246, 4254, 4255, 4259, 4261, 4263, 4264, 4266),
        *(4510, 4700, 4802),
    ),
    errors.WrongStatus: (4223, 4236, 4244, 4271),
    errors.NotFound: (404, 4201, 4231),
    errors.SurveyUnusable: (4220, 4221, 4224, 4270),
    errors.UnstableAsteroid: (4253,),
    errors.NotTraded: (4601, 4602, 4605),
    errors.TradeLimit: (4604,),
    errors.EquipmentMissing: (
        *(4215, 4239, 4240, 4241, 4242, 4243, 4247, 4249, 4250, 4251, 4252, 4257, 4258, 4267),
    ),
    errors.ContractRefused: (4500, 4501, 4502, 4503, 4504, 4505, 4506, 4508, 4509),
    errors.ExistingContract: (4511,),
    errors.ConstructionRefused: (4256, 4262, 4800, 4801),
    errors.AlreadyCharted: (4230,),
    errors.RegistrationRefused: (4110, 4111, 4112),
    errors.InvalidRequest: (3001, 5000),
}
BY_CODE: dict[int, type[Refused]] = {
    code: refusal for refusal, codes in _CODES.items() for code in codes
}

RESPONSE_UNSERIALISABLE, HANDLERS_FAILED = 3000, 3002
"""The server broke while answering: what it was asked to do may have been done."""

MAINTENANCE = frozenset({3100, 3200})
"""3100 as documented; 3200 is called ResetError and was never seen, taken for the same."""

RESET = frozenset({4109, 4113})
"""The token's version (4109) or reset date (4113) is not the server's: after a reset both."""

UNAUTHORIZED = frozenset({*range(4100, 4110), 4114, 4115, 4116}) - RESET

UNSURE_STATUSES = frozenset({408, 425})
"""The server, or something before it, gave up on a request it may have passed on."""

DEFAULT_RETRY_AFTER = 5.0
"""Seconds to stay silent when a 429 does not say how long, as the HTML ones of the proxy
before the game; guess, a proxy's limits are nowhere documented."""


def from_answer(
    *,
    status: int,
    error: Mapping[str, Any],
    mutating: bool,
    where: str,
    retry_after: float | None = None,
) -> errors.SpaceTradersError:
    """The exception for an answer that is no success.

    `error` is the game's error object, empty when the body carried none; `where` names the
    call for the log; `mutating` is whether the request asked for a change.
    """
    code, message = error_code(error), str(error.get("message") or f"HTTP {status}")
    told = f"{where}: {message} ({code or status})"
    if status == 429:
        return errors.RateLimited(DEFAULT_RETRY_AFTER if retry_after is None else retry_after)
    if code in MAINTENANCE:
        return errors.Maintenance(told)
    if code in RESET:
        return _reset(message, error)
    if code in UNAUTHORIZED or status == 401:
        return errors.Unauthorized(code or status, message)
    if _is_outage(status, code):
        return errors.OutcomeUnknown(told) if mutating else errors.ServerUnavailable(told)
    return _refusal(code or status, message, error)


def error_code(error: Mapping[str, Any]) -> int | None:
    code = error.get("code")
    return code if isinstance(code, int) else None


def _is_outage(status: int, code: int | None) -> bool:
    if code in (RESPONSE_UNSERIALISABLE, HANDLERS_FAILED):
        return True
    # A code of the game with a 5xx is still a decision of the game: 4112 comes as a 500.
    if code in BY_CODE:
        return False
    return status >= 500 or status in UNSURE_STATUSES or status < 400


def _refusal(code: int, message: str, error: Mapping[str, Any]) -> Refused:
    data = error.get("data")
    kind = BY_CODE.get(code, errors.InvalidRequest if code == 422 else Refused)
    return kind(code, message, data if isinstance(data, Mapping) else None)


def _reset(message: str, error: Mapping[str, Any]) -> errors.GameReset:
    data = error.get("data")
    dates = data if isinstance(data, Mapping) else {}
    return errors.GameReset(message, dates.get("expected"), dates.get("actual"))
