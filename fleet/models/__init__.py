"""The mirror of the game: what we know of agents, ships, places and money, and what steers it."""

from .control import Control
from .era import Account, Agent, Era, Lane
from .galaxy import Material, Passage, System
from .money import CreditReading, Earmark, LedgerEntry, SpendingStop
from .novelties import Novelty
from .places import MarketGood, ShipPrice, ShipyardOffer, Waypoint, Wish
from .ships import LogLine, NavStatus, Ship
from .steering import Evaluator, Parameter, ShipOrder, Vacancy

__all__ = [
    "Account",
    "Agent",
    "Control",
    "CreditReading",
    "Earmark",
    "Era",
    "Evaluator",
    "Lane",
    "LedgerEntry",
    "LogLine",
    "MarketGood",
    "Material",
    "NavStatus",
    "Novelty",
    "Parameter",
    "Passage",
    "Ship",
    "ShipOrder",
    "ShipPrice",
    "ShipyardOffer",
    "SpendingStop",
    "System",
    "Vacancy",
    "Waypoint",
    "Wish",
]
