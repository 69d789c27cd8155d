"""What a ship can be used for, told from its strengths, hold and engine."""

from dataclasses import dataclass

SMALL_HOLD = 30  # units below which a hull is no transport, depot or market ship
FREE = ("", "merchant")  # roles that a ship leaves, or keeps, to trade


@dataclass(frozen=True, slots=True)
class Abilities:
    """What matters of a ship: strengths of its mounts, hold in units, engine speed, its role."""

    laser: int
    siphon: int
    survey: int
    hold: int
    speed: int
    fuel_capacity: int
    employed: str = ""


def able(needs: str, ship: Abilities) -> bool:
    """Whether a ship can fill a vacancy that needs `needs`.

    siphon, laser and survey ask for a working mount and, but for surveying, a hold; `hold` for
    a freighter without mounts that would lie idle; `spare` for such a one that has no other
    role yet; `allround` for one that mines, carries and
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
        case "spare":
            return ship.hold >= SMALL_HOLD and not miner and ship.employed in FREE
        case "allround":
            return miner and ship.hold >= SMALL_HOLD and ship.survey > 0
        case "probe":
            return ship.fuel_capacity == 0
    return False
