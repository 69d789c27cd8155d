"""How true the universe is: what it does, beside what was measured of the real one."""

from . import flow, money, places, untouched, work
from .figure import Figure, Span
from .laboratory import Laboratory
from .report import verdict, write

FIGURES = (
    *untouched.FIGURES,
    *flow.FIGURES,
    *work.FIGURES,
    *money.FIGURES,
    *places.FIGURES,
)

__all__ = ["FIGURES", "Figure", "Laboratory", "Span", "verdict", "write"]
