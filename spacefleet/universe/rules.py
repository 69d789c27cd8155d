"""What nobody outside the real server knows, as parameters with a default and its reason.

Everything measured stands as a constant beside its formula in `physics`; here is only what had
to be chosen. Pass `UniverseRules(...)` to a scenario to play under other assumptions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class UniverseRules:
    """The open questions of the game, answered. Durations are of game time."""

    # --- the door -------------------------------------------------------------------
    open_registration: bool = True
    """POST /register needs no account token. The real server needs one."""
    strict: bool = False
    """Refuse what the real server refuses although harmless: a JSON body that is empty."""
    rate_limited: bool = True
    """Whether requests are limited, as live."""
    reset_weekday: int = 6
    reset_minute: int = 13 * 60
    """When eras end, if they do: Sundays at 13:00 UTC, measured. Monday is 0; minutes of the day."""
    start_credits: int = 175_000
    """Measured on production since 2025."""
    start_fleet: Mapping[str, int] = field(default_factory=dict)
    """Ship types and how many of each a new agent owns besides frigate and probe. Live: none."""
    start_hold_percent: int = 0
    """How full of ore the holds of that fleet are."""

    # --- mining ---------------------------------------------------------------------
    yield_spread: float = 0.5
    """A mount yields strength times 1 ± this. Measured for the first siphon; assumed for lasers."""
    stripped_yield: float = 0.5
    """Factor on a STRIPPED waypoint; guess from yields of 1 and 2 with the first laser."""
    deposit_weights: Mapping[str, float] = field(default_factory=dict)
    """Relative frequency of a good among a place's deposits, 1 where not named. Unknown."""
    gas_weights: Mapping[str, float] = field(
        default_factory=lambda: {
            "LIQUID_NITROGEN": 0.4526,
            "LIQUID_HYDROGEN": 0.2774,
            "HYDROCARBON": 0.27,
        }
    )
    """Nitrogen : hydrogen is 62 : 38 in a recorded log; the hydrocarbon share is a guess."""
    diamond_weight: float = 0.08
    """Weight of diamonds among what a second surveyor can find; guess."""
    survey_minutes: tuple[float, float] = (5.0, 60.0)
    """Surveys live between these; community."""
    survey_sizes: Mapping[str, float] = field(
        default_factory=lambda: {"SMALL": 0.64, "MODERATE": 0.29, "LARGE": 0.07}
    )
    """Frequencies from 290 surveys published by a player."""
    survey_capacity: Mapping[str, tuple[float, float, float]] = field(
        default_factory=lambda: {
            "SMALL": (48, 400, 453),
            "MODERATE": (110, 700, 1051),
            "LARGE": (500, 800, 2431),
        }
    )
    """Units until exhausted: low, mode and high of a triangle fitted to published averages."""
    stress_leak_per_minute: float = 10.0
    """Extractions a minute that an asteroid bears for ever; twice that if engineered. Documented."""
    stress_critical: float = 60.0
    stress_unstable: float = 120.0
    stress_recovery_per_hour: float = 60.0
    """Level at which modifiers appear, and how an unstable rock settles; guesses."""
    unstable_failure: float = 0.5
    """Share of extractions that fail on an UNSTABLE rock; guess."""

    # --- refining, scanning, charting ---------------------------------------------------
    refine_input: int = 30
    refine_output: int = 10
    """Sources conflict: 30 → 10 (official text), 3 → 1 and 100 → 10 (players)."""
    refine_seconds: float = 180.0
    """One observation of 2023."""
    scan_range: float = 2000.0
    """Reach of a systems scan per unit of sensor strength; guess."""

    chart_rare_share: float = 0.0005
    """Share of places whose chart pays far more than is usual for their type; guess."""
    chart_rare_factor: float = 5.0
    """What the least of them pays, as a multiple; guess."""
    chart_rare_exponent: float = 1.1
    """How fast still larger rewards thin out (exponent of a Pareto law); guess. The largest
    reward told of was eight million."""

    # --- markets ----------------------------------------------------------------------
    tick_minutes: float = 30.0
    """Markets update in discrete ticks, each with its own phase. Measured."""
    pressure_half_life_hours: float = 9.0
    """How fast makers and consumers notice, and forget, that a good is short or lies about.
    Fitted, as the four marks below, to 502 recorded activities; 6 to 12 hours fit as well."""
    export_growing: float = 0.76
    export_strong: float = 4.0
    """Pressure, in trade volumes, from which an export is GROWING and STRONG."""
    import_growing: float = 0.2
    import_strong: float = 2.4
    """The same for imports. The marks of STRONG rest on 29 and 9 records."""
    exchange_recovery_per_hour: float = 0.2
    """Trade volumes an hour by which an exchange good returns to its level. Guess within bounds:
    a player's fit of twenty thousand price ladders has exchanges recover 0.56 times as fast as
    WEAK goods, and in 29 recorded hours labels of exchanges only ever fell."""
    growth_chance: float = 0.75
    """Chance per tick that a trade volume grows by a tenth while its conditions hold. Recorded:
    five steps in six ticks, three in four."""
    growth_when_short: float = 0.5
    """Factor on it while inputs are SCARCE. Recorded: six steps in fourteen ticks, four in ten."""
    growth_ceiling: int = 400
    rivals: int = 0
    """Agents of other players that trade here too. Live there are hundreds; here nobody else
    plays unless a scenario says so."""
    rival_trade: float = 0.4
    """Share of a trade volume that each rival buys of every export and brings to every import in
    a tick, on average; guess."""
    rival_income: int = 150_000
    """Credits an hour that a rival of middling ability is seen to make; guess."""
    rival_systems_per_day: float = 6.0
    """Systems that a rival of middling ability charts in a day, the nearest to its home first;
    guess."""
    rival_level: float = 4.0
    """Level in trade volumes, below balance and above, at which rivals find no profit."""
    glut: float = 0.0
    """Share of a trade volume that arrives at every import in a tick and is paid by nobody."""
    glut_level: float = 4.0
    """Level in trade volumes at which a glut stops."""
    delivery_feeds_market: bool = True
    """Contract deliveries raise the supply at their destination. Documented."""

    # --- shipyards ----------------------------------------------------------------------
    yard_recovery_chance: float = 0.1
    """Chance per tick that a yard completes another ship of a type. Guess within bounds: the one
    recorded yard that was left alone, for nine and a half hours, completed none."""
    modifications_fee: int = 100
    """Measured at every captured home yard."""

    # --- wear -----------------------------------------------------------------------------
    wear_chance: float = 0.004
    """Chance per navigation or extraction that an event wears a part; guess. 0 switches it off."""
    wear_damage: tuple[float, float] = (0.01, 0.06)
    """Loss of condition per event before quality softens it; guess."""
