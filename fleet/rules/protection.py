"""When spending has run away: what an hour lost, and the most it may lose."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lot:
    """Goods one ship bought within the hour: units, credits paid, and units still aboard."""

    units: int
    paid: int
    aboard: int

    @property
    def worth(self) -> int:
        """What is still aboard, at what it cost: spent, but not lost yet."""
        if self.units <= 0:
            return 0
        return self.paid * min(self.aboard, self.units) // self.units


@dataclass(frozen=True, slots=True)
class Hour:
    """An agent's last game hour: `had` when it began, `moved` since but for ships, `held` in
    goods that wait to be sold, `ships` bought. Credits, signed, and a count."""

    had: int
    moved: int
    held: int
    ships: int

    @property
    def lost(self) -> int:
        return max(0, -(self.moved + self.held))


@dataclass(frozen=True, slots=True)
class Limits:
    """The owner's bounds: percent of what the agent had, credits below which no loss counts,
    and ships an hour."""

    share: int
    at_least: int
    ships: int


def allowed(hour: Hour, limits: Limits) -> int:
    """Credits that this hour may lose."""
    return max(limits.at_least, hour.had * limits.share // 100)


def runaway(hour: Hour, limits: Limits) -> str | None:
    """Why buying must stop, or None."""
    most = allowed(hour, limits)
    if hour.lost > most:
        return f"lost {hour.lost:,} credits in a game hour, {most:,} are allowed"
    if hour.ships > limits.ships:
        return f"bought {hour.ships} ships in a game hour, {limits.ships} are allowed"
    return None
