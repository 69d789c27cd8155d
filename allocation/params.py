"""Allocation's numbers of taste."""

from dataclasses import dataclass

from spacefleet.parameters import param


@dataclass(frozen=True)
class QueueParams:
    """The queue for goods in the depots."""

    claim_lease: int = param(
        1_800,
        "a claim that no ship took up returns to the queue after",
        unit="s",
        low=60,
        high=86_400,
    )


@dataclass(frozen=True)
class ContractParams:
    """Contracts."""

    accept_from_store: bool = param(
        True, "accept a contract whose goods our own miners bring", unit=""
    )
    reserve_buffer: int = param(
        0,
        "units kept back for a contract beyond what it needs",
        unit="units",
        low=0,
        high=1_000,
    )
    load_at_least: int = param(
        25,
        "a courier leaves from this part of its hold, or the rest",
        unit="%",
        low=1,
        high=100,
    )
