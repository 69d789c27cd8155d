"""The tour: a few stops over the pages, for whoever is new. The address carries the stop."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse

from spacefleet import clock
from spacefleet.models import TourEnd

PARAMETER = "tour"


@dataclass(frozen=True, slots=True)
class Stop:
    """A page with what is worth seeing on it; `look` are headings that stand there."""

    page: str
    title: str
    text: str
    look: tuple[str, ...]


STOPS = (
    Stop(
        "overview",
        "Mission control",
        "What the fleet has and what earns it. Credits fall while ships are bought; the value with "
        "ships does not. The band above says which game this is and how old the figures are.",
        ("Credits over time", "Agents", "Request budget"),
    ),
    Stop(
        "fleet:ships",
        "Ships",
        "Each ship says what it does and why, those in trouble first. Open one for its last steps, "
        "each with its reason, and for its own verbs: pause, drain, recall.",
        ("Ships",),
    ),
    Stop(
        "mining:page",
        "Mining",
        "Where goods come from: rocks and gas giants with what an hour there is worth, and surveys "
        "that make the loads better until they are used up.",
        ("Sites", "Usable surveys"),
    ),
    Stop(
        "inventory:page",
        "Inventory",
        "Transports bring the goods into depots. What is promised to a contract or a sale is not "
        "free any more; a crowded depot sells first.",
        ("Goods in store",),
    ),
    Stop(
        "sales:page",
        "Sales",
        "What is left over is sold when the price is good. Each look at a good says sell or keep, "
        "and which condition said no.",
        ("Sales",),
    ),
    Stop(
        "control",
        "Control",
        "Yours is the last word: pause, drain, recall or stop everything, an agent or a ship. Each "
        "verb says what it costs and asks once more; what people changed can be undone here.",
        ("Control",),
    ),
    Stop(
        "behaviours",
        "Parameters",
        "And the numbers of taste: how much to keep back, which ships to buy, when to sell. Change "
        "one, and it holds from the next step; the lab tells whether it earns more.",
        ("Parameters",),
    ),
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is on the tour; addresses of the stops around it, empty at the ends."""

    stop: Stop
    number: int
    before: str
    after: str

    @property
    def stops(self) -> int:
        return len(STOPS)


def address(number: int) -> str:
    """The address of a stop, from 1."""
    return f"{reverse(STOPS[number - 1].page)}?{PARAMETER}={number}"


def place(request: HttpRequest) -> Place | None:
    """The stop that the address of the page names; None for all who are on no tour."""
    asked = request.GET.get(PARAMETER, "")
    number = int(asked) if asked.isdecimal() and len(asked) < 3 else 0
    if not 1 <= number <= len(STOPS) or request.path != reverse(STOPS[number - 1].page):
        return None
    return Place(
        stop=STOPS[number - 1],
        number=number,
        before=address(number - 1) if number > 1 else "",
        after=address(number + 1) if number < len(STOPS) else "",
    )


def invited(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether somebody has neither taken the tour nor waved it away."""
    return not TourEnd.objects.filter(user=user.pk).exists()


def end(user: Any) -> None:
    """Invite this person no more. The tour stays in the menu; may be repeated."""
    TourEnd.objects.get_or_create(user_id=user.pk, defaults={"ended_at": clock.now()})
