"""More room: which ship to ask for, and what became of the question."""

from collections.abc import Sequence
from dataclasses import dataclass

WAITS = ("waiting for", "a fresh look", "a ship must look")
"""What an order says that may still be bought: somebody has to get to the yard first."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The type to order, or why none is."""

    ship_type: str = ""
    refusal: str = ""


def choose(
    verdicts: Sequence[tuple[str, str | None]],
    *,
    depots: int,
    at_most: int,
    buys: bool,
    place: str,
) -> Choice:
    """The first type the guard has nothing against; `verdicts` are in order of preference."""
    if not place:
        return Choice(refusal="no depot has parked yet: there is nothing to stand beside")
    if depots >= at_most:
        return Choice(refusal=f"{depots} depots stand already, {at_most} at most")
    if not buys:
        return Choice(refusal="buying ships is switched off (conductor.buy_ships)")
    for ship_type, against in verdicts:
        if against is None:
            return Choice(ship_type)
    if not verdicts:
        return Choice(refusal="no type to expand with is named (depot.expand_with)")
    return Choice(refusal="; ".join(f"{_short(name)}: {why}" for name, why in verdicts))


def _short(ship_type: str) -> str:
    return ship_type.removeprefix("SHIP_").lower().replace("_", " ")


@dataclass(frozen=True, slots=True)
class Verdict:
    """How it ended: granted, refused or failed, and why."""

    outcome: str
    reason: str


def outcome(
    *, ship: str, status: str, verdict: str, waited: float, patience: float
) -> Verdict | None:
    """What became of an expansion by the ship that came and the order's state and verdict.

    `waited` and `patience` in game seconds. None while it may still come.
    """
    if ship:
        return Verdict("granted", f"{ship} stores there")
    if status == "cancelled":
        return Verdict("failed", f"the order was withdrawn: {verdict}")
    if status == "open" and verdict and not any(word in verdict for word in WAITS):
        return Verdict("refused", verdict)
    if waited < patience:
        return None
    if status == "bought":
        return Verdict("failed", "the ship was bought but did not get there in time")
    return Verdict("failed", f"nothing came of it in time: {verdict or 'no order was made'}")
