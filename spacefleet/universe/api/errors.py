"""Refusals: every code with its HTTP status, the name the game gives it, and its message.

The names are those of the live list of error codes. Messages follow the recorded ones; where
nobody recorded any they say in the same manner what is wrong.
"""

from collections.abc import Mapping
from dataclasses import dataclass

_RESET_HINT = (
    "Server resets happen on a weekly to bi-weekly frequency during alpha. "
    "After a reset, you should re-register your agent."
)
_NO_FUNDS = "Agent has insufficient funds."

# code | http | name | message with {fields}
_TABLE = f"""
3000|500|ResponseSerializationError|The server did not return a valid response.
3001|422|UnprocessableInputError|The request could not be processed due to an invalid payload or application state.
3002|500|AllErrorHandlersFailedError|Something went wrong!
3100|503|SystemStatusMaintenanceError|The universe is being reset. Please check back in a few minutes.
3200|500|ResetError|The universe could not be reset.
4000|409|CooldownConflictError|Ship action is still on cooldown for {{seconds}} second(s).
4001|400|WaypointNoAccessError|Waypoint {{waypoint}} is not accessible. Either uncharted or the agent has no ships present.
4100|401|TokenEmptyError|Failed to parse token. Token is missing or empty.
4101|401|TokenMissingSubjectError|Failed to parse token. Missing subject.
4102|401|TokenInvalidSubjectError|Failed to parse token. Invalid subject.
4103|401|MissingTokenRequestError|Missing Bearer token in the request. Did you confirm sending the 'Bearer {{{{token}}}}' as the authorization header?
4104|401|InvalidTokenRequestError|Invalid Bearer token in the request.
4105|401|InvalidTokenSubjectError|Failed to parse token. Token subject {{subject}} cannot be used here, {{expected}} is needed.
4106|401|AccountNotExistsError|Failed to parse token. Account does not exist.
4107|401|AgentNotExistsError|Failed to parse token. Agent {{agent}} does not exist.
4108|401|AccountHasNoAgentError|Account has no agent.
4109|401|TokenInvalidVersionError|Failed to parse token. Token version does not match the server. {_RESET_HINT} Expected: {{expected}}, Actual: {{actual}}
4110|422|RegisterAgentSymbolReservedError|Cannot register agent. Call sign has been reserved between resets: {{symbol}}.
4111|409|RegisterAgentConflictSymbolError|Cannot register agent. Agent symbol {{symbol}} has already been claimed.
4112|400|RegisterAgentNoStartingLocationsError|Cannot register agent. Faction {{faction}} has no starting locations left.
4113|401|TokenResetDateMismatchError|Failed to parse token. Token reset_date does not match the server. {_RESET_HINT} Expected: {{expected}}, Actual: {{actual}}
4114|403|InvalidAccountRoleError|Account role does not permit this.
4115|401|InvalidTokenError|Failed to parse token. Token is invalid.
4116|401|MissingAccountTokenRequest|Missing account token in the request. Create an account first and send its token as bearer.
4200|400|NavigateInTransitError|Navigate request failed. Ship {{ship}} is currently in transit.
4201|400|NavigateInvalidDestinationError|Navigate request failed. Destination {{waypoint}} does not exist.
4202|400|NavigateOutsideSystemError|Navigate request failed. Destination {{waypoint}} is outside the {{system}} system.
4203|400|NavigateInsufficientFuelError|{{action}} request failed. Ship {{ship}} requires {{more}} more fuel for navigation.
4204|400|NavigateSameDestinationError|Navigate request failed. Ship {{ship}} is currently located at the destination.
4205|400|ShipExtractInvalidWaypointError|Ship extract failed. {{type}} is not a valid location for extracting minerals.
4206|400|ShipExtractPermissionError|Ship extract failed. Extraction is not permitted here.
4214|400|ShipInTransitError|Ship is currently in-transit from {{origin}} to {{destination}} and arrives in {{seconds}} seconds.
4215|400|ShipMissingSensorArraysError|Ship {{ship}} does not have a required sensor array mount.
4216|400|PurchaseShipCreditsError|Failed to purchase ship. {_NO_FUNDS}
4217|400|ShipCargoExceedsLimitError|Failed to update ship cargo. Cannot add {{units}} unit(s) to ship cargo. Exceeds max limit of {{limit}}.
4218|400|ShipCargoMissingError|Failed to update ship cargo. Ship {{ship}} does not contain any units of {{good}}.
4219|400|ShipCargoUnitCountError|Failed to update ship cargo. Ship {{ship}} cargo does not contain {{units}} unit(s) of {{good}}. Ship has {{have}} unit(s) of {{good}}.
4220|400|ShipSurveyVerificationError|Ship survey failed. Survey {{signature}} could not be verified.
4221|400|ShipSurveyExpirationError|Ship survey failed. Target signature is no longer in range or valid.
4222|400|ShipSurveyWaypointTypeError|Ship survey failed. Ship {{ship}} is not at a valid location for surveying.
4223|400|ShipSurveyOrbitError|Ship survey failed. Ship must be in orbit to perform this type of survey.
4224|409|ShipSurveyExhaustedError|Ship extract failed. Survey {{signature}} has been exhausted.
4228|400|ShipCargoFullError|Failed to update ship cargo. Ship is at maximum capacity and has 0 units of available space.
4230|400|WaypointChartedError|Waypoint already charted: {{waypoint}}
4231|404|ShipTransferShipNotFound|Ship transfer failed. Ship {{target}} not found.
4232|400|ShipTransferAgentConflict|Ship transfer failed. Both ships must belong to the same agent.
4233|400|ShipTransferSameShipConflict|Ship transfer failed. Source and target ship are the same.
4234|400|ShipTransferLocationConflict|Ship transfer failed. Ships must be at the same waypoint to transfer cargo.
4235|400|WarpInsideSystemError|Warp request failed. Destination {{waypoint}} is inside the current system; use navigate.
4236|400|ShipNotInOrbitError|Ship action failed. Ship is not currently in orbit at {{waypoint}}.
4237|400|ShipInvalidRefineryGoodError|Ship refine failed. {{good}} cannot be produced.
4238|400|ShipInvalidRefineryTypeError|Ship refine failed. The ship's refinery cannot produce {{good}}.
4239|400|ShipMissingRefineryError|Ship {{ship}} does not have a required refinery module.
4240|400|ShipMissingSurveyorError|Ship {{ship}} does not have a required surveyor mount.
4241|400|ShipMissingWarpDriveError|Ship {{ship}} does not have a required warp drive module.
4242|400|ShipMissingMineralProcessorError|Ship {{ship}} does not have a required mineral processor module.
4243|400|ShipMissingMiningLasersError|Ship {{ship}} does not have a required mining laser mount.
4244|400|ShipNotDockedError|Ship action failed. Ship is not currently docked at {{waypoint}}.
4245|400|PurchaseShipNotPresentError|Failed to purchase ship. Agent has no ship present at {{waypoint}}.
4246|400|ShipMountNoShipyardError|Failed to change mounts. {{waypoint}} has no shipyard.
4247|400|ShipMissingMountError|Failed to remove mount. Ship {{ship}} does not have {{symbol}} installed.
4248|400|ShipMountInsufficientCreditsError|Failed to change mounts. {_NO_FUNDS}
4249|400|ShipMissingPowerError|Ship {{ship}} lacks the power for {{symbol}}.
4250|400|ShipMissingSlotsError|Ship {{ship}} lacks the module slots for {{symbol}}.
4251|400|ShipMissingMountsError|Ship {{ship}} lacks a mounting point for {{symbol}}.
4252|400|ShipMissingCrewError|Ship {{ship}} lacks the crew quarters for {{symbol}}.
4253|400|ShipExtractDestabilizedError|Ship extract failed. Waypoint {{waypoint}} has been destabilized and must settle.
4254|400|ShipJumpInvalidOriginError|Failed to execute jump. Ship {{ship}} is not at a jump gate.
4255|400|ShipJumpInvalidWaypointError|Failed to execute jump. Waypoint {{waypoint}} is not connected to the current location.
4256|400|ShipJumpOriginUnderConstructionError|Failed to execute jump. Origin jump gate is under construction.
4257|400|ShipMissingGasProcessorError|Ship {{ship}} does not have a required gas processor module.
4258|400|ShipMissingGasSiphonsError|Ship {{ship}} does not have a required gas siphon mount.
4259|400|ShipSiphonInvalidWaypointError|Ship siphon failed. {{type}} is not a valid location for siphoning gas.
4260|400|ShipSiphonPermissionError|Ship siphon failed. Siphoning is not permitted here.
4261|400|WaypointNoYieldError|Waypoint {{waypoint}} has nothing to yield.
4262|400|ShipJumpDestinationUnderConstructionError|Failed to execute jump. Destination jump gate is under construction.
4263|400|ShipScrapInvalidTraitError|Ship scrap failed. {{waypoint}} has no shipyard.
4264|400|ShipRepairInvalidTraitError|Ship repair failed. {{waypoint}} has no shipyard.
4265|400|AgentInsufficientCreditsError|{_NO_FUNDS}
4266|400|ShipModuleNoShipyardError|Failed to change modules. {{waypoint}} has no shipyard.
4267|400|ShipModuleNotInstalledError|Failed to remove module. Ship {{ship}} does not have {{symbol}} installed.
4268|400|ShipModuleInsufficientCreditsError|Failed to change modules. {_NO_FUNDS}
4269|400|CantSlowDownWhileInTransitError|Failed to change flight mode. A ship in transit cannot slow down.
4270|400|ShipExtractInvalidSurveyLocationError|Ship extract failed. Survey {{signature}} belongs to another waypoint.
4271|400|ShipTransferDockedOrbitConflict|Ship transfer failed. Both ships must be docked or both in orbit at the same waypoint.
4500|400|AcceptContractNotAuthorizedError|Failed to accept contract. It was offered to another agent.
4501|409|AcceptContractConflictError|Failed to accept contract. Contract {{contract}} has already been accepted.
4502|400|FulfillContractDeliveryError|Failed to fulfill contract. Deliveries of {{good}} are incomplete.
4503|400|ContractDeadlineError|Contract deadline has passed.
4504|400|ContractFulfilledError|Failed to update contract. Contract has already been fulfilled.
4505|400|ContractNotAcceptedError|Failed to update contract. Contract {{contract}} has not been accepted.
4506|400|ContractNotAuthorizedError|Failed to update contract. It belongs to another agent.
4508|400|ShipDeliverTermsError|Failed to deliver. {{good}} is not part of the contract.
4509|400|ShipDeliverFulfilledError|Contract delivery terms for {{good}} have been met.
4510|400|ShipDeliverInvalidLocationError|Failed to deliver. Ship {{ship}} is not at the delivery destination {{waypoint}}.
4511|400|ExistingContractError|Agent {{agent}} already has an active contract.
4600|400|MarketTradeInsufficientCreditsError|Market purchase failed. Agent does not have sufficient credits to purchase {{units}} unit(s) of {{good}}
4601|400|MarketTradeNoPurchaseError|Market purchase failed. Trade good {{good}} is not available at {{waypoint}}.
4602|400|MarketTradeNotSoldError|Market sell failed. Trade good {{good}} is not available at {{waypoint}}.
4604|400|MarketTradeUnitLimitError|Market transaction failed. Trade good {{good}} has a limit of {{limit}} units per transaction.
4605|400|ShipNotAvailableForPurchaseError|Failed to purchase ship. {{type}} is not available at {{waypoint}}.
4700|400|WaypointNoFactionError|Waypoint {{waypoint}} does not belong to a faction.
4800|400|ConstructionMaterialNotRequired|Construction at {{waypoint}} does not require {{good}}.
4801|400|ConstructionMaterialFulfilled|Construction material requirements for {{good}} have been met.
4802|400|ShipConstructionInvalidLocationError|Ship {{ship}} is not at the construction site {{waypoint}}.
5000|415|UnsupportedMediaTypeError|Unsupported media type: {{type}}
404|404|NotFound|{{what}} {{symbol}} not found.
429|429|RateLimit|You have reached your API limit.
500|500|Unexpected|Something unexpected went wrong!
"""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One kind of refusal."""

    code: int
    http: int
    name: str
    message: str


def _read() -> dict[int, Refusal]:
    rows = (line.split("|", 3) for line in _TABLE.strip().splitlines())
    return {
        int(code): Refusal(int(code), int(http), name, message)
        for code, http, name, message in rows
    }


REFUSALS = _read()

LISTED = [refusal for refusal in REFUSALS.values() if refusal.code >= 3000]
"""Those GET /error-codes names."""


class ApiError(Exception):
    """A refusal on its way out. Nothing has been changed when it is raised."""

    def __init__(
        self, refusal: Refusal, message: str, data: Mapping[str, object] | None
    ) -> None:
        super().__init__(message)
        self.refusal = refusal
        self.message = message
        self.data = data


def refuse(
    code: int, /, data: Mapping[str, object] | None = None, **fields: object
) -> ApiError:
    """The refusal `code` with its message filled in; the caller raises it."""
    refusal = REFUSALS[code]
    return ApiError(refusal, refusal.message.format(**fields), data)


def invalid(path: str, message: str, *, issue: str = "invalid_type") -> ApiError:
    """A body or a query that does not validate, told the way the game's validator does."""
    issues = [{"code": issue, "path": [path], "message": message}]
    return refuse(
        3001, {"zodIssues": issues, "originalError": {"issues": issues, "name": "ZodError"}}
    )


def empty_json() -> ApiError:
    """A request that says JSON and sends nothing: the framework below the game answers."""
    message = (
        "You specified a 'Content-Type' header of 'application/json', but the request body is "
        "an empty string. Send an empty object (e.g. {}) instead."
    )
    return ApiError(REFUSALS[3001], message, None)
