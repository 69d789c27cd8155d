"""What a ship can be used for, told from its strengths, hold and engine."""

from dataclasses import dataclass

SMALL_HOLD = 30  # units below which a hull is no transport, depot or market ship


@dataclass(frozen=True, slots=True)
class Abilities:
    """What matters of a ship: strengths of its mounts, hold in units, engine speed."""

    laser: int
    siphon: int
    survey: int
    hold: int
    speed: int
    fuel_capacity: int


def able(needs: str, ship: Abilities) -> bool:
    """Whether a ship can fill a vacancy that needs `needs`.

    siphon, laser and survey ask for a working mount and, but for surveying, a hold; `hold` for
    a freighter without mounts that would lie idle; `allround` for one that mines, carries and
    is quick enough to trade; `probe` for any hull that needs no fuel.
    """
    miner = ship.laser > 0 or ship.siphon > 0
    match needs:
        case "siphon":
            return ship.siphon > 0 and ship.hold > 0
        case "laser":
            return ship.laser > 0 and ship.hold > 0
        case "survey":
            return ship.survey > 0 and not miner
        case "hold":
            return ship.hold >= SMALL_HOLD and not miner
        case "allround":
            return miner and ship.hold >= SMALL_HOLD and ship.survey > 0
        case "probe":
            return ship.fuel_capacity == 0
    return False
