"""Whom a change is for: the installation, an agent or a ship, as an address names it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, QueryDict

import fleet.selectors.pages
from fleet.models import Agent, Ship
from fleet.selectors.pages import Scope


@dataclass(frozen=True, slots=True)
class Subject:
    """One scope of an order or of a parameter; neither agent nor ship means everything."""

    agent: Agent | None = None
    ship: Ship | None = None

    @property
    def kind(self) -> str:
        return "ship" if self.ship else "agent" if self.agent else "installation"

    @property
    def name(self) -> str:
        return str(self.ship or self.agent or "the installation")

    @property
    def spoken(self) -> str:
        """In a sentence: "ship MAGPIE-1", "agent MAGPIE", "the installation"."""
        return self.name if self.kind == "installation" else f"{self.kind} {self.name}"

    @property
    def query(self) -> str:
        """What names it in an address, with its question mark; empty for the installation."""
        named = {"ship": self.ship, "agent": self.agent}
        given = {kind: str(row) for kind, row in named.items() if row}
        return f"?{urlencode(given)}" if given else ""

    def keys(self) -> dict[str, int | None]:
        return {
            "agent": self.agent.pk if self.agent else None,
            "ship": self.ship.pk if self.ship else None,
        }

    def concerned(self, scope: Scope) -> list[int]:
        """Keys of the agents it reaches."""
        if self.ship:
            return [self.ship.agent_id]
        return [self.agent.pk] if self.agent else [agent.pk for agent in scope.everyone]


def subjects_of(request: HttpRequest) -> list[Subject]:
    """All subjects of `?ship=` or `?agent=`, each named once; the installation where none is."""
    named = [
        (kind, symbol) for kind in ("ship", "agent") for symbol in request.GET.getlist(kind)
    ]
    asked = [QueryDict(urlencode({kind: symbol})) for kind, symbol in dict.fromkeys(named)]
    return [subject_of(request, each) for each in asked] or [subject_of(request)]


def subject_of(request: HttpRequest, asked: QueryDict | None = None) -> Subject:
    """The subject of `?ship=` or `?agent=`; raises Http404 for one that does not fly here."""
    asked = request.GET if asked is None else asked
    scope = fleet.selectors.pages.scope()
    if symbol := asked.get("ship", ""):
        ship = fleet.selectors.pages.ship_named(symbol, scope=scope)
        if ship is None:
            raise Http404(f"No ship {symbol} flies here. The page of ships lists all of them.")
        return Subject(ship=ship)
    if symbol := asked.get("agent", ""):
        for agent in scope.everyone:
            if agent.symbol == symbol:
                return Subject(agent=agent)
        raise Http404(f"No agent {symbol} is played here.")
    return Subject()
