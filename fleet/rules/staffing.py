"""From vacancies to slots, and from slots to what the fleet's stage is called."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slot:
    """One place for one ship; the lower the rank, the sooner it is manned."""

    role: str
    place: str
    needs: str
    rank: int
    ship_type: str
    value_per_hour: float
    why: str


RANKED = 100_000_000.0  # what the most urgent slot is worth; no rank brings it to zero
A_RANK = 1_000.0  # how much a step in rank weighs
STAYING = 600.0  # what a ship in its slot is worth more than a stranger: the cost of switching
A_SECOND = 0.1  # what a second of flight to the slot takes off


def worth(slot: Slot, *, holds: bool, flight_seconds: float) -> float:
    """What it is worth that a ship takes a slot: its urgency, less flying and switching there."""
    staying = STAYING if holds else 0.0
    return RANKED - slot.rank * A_RANK + staying - min(flight_seconds, 5_000) * A_SECOND


def urgency(slot: Slot, other: Slot) -> float:
    """What a slot is worth more than `other`, which differs in its rank alone."""
    return (other.rank - slot.rank) * A_RANK


def stage(manned: Iterable[str], wanted: Iterable[str]) -> str:
    """What the fleet is at, told from which roles are manned; it is never stored."""
    have, want = set(manned), set(wanted)
    pipeline = {"miner", "transport", "depot"}
    if not have & pipeline:
        return "alone: the first ships mine and sell by themselves"
    missing = sorted(want - have)
    if missing:
        return f"building: no {', '.join(missing)} yet"
    return "the pipeline runs"
