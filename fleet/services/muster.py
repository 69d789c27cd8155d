"""All ships of an agent as the game tells them, even when it cannot show one of them.

A ship that is corrupt on the server makes every list fail that would show it (seen on the real
server). The others must not be blind for it: where a page fails while the server answers
otherwise, its ships are read one by one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from spacefleet.alerts import clear_alert, raise_alert
from spacefleet.models import Alert
from spacefleet.spacetraders import Client, errors, payloads

A_PAGE = 20  # ships, the most the game gives at once (documented)


@dataclass(slots=True)
class Muster:
    """The ships that could be read, and how many could not."""

    ships: list[payloads.Ship] = field(default_factory=list)
    unreadable: int = 0


def muster(agent: str, *, api: Client) -> Muster:
    """Read every ship of the agent of that symbol; raises what the client raises when the
    server is away altogether."""
    found = Muster()
    for page in _pages(found, api=api):
        found.ships += page
    if found.unreadable:
        raise_alert(
            "unreadable",
            agent,
            f"The game fails to show {found.unreadable} of our ships, and lists that have them. "
            "The others fly on. Ask the game's makers to repair it.",
            level=Alert.Level.ERROR,
        )
    else:
        clear_alert("unreadable", agent)
    return found


def _pages(found: Muster, *, api: Client) -> Iterator[tuple[payloads.Ship, ...]]:
    number = 1
    while True:
        try:
            page = api.list_ships(number, A_PAGE)
        except errors.ServerUnavailable:
            total = api.get_my_agent().ship_count  # raises when the server is away
            first = (number - 1) * A_PAGE
            yield from _one_by_one(found, range(first, min(first + A_PAGE, total)), api=api)
            last = number * A_PAGE >= total
        else:
            yield page.items
            last = page.is_last
        if last:
            return
        number += 1


def _one_by_one(
    found: Muster, places: range, *, api: Client
) -> Iterator[tuple[payloads.Ship, ...]]:
    """The ships at these places of the list, each asked for alone; counts those that fail."""
    for place in places:
        try:
            yield api.list_ships(place + 1, 1).items
        except errors.ServerUnavailable:
            found.unreadable += 1
