"""Things by waypoint, made when somebody first asks: a galaxy is large and a fleet sees little of it.

A shelf reads like the dictionary of everything there is. Looking at a part draws that part;
counting it or walking over it draws all. What has been drawn never depends on when or why.
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

T = TypeVar("T")


class Shelf(dict[str, T]):
    """`reveal` draws the system a waypoint lies in (every system for None), `make` what was
    ordered for the waypoint."""

    __slots__ = ("_make", "_orders", "_reveal")

    def __init__(
        self,
        reveal: Callable[[str | None], None],
        make: Callable[[str, Any], T] | None = None,
    ) -> None:
        super().__init__()
        self._reveal = reveal
        self._make = make
        self._orders: dict[str, Any] = {}

    def order(self, symbol: str, terms: object) -> None:
        """Have something made from these terms once it is asked for."""
        self._orders[symbol] = terms

    def made(self) -> list[T]:
        """What has been asked for so far."""
        return list(super().values())

    def __missing__(self, symbol: str) -> T:
        self._reveal(symbol)
        if symbol in self._orders and self._make is not None:
            self[symbol] = self._make(symbol, self._orders.pop(symbol))
        if super().__contains__(symbol):
            return super().__getitem__(symbol)
        raise KeyError(symbol)

    def __contains__(self, symbol: object) -> bool:
        if super().__contains__(symbol):
            return True
        self._reveal(str(symbol))
        return symbol in self._orders or super().__contains__(symbol)

    def get(self, symbol: str, default: T | None = None) -> T | None:  # type: ignore[override]
        try:
            return self[symbol]
        except KeyError:
            return default

    # --- all of it ----------------------------------------------------------------------------

    def _complete(self) -> None:
        self._reveal(None)
        for symbol in list(self._orders):
            self[symbol]

    def __iter__(self) -> Iterator[str]:
        self._complete()
        return super().__iter__()

    def __len__(self) -> int:
        self._complete()
        return super().__len__()

    def keys(self) -> Any:
        self._complete()
        return super().keys()

    def values(self) -> Any:
        self._complete()
        return super().values()

    def items(self) -> Any:
        self._complete()
        return super().items()
