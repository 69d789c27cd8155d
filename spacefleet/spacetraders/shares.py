"""How the agents of a lane share its budget: who has had least of its part goes first."""

from collections.abc import Mapping

CREDIT = 60.0
"""Requests an agent may save up by asking for less than its part: what it was not served before
that is forgotten, so that nobody who comes back stops all others."""


class Shares:
    """What each account has spent, in requests divided by its part; not safe between threads.

    With one account there is nothing to share, and every question is answered alike.
    """

    def __init__(self) -> None:
        self._spent: dict[str, float] = {}
        self._parts: dict[str, float] = {}
        self._most = 0.0

    def divide(self, parts: Mapping[str, float]) -> None:
        """Let accounts have so many parts each, above zero; one that is not named has one."""
        self._parts = dict(parts)

    def note(self, account: str) -> None:
        """A request of the account went out."""
        self._spent[account] = self.spent(account) + 1 / self._parts.get(account, 1.0)
        self._most = max(self._most, self._spent[account])

    def spent(self, account: str) -> float:
        """What it has spent; never further behind the others than its credit."""
        return max(self._spent.get(account, 0.0), self._most - CREDIT)
