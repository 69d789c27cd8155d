"""Inventory's numbers of taste."""

from dataclasses import dataclass

from spacefleet.parameters import param


@dataclass(frozen=True)
class TransportParams:
    """Ships that shuttle between one site and one depot."""

    leave_at: int = param(
        90, "leave the site when the hold is so full", unit="%", low=10, high=100
    )
    patience: int = param(
        600, "leave with what there is after loading for so long", unit="s", low=30, high=86_400
    )
    depot_full_retry: int = param(
        60, "look again at a full depot after", unit="s", low=5, high=3_600
    )


@dataclass(frozen=True)
class DepotParams:
    """Ships that store goods at a fixed place."""

    crowded_at: int = param(
        90, "a depot that is so full rings for the sellers", unit="%", low=10, high=100
    )
    no_buyer_penalty: int = param(
        600,
        "seconds of flight a place may be nearer to be preferred although nothing is bought there",
        unit="s",
        low=0,
        high=86_400,
    )
    siting: str = param(
        "site",
        "where depots park: site = near each site of its own; centre = where all trips of all "
        "sites to depots and on to buyers are shortest together",
        choices=("site", "centre"),
    )
    market_detour: int = param(
        10,
        "at the centre a marketplace is preferred up to so much longer trips",
        unit="%",
        low=0,
        high=1_000,
    )
    reconcile_every: int = param(
        3_600, "hold the books against the hold so often", unit="s", low=60, high=604_800
    )
    at_most: int = param(
        6, "more room is not asked for beyond so many depots", unit="ships", low=0, high=100
    )
    expand_with: str = param(
        "SHIP_HEAVY_FREIGHTER SHIP_BULK_FREIGHTER SHIP_LIGHT_HAULER",
        "types bought for more room: the first one the purchase guard lets through",
    )
    expand_patience: int = param(
        1_800, "more room that did not come by then failed", unit="s", low=60, high=86_400
    )
    expand_again: int = param(
        3_600, "ask again for room that was refused after", unit="s", low=60, high=604_800
    )
