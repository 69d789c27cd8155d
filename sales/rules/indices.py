"""The price index of a market, and whether sales should leave it (S5)."""

from collections.abc import Iterable, Sequence


def index(pairs: Iterable[tuple[int, float]]) -> int | None:
    """Mean of current prices in whole percent of their averages; None without any.

    Each pair is what we receive now and on average; an average of nothing says nothing.
    """
    shares = [price / average for price, average in pairs if average > 0]
    return round(100 * sum(shares) / len(shares)) if shares else None


def stays_poor(readings: Sequence[tuple[float, int]], *, poor_at: int, poor_for: float) -> bool:
    """Whether a market has been below `poor_at` percent for `poor_for` seconds without a break.

    `readings` are its age in seconds and percent, the newest first. What nobody saw is not poor.
    """
    low = []
    for age, percent in readings:
        if percent >= poor_at:
            break
        low.append(age)
    return bool(low) and low[-1] >= poor_for


def moves(home: float | None, best: float, *, gain: int, poor: bool) -> bool:
    """Whether a load goes to the best market instead of home; both in net credits.

    It must net `gain` percent more, or simply more when home stays poor. None: nobody at home
    buys it.
    """
    if home is None:
        return True
    if poor:
        return best > home
    return best > 0 and 100 * best >= (100 + gain) * home
