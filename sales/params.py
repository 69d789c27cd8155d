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
    age_discount: int = param(
        5, "a price counts so much less for each hour of its age", unit="%", low=0, high=50
    )
    request_worth: int = param(
        40,
        "what another request would bring; trips and trades are charged it",
        unit="credits",
        low=0,
        high=10_000,
    )
    wait: int = param(
        3_600, "a trade is compared with selling so much later", unit="s", low=0, high=86_400
    )
    wait_discount: int = param(20, "what is lost by waiting so long", unit="%", low=0, high=100)
    sell_out_hours: int = param(
        6, "so long before the reset everything in store is sold", unit="h", low=0, high=10_000
    )
    stay_home: bool = param(
        False, "sell each good at the nearest market that buys it, whatever it pays"
    )
    poor_at: int = param(
        85, "a market whose price index is lower is poor", unit="%", low=1, high=200
    )
    poor_for: int = param(
        1_800, "home stays poor when it was for so long", unit="s", low=0, high=604_800
    )
    move_gain: int = param(
        5,
        "another market must net so much more, unless home stays poor",
        unit="%",
        low=0,
        high=1_000,
    )
    ladder_patience: int = param(
        900,
        "sales get so long to relieve crowded depots before the next rung",
        unit="s",
        low=0,
        high=86_400,
    )


@dataclass(frozen=True)
class TraderParams:
    """Ships that take goods from the depots to the markets."""

    hour_worth: int = param(
        10_000,
        "what an hour of a market ship is worth elsewhere, at most: its sales tell",
        unit="credits",
        low=0,
        high=10_000_000,
    )
    measured_over: int = param(
        7_200,
        "the sales of so long tell what its hour is worth",
        unit="s",
        low=600,
        high=604_800,
    )
    measured_sales: int = param(
        5, "with fewer sales its hour is worth what the owner says", low=1, high=1_000
    )
    longest_wait: int = param(
        3_600,
        "wait at most so long at a market for its price to rise again",
        unit="s",
        low=0,
        high=86_400,
    )
    loading_patience: int = param(
        300, "leave the depot with what was claimed after", unit="s", low=10, high=86_400
    )


@dataclass(frozen=True)
class TradingParams:
    """Ships that buy where exports are cheap and sell where imports are dear."""

    active: bool = param(True, "trade; no leaves the ships to their other duties")
    merchants: int = param(6, "ships bought for trading, at most", unit="ships", low=0, high=50)
    ship_type: str = param("SHIP_LIGHT_SHUTTLE", "type bought for trading")
    share: int = param(
        95,
        "a load may cost this part of what lies above the cash floor",
        unit="%",
        low=1,
        high=100,
    )
    working_capital: int = param(
        120_000,
        "credits no ship is bought from for each ship that trades: they fill its hold",
        unit="credits",
        low=0,
        high=10_000_000,
    )
    max_price_age: int = param(
        7_200,
        "an older price is no opinion, but a wish to look",
        unit="s",
        low=60,
        high=604_800,
    )
    margin: int = param(
        3, "a unit must gain this part of its price to be carried", unit="%", low=0, high=100
    )
    least_gain: int = param(
        1_000, "a trip that nets less is not flown", unit="credits", low=1, high=10_000_000
    )
    least_per_hour: int = param(
        30_000,
        "a trip that nets less an hour is left for the ship's next role",
        unit="credits",
        low=0,
        high=100_000_000,
    )
    spare_time: int = param(
        600,
        "a market ship trades between two sales on trips that end within",
        unit="s",
        low=0,
        high=86_400,
    )
    request_worth: int = param(
        60, "what a request would bring elsewhere", unit="credits", low=0, high=100_000
    )
    look_worth: int = param(
        8_000,
        "what the first look at a market is worth to a ship without a better trip",
        unit="credits",
        low=0,
        high=1_000_000,
    )
    rest: int = param(
        3_600, "a lane that lost money is left alone for", unit="s", low=0, high=604_800
    )
    payback_hours: int = param(
        3, "a ship bought for trading must earn its price within", unit="h", low=1, high=168
    )


@dataclass(frozen=True)
class ConstructionParams:
    """Building the home gate, because nothing leaves home before it stands."""

    active: bool = param(True, "supply the home gate out of surplus")
    reserve: int = param(
        2_000_000,
        "credits above the cash floor that stay for what earns by itself",
        unit="credits",
        low=0,
        high=1_000_000_000,
    )
    builders: int = param(1, "ships that supply it", unit="ships", low=1, high=20)
    ship_type: str = param("SHIP_LIGHT_HAULER", "type bought as builder")
    dearest: int = param(
        125, "a material may cost this part of its usual price", unit="%", low=1, high=1_000
    )
    window: int = param(
        86_400, "prices of so long tell what is usual", unit="s", low=600, high=2_592_000
    )
    look_every: int = param(
        3_600, "the bill of the gate is read again after", unit="s", low=60, high=86_400
    )
    least_hours_left: int = param(
        36,
        "with less time to the reset the gate is not worth its materials",
        unit="h",
        low=0,
        high=10_000,
    )
