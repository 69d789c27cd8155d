"""One scene for every refusal the universe can give: what must be so, and the call that fails."""

from . import contracts, door, flight, trade, work, yards  # noqa: F401 - they fill SCENES
from .scenes import SCENES, Ask

__all__ = ["OUT_OF_REACH", "SCENES", "Ask"]

OUT_OF_REACH = {
    3000: "an answer that does not serialise would be a fault of ours",
    3002: "error handlers that fail would be a fault of ours",
    3200: "an era that cannot be reset would be a fault of ours",
    4108: "an account without an agent is told that another token is needed (4105)",
    4110: "no call sign is reserved between eras",
    4114: "accounts have no roles",
    4115: "a token that cannot be read or verified is an invalid token of the request (4104)",
    4200: "the real server says 4214 of a ship under way, and so do we",
    4206: "nobody forbids extraction",
    4237: "the body's validator names a product that no refinery makes first (3001)",
    4260: "nobody forbids siphoning",
    4500: "a foreign contract is not found (404)",
    4506: "a foreign contract is not found (404)",
    500: "an unexpected fault would be ours",
}
"""Codes of the live list that no call here brings about, and why."""
