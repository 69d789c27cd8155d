"""Sales' numbers of taste."""

from dataclasses import dataclass

from spacefleet.parameters import param


@dataclass(frozen=True)
class SaleParams:
    """When goods in store are sold (decision rule S1)."""

    good_price: int = param(
        110, "sell from this part of the rolling average price", unit="%", low=1, high=1_000
    )
    crowded_at: int = param(
        90, "sell at any price when the depots are so full", unit="%", low=1, high=100
    )
    buffer: int = param(0, "units of each good that stay in store", unit="units", low=0)
    window: int = param(
        86_400, "prices of so long make the rolling average", unit="s", low=600, high=2_592_000
    )
    min_samples: int = param(
        5, "fewer price samples are no average, and no opportunity", low=1, high=1_000
    )
    max_price_age: int = param(
        3_600, "an older price is no opinion, but a wish to look", unit="s", low=60
    )
    request_deadline: int = param(
        7_200, "a request for goods expires after", unit="s", low=60, high=604_800
    )


@dataclass(frozen=True)
class TraderParams:
    """Ships that take goods from the depots to the markets."""

    sell_down_to: int = param(
        60, "stop selling when a unit brings less of the first price", unit="%", low=1, high=100
    )
    loading_patience: int = param(
        300, "leave the depot with what was claimed after", unit="s", low=10, high=86_400
    )
