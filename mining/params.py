"""Mining's numbers of taste."""

from dataclasses import dataclass

from spacefleet.parameters import param


@dataclass(frozen=True)
class MinerParams:
    """Ships that extract or siphon for the pipeline."""

    hand_over_at: int = param(
        70, "hand cargo over when the hold is so full", unit="%", low=10, high=100
    )
    pickup_timeout: int = param(
        1_800,
        "carry the cargo away oneself after waiting so long",
        unit="s",
        low=60,
        high=86_400,
    )
    jettison_below: int = param(
        5, "cheaper goods make room when the hold is full", unit="credits", low=0, high=100_000
    )
    survey_max_uses: int = param(
        0, "uses of one survey; 0 until the game says it is exhausted", low=0, high=1_000
    )
    extractions_a_minute: int = param(
        9, "of all our ships on one rock, or it becomes unstable", low=1, high=60
    )


@dataclass(frozen=True)
class SurveyingParams:
    """How ships decide whether to survey, and by which survey to dig."""

    policy: str = param(
        "stopping",
        "stopping weighs one more survey against what it costs; never and always do so blindly; "
        "percentile uses only surveys better than most",
        choices=("stopping", "never", "always", "percentile"),
    )
    percentile: int = param(
        90,
        "of the policy percentile: a survey is good from here among the last hundred",
        unit="%",
        low=0,
        high=100,
    )
    guard: int = param(
        60, "a survey that expires sooner is not used", unit="s", low=0, high=3_600
    )
    thrift: int = param(
        80,
        "weight of the requests that sorting many kinds of goods costs; 0 when requests are "
        "plentiful",
        unit="%",
        low=0,
        high=200,
    )
    foresight: int = param(
        150,
        "weight of what a new survey brings to a ship that could dig instead",
        unit="%",
        low=10,
        high=1_000,
    )
    look_again: int = param(
        30, "a surveyor with nothing to survey looks again", unit="s", low=5, high=3_600
    )
    prices_hold: int = param(
        60, "prices after our own sales are worked out anew", unit="s", low=5, high=3_600
    )


@dataclass(frozen=True)
class StarterParams:
    """An all-round ship that mines and sells by itself."""

    sell_at: int = param(80, "sell when the hold is so full", unit="%", low=10, high=100)
    longest_trip: int = param(
        3_600, "sites further away are not considered", unit="s", low=60, high=86_400
    )


@dataclass(frozen=True)
class DigParams:
    """A ship that digs in one of the behaviours of the log."""

    full_at: int = param(
        80, "hand over or sell when the hold is so full", unit="%", low=10, high=100
    )
    wait: int = param(
        600, "a full ship without a receiver looks again", unit="s", low=5, high=86_400
    )
    longest_trip: int = param(
        3_600, "sites further away are not considered", unit="s", low=60, high=86_400
    )


@dataclass(frozen=True)
class ReceiverParams:
    """A freighter that receives at a rock and serves contract and market."""

    leave_at: int = param(80, "leave when the hold is so full", unit="%", low=1, high=100)
    patience: int = param(
        1_800, "leave with less after waiting so long", unit="s", low=10, high=86_400
    )
    look_again: int = param(
        300, "look again while nobody hands over", unit="s", low=5, high=3_600
    )


@dataclass(frozen=True)
class SiteParams:
    """Where to mine, and by which behaviour."""

    behaviour: str = param(
        "auto",
        "who mines: auto gives contracts their pipeline and every other ship what brings most "
        "where it digs; or all the same: the pipeline of miners, transports and depots, or a "
        "behaviour of the log",
        choices=(
            "auto",
            "pipeline",
            "extract_and_sell",
            "extract_and_transfer",
            "extract_and_transfer_or_sell",
        ),
    )
    receivers: int = param(
        1, "receivers at each site, where ships hand over to them", unit="ships", low=0, high=20
    )

    prior_price: int = param(
        25, "assumed price of a good whose buyers nobody has seen", unit="credits", low=1
    )
    stripped_yield: int = param(
        50, "yield of a stripped asteroid against a fresh one", unit="%", low=1, high=100
    )
    near: int = param(
        3_600,
        "the sites of the floors are no further from the yard of their drones",
        unit="s",
        low=60,
        high=86_400,
    )
    longest_trip: int = param(
        10_800,
        "idle ships are sent no further than this to a site",
        unit="s",
        low=60,
        high=86_400,
    )
    horizon: int = param(
        8,
        "a plan counts what it brings within so long, the way there included",
        unit="h",
        low=1,
    )
    replan: int = param(
        900, "ships and sites are matched anew so often", unit="s", low=60, high=86_400
    )
    full_at: int = param(
        80, "a ship that sells by itself leaves when its hold is so full", unit="%", low=10
    )
    request_worth: int = param(
        10, "what a request would bring elsewhere", unit="credits", low=0, high=10_000
    )
    switch_gain: int = param(
        25, "a new site must be worth so much more to leave the old", unit="%", low=0, high=500
    )
    unstable_rest: int = param(
        3_600, "an unstable rock is left alone for so long", unit="s", low=60, high=86_400
    )
