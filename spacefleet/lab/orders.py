"""What a run of the lab is asked to be, checked before anything is played."""

from dataclasses import asdict, dataclass, field
from typing import Any, Self

from spacefleet import parameters
from spacefleet.universe.scenarios import SCENARIOS

LONGEST = 168.0  # game hours: an era
MOST_FAULTS = 50.0  # percent of all calls: with more, a first look at the fleet may not end
LARGEST_SEED = 2**31 - 1


class BadOrder(Exception):
    """The run cannot be played as asked; the message says what is allowed."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value for one parameter of a behaviour."""

    behaviour: str
    name: str
    value: str

    def __str__(self) -> str:
        return f"{self.behaviour}.{self.name}={self.value}"

    @classmethod
    def read(cls, text: str) -> Self:
        """From `behaviour.parameter=value`. Raises BadOrder with what is allowed."""
        key, separator, value = text.partition("=")
        behaviour, dot, name = key.strip().partition(".")
        if not (separator and dot):
            raise BadOrder(f"A parameter is BEHAVIOUR.PARAMETER=VALUE, not {text.strip()!r}.")
        try:
            parameters.parse(behaviour, name, value)
        except ValueError as error:
            raise BadOrder(str(error)) from error
        return cls(behaviour, name, value.strip())


@dataclass(frozen=True, slots=True)
class Order:
    """One run: which world, how long, under which parameters, with which part of the budget,
    and how many percent of all calls the server spoils."""

    scenario: str = "first_day"
    seed: int = 7
    hours: float = 24.0
    share: float = 1.0
    choices: tuple[Choice, ...] = field(default=())
    faults: float = 0.0

    def check(self) -> Self:
        """Itself, if it can be played. Raises BadOrder with what is allowed."""
        if self.scenario not in SCENARIOS:
            known = ", ".join(sorted(SCENARIOS))
            raise BadOrder(f"There is no scenario {self.scenario!r}. Choose one of: {known}.")
        if not 0 < self.hours <= LONGEST:
            raise BadOrder(f"Hours must be above 0 and at most a week, {LONGEST:g}.")
        if not 0 <= self.seed <= LARGEST_SEED:
            raise BadOrder(f"A seed is a whole number from 0 to {LARGEST_SEED}.")
        if not 0.01 <= self.share <= 1:
            raise BadOrder("The agent's share is a percentage from 1 to 100.")
        if not 0 <= self.faults <= MOST_FAULTS:
            raise BadOrder(f"Faults are a percentage of calls from 0 to {MOST_FAULTS:g}.")
        return self

    def words(self) -> list[str]:
        """The options of `manage.py backtest` that play it."""
        found = [
            f"--scenario={self.scenario}",
            f"--seed={self.seed}",
            f"--hours={self.hours:g}",
            *(f"--set={choice}" for choice in self.choices),
        ]
        if self.faults:
            found.append(f"--faults={self.faults:g}")
        return found if self.share == 1 else [*found, f"--agent-share={100 * self.share:g}"]

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "choices": [str(choice) for choice in self.choices]}
