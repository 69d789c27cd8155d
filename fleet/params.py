"""The fleet's numbers of taste, each with meaning, unit, limits and default."""

from dataclasses import dataclass

from spacefleet.parameters import param


@dataclass(frozen=True)
class ConductorParams:
    """How many ships of each role are manned (floors), and which types are bought for them."""

    siphon_drones: int = param(
        4, "siphon drones at the best gas giant", unit="ships", low=0, high=100
    )
    mining_drones: int = param(
        2, "mining drones at the best asteroid", unit="ships", low=0, high=100
    )
    surveyors: int = param(1, "surveyors at the asteroid", unit="ships", low=0, high=20)
    transports_a_site: int = param(1, "transports a site", unit="ships", low=1, high=2)
    depots: int = param(2, "inventory ships, at most", unit="ships", low=0, high=20)
    traders: int = param(1, "market ships beside the frigate", unit="ships", low=0, high=20)
    scouts: int = param(1, "probes that keep prices fresh", unit="ships", low=0, high=50)
    buy_ships: bool = param(True, "buy what is missing; no leaves the fleet as it is")
    depot_type: str = param("SHIP_LIGHT_SHUTTLE", "type bought as depot")
    transport_type: str = param("SHIP_LIGHT_SHUTTLE", "type bought as transport")
    trader_type: str = param("SHIP_LIGHT_SHUTTLE", "type bought as market ship")


@dataclass(frozen=True)
class RequestParams:
    """What an agent may ask of the game, beside the others of its lane."""

    parts: int = param(
        1,
        "parts of the lane's request budget, where all agents together want more than there is",
        unit="parts",
        low=1,
        high=100,
    )


@dataclass(frozen=True)
class PurchaseParams:
    """The guard before every ship purchase."""

    cash_floor: int = param(
        20_000, "credits that stay in the treasury", unit="credits", low=0, high=10_000_000
    )
    share: int = param(
        90, "a ship may cost this part of the treasury", unit="%", low=1, high=100
    )
    last_hours: int = param(
        12,
        "so long before the reset no ship is bought whose income nobody knows",
        unit="h",
        low=0,
        high=10_000,
    )
    max_price_age: int = param(
        900, "older prices need a fresh look", unit="s", low=10, high=86_400
    )


@dataclass(frozen=True)
class ProtectionParams:
    """The circuit breaker: an agent that loses money too fast buys nothing for a while."""

    active: bool = param(True, "stop buying when spending runs away")
    loss_share: int = param(
        50,
        "part of its credits that an agent may lose in a game hour",
        unit="%",
        low=1,
        high=100,
    )
    loss_at_least: int = param(
        50_000, "loss in a game hour below which nothing is stopped", unit="credits", low=0,
        high=1_000_000_000,
    )  # fmt: skip
    ships_an_hour: int = param(
        60, "ships an agent may buy in a game hour", unit="ships", low=1, high=1_000
    )
    stop: int = param(
        7_200,
        "how long buying stays stopped unless it is released",
        unit="s",
        low=60,
        high=604_800,
    )


@dataclass(frozen=True)
class StepParams:
    """What becomes of a step or an evaluator that fails."""

    patience: int = param(
        3,
        "failures in a row from which an alert is raised and nobody waits for the ship",
        unit="times",
        low=1,
        high=30,
    )


@dataclass(frozen=True)
class NavigationParams:
    """Flying."""

    stranded_retry: int = param(
        600, "wait before a ship without a route looks again", unit="s", low=10, high=86_400
    )


@dataclass(frozen=True)
class ScoutParams:
    """Probes that look at markets and shipyards."""

    stale_after: int = param(
        3_600, "a market not seen for so long is worth a visit", unit="s", low=60, high=604_800
    )
    rest: int = param(300, "wait when nothing needs a look", unit="s", low=10, high=86_400)


@dataclass(frozen=True)
class ExplorationParams:
    """Probes that see the galaxy once a gate stands open, and chart it for the reward."""

    explorers: int = param(4, "probes beyond the home gate", unit="ships", low=0, high=100)
    chart: bool = param(True, "chart waypoints that nobody has charted")
    first_there: int = param(
        50, "attempts in which nobody else charts first", unit="%", low=1, high=100
    )
    least_reward: int = param(
        1_000,
        "a chart must be expected to bring so much a request",
        unit="credits",
        low=0,
        high=1_000_000,
    )
    dearest_jump: int = param(
        20_000, "most that a jump may cost", unit="credits", low=0, high=1_000_000
    )
    cash_floor: int = param(
        30_000,
        "credits above the floor of purchases that stay after a jump",
        unit="credits",
        low=0,
        high=100_000_000,
    )
    rest: int = param(
        900, "wait at a gate when a jump is refused", unit="s", low=10, high=86_400
    )
