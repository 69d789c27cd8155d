"""Arms of a comparison: sets of parameters with a name, as a person writes them.

    base                                    the defaults
    eager: miner.hand_over_at=50            a name and parameters
    no-surveyors                            a preset

Several parameters stand beside each other, with a blank or a comma between them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from spacefleet.lab.orders import BadOrder, Choice, Order

NAME = re.compile(r"[A-Za-z0-9][\w +-]{0,59}")
BETWEEN = re.compile(r"[,\s]+(?=\w+\.\w+\s*=)")
MOST_SEEDS = 1000
MOST_ARMS = 8

PRESETS: dict[str, tuple[str, str]] = {
    "base": ("", "the defaults"),
    "no-purchases": ("conductor.buy_ships=no", "the fleet stays as it is"),
    "no-surveyors": ("conductor.surveyors=0", "no ship is posted only to survey"),
    "eager-hand-over": ("miner.hand_over_at=40", "miners hand over when not half full"),
    "full-hand-over": ("miner.hand_over_at=95", "miners hand over when nearly full"),
}
"""Name → parameters, and what they mean."""


@dataclass(frozen=True, slots=True)
class Arm:
    """A name and the parameters that differ from the defaults."""

    name: str
    choices: tuple[Choice, ...] = ()

    @classmethod
    def read(cls, text: str) -> Self:
        """From a preset's name, or `name: parameters`. Raises BadOrder with what is allowed."""
        name, colon, rest = (part.strip() for part in text.partition(":"))
        if not NAME.fullmatch(name):
            raise BadOrder(f"An arm is NAME or NAME: BEHAVIOUR.PARAMETER=VALUE, not {text!r}.")
        if not colon:
            if name not in PRESETS:
                raise BadOrder(
                    f"There is no preset {name!r}. Write {name!r} with its parameters after a "
                    f"colon, or choose one of: {', '.join(PRESETS)}."
                )
            rest = PRESETS[name][0]
        choices = tuple(Choice.read(one) for one in BETWEEN.split(rest) if one.strip())
        return cls(name, choices)

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "choices": [str(choice) for choice in self.choices]}

    @classmethod
    def of_json(cls, found: dict[str, Any]) -> Self:
        return cls(found["name"], tuple(Choice.read(text) for text in found["choices"]))


def read_arms(texts: Sequence[str]) -> list[Arm]:
    """Two to eight arms of different names. Raises BadOrder with what is allowed."""
    arms = [Arm.read(text) for text in texts if text.strip()]
    if not 2 <= len(arms) <= MOST_ARMS:
        raise BadOrder(f"A comparison has two to {MOST_ARMS} arms, not {len(arms)}.")
    names = [arm.name for arm in arms]
    if len(set(names)) < len(names):
        raise BadOrder("Each arm needs a name of its own.")
    return arms


def seeds_from(first: int, count: int) -> list[int]:
    """So many seeds, from the first on. Raises BadOrder with what is allowed."""
    if not 1 <= count <= MOST_SEEDS:
        raise BadOrder(f"A comparison has 1 to {MOST_SEEDS} seeds, not {count}.")
    return list(range(first, first + count))


def order_of(arm: Arm, base: Order, *, seed: int) -> Order:
    """The run of an arm on a seed; the arm's parameters come after those that hold for all."""
    return replace(base, seed=seed, choices=(*base.choices, *arm.choices))
