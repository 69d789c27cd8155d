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

    enabled: bool = param(True, "negotiate contracts and accept those that pay")
    buy: bool = param(True, "buy what our own store lacks")
    reserve_buffer: int = param(
        0,
        "units kept back in store for a contract beyond what it takes from there",
        unit="units",
        low=0,
        high=1_000,
    )
    load_at_least: int = param(
        25,
        "a courier leaves from this part of its hold, or the rest, also where funds allow no more",
        unit="%",
        low=1,
        high=100,
    )
    fresh_price: int = param(
        900, "a price older than this is looked at before accepting", unit="s", low=60
    )
    tolerance: int = param(
        10, "a unit may cost so much more than was judged", unit="%", low=0, high=100
    )
    usual_rate: int = param(
        250_000,
        "what contracts bring an hour, until enough of our own tell",
        unit="credits",
        low=0,
    )
    freeing: int = param(
        25,
        "a loss may cost this part of what the hours are worth that leaving would block",
        unit="%",
        low=0,
        high=100,
    )
    credits_a_request: int = param(
        50, "what a request would bring elsewhere", unit="credits", low=0
    )
    hurry: bool = param(True, "couriers fly at twice the fuel and in half the time")
    working_capital: int = param(
        250_000, "credits no ship is bought with, to buy goods from", unit="credits", low=0
    )
    couriers: int = param(
        1, "ships bought for contracts where they pay, at most", unit="ships", low=0, high=10
    )
    courier_type: str = param("SHIP_LIGHT_HAULER", "type bought as courier")
    pays_back_in: int = param(
        24, "a courier is bought when it earns its price in", unit="h", low=1, high=168
    )
