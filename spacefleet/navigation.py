"""The pages in their groups, as the menu on top of each page lists them."""

from dataclasses import dataclass

from django.urls import reverse

# group → pages: what the link says, the name of the address
GROUPS: dict[str, tuple[tuple[str, str], ...]] = {
    "Fleet": (
        ("Ships", "fleet:ships"),
        ("Map", "map"),
        ("Galaxy", "galaxy"),
        ("Shipyards", "shipyards"),
        ("Steering", "fleet:steering"),
        ("Exploration", "fleet:exploration"),
        ("Control", "control"),
    ),
    "Goods": (
        ("Mining", "mining:page"),
        ("Inventory", "inventory:page"),
        ("Allocation", "allocation:page"),
        ("Sales", "sales:page"),
    ),
    "Money": (
        ("Finance", "finance"),
        ("Ledger", "ledger"),
        ("Behaviours", "behaviours-page"),
        ("Eras", "eras"),
        ("Stops of buying", "fleet:stops"),
    ),
    "Watch": (
        ("Search", "search"),
        ("Events", "events"),
        ("Alerts", "alerts-page"),
        ("Requests", "requests"),
        ("Workers", "workers"),
    ),
    "Tune": (
        ("Settings", "settings"),
        ("Parameters", "behaviours"),
        ("Lab", "lab"),
        ("Add an agent", "setup-agent"),
    ),
    "Help": (("Tour", "tour"),),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of the menu."""

    text: str
    url: str
    here: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Pages that belong together; `here` when the page shown is one of them."""

    name: str
    entries: list[Entry]
    here: bool


def menu(path: str, *, query: str = "") -> list[Group]:
    """All groups, seen from the page at `path`; `query` goes along with each link."""
    return [_group(name, pages, path, query) for name, pages in GROUPS.items()]


def _group(name: str, pages: tuple[tuple[str, str], ...], path: str, query: str) -> Group:
    addresses = [(text, reverse(page)) for text, page in pages]
    entries = [
        Entry(text, f"{url}?{query}" if query else url, url == path) for text, url in addresses
    ]
    return Group(name, entries, any(path.startswith(url) for _, url in addresses))
