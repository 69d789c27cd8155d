"""Whether a contract is worth accepting, with the reason."""

from collections.abc import Set
from dataclasses import dataclass

SHORT = 1.0  # hours before the deadline in which a contract is not begun any more


@dataclass(frozen=True, slots=True)
class Verdict:
    """Accept or leave, and the sentence that is stored and shown."""

    accept: bool
    reason: str


def judge(*, good: str, own_goods: Set[str], wanted: bool, hours_left: float) -> Verdict:
    """Accept what our own mines bring: it costs no purchase, and the advance is paid at once."""
    if not wanted:
        return Verdict(False, "left: contracts are switched off by a parameter")
    if hours_left < SHORT:
        return Verdict(False, f"left: only {hours_left:.1f} h until its deadline")
    if good not in own_goods:
        return Verdict(False, f"left for now: none of our mines brings {good}")
    return Verdict(True, f"accepted: our mines bring {good}, {hours_left:.0f} h to deliver")
