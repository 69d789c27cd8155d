"""The way out of crowded depots, rung by rung (T10): sell, else expand, else sell at any price."""

from collections.abc import Sequence

from sales.models import Sale
from sales.selectors.picture import Picture


def climb(seen: Picture, sold: Sequence[Sale], *, trigger: str) -> str:
    return ""
