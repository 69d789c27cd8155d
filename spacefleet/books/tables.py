"""Whole tables for a spreadsheet: every row of the agents shown, written while it is read."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import ForeignKey, Model, QuerySet
from django.http import QueryDict

from allocation.models import Contract, Reservation, ResourceRequest, Trip
from fleet.models import (
    Agent,
    CreditReading,
    Evaluator,
    LedgerEntry,
    LogLine,
    MarketGood,
    Passage,
    Ship,
    ShipOrder,
    ShipPrice,
    ShipyardOffer,
    SpendingStop,
    System,
    Vacancy,
    Waypoint,
)
from fleet.selectors.pages import Scope
from inventory.models import CapacityReading, Drift, Expansion, Pickup, Round, Stock, Transfer
from mining.models import Extraction, Jettison, Session, Site, Survey
from sales.models import (
    Crowding,
    MarketIndex,
    Opportunity,
    PriceSample,
    Sale,
    TradeLot,
    TradeRun,
)
from spacefleet import clock
from spacefleet.models import Alert, AuditEntry, RequestCount, WorkerLine

from . import ledger

CHUNK = 2_000  # rows read at once
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so is a formula to a spreadsheet; names and messages come from strangers."""


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of rows, and the lookup that leads from them to their agent or era; `symbol` where
    they name the agent without a key. Rows of nobody in particular are told as they are."""

    model: type[Model]
    agent: str = "agent"
    era: str = ""
    symbol: str = ""

    @property
    def permission(self) -> str:
        """What a person needs to take all of it away."""
        return f"{self.model._meta.app_label}.view_{self.model._meta.model_name}"

    @property
    def columns(self) -> dict[str, str]:
        """Heading of each column, and where its value comes from; symbols instead of keys."""
        found = {}
        for field in self.model._meta.concrete_fields:
            named = isinstance(field, ForeignKey) and field.related_model in NAMED
            found[field.name] = f"{field.name}__symbol" if named else field.attname
        return found

    def rows(self, scope: Scope, query: QueryDict) -> QuerySet[Any]:
        """The rows of the agents a page speaks of; of the ledger those that its page filters."""
        if self.model is LedgerEntry and "period" in query:
            wanted = ledger.Wanted.asked(query)
            return ledger.fitting(scope, wanted, at=clock.now()).order_by("pk")
        keys: dict[str, Any] = {}
        if self.era:
            keys = {f"{self.era}__in": [era.pk for era in scope.eras]}
        elif self.symbol:
            keys = {f"{self.symbol}__in": [agent.symbol for agent in scope.agents]}
        elif self.agent:
            keys = {f"{self.agent}__in": scope.pks}
        return self.model._default_manager.filter(**keys).order_by("pk")


NAMED = (Agent, Ship, Waypoint)
OF_SHIP, OF_PLACE = "ship__agent", "waypoint__era"
TABLES = {
    "ships": Table(Ship),
    "log": Table(LogLine, agent=OF_SHIP),
    "orders": Table(ShipOrder),
    "offers": Table(ShipyardOffer, era=OF_PLACE),
    "ship-prices": Table(ShipPrice, era=OF_PLACE),
    "vacancies": Table(Vacancy),
    "evaluators": Table(Evaluator),
    "waypoints": Table(Waypoint, era="era"),
    "systems": Table(System, era="era"),
    "passages": Table(Passage, agent=OF_SHIP),
    "ledger": Table(LedgerEntry),
    "readings": Table(CreditReading),
    "stops": Table(SpendingStop),
    "sales": Table(Sale),
    "opportunities": Table(Opportunity),
    "trades": Table(TradeRun, agent=OF_SHIP),
    "lots": Table(TradeLot),
    "crowdings": Table(Crowding),
    "prices": Table(MarketGood, era=OF_PLACE),
    "price-history": Table(PriceSample, era=OF_PLACE),
    "price-index": Table(MarketIndex, era=OF_PLACE),
    "contracts": Table(Contract),
    "requests": Table(ResourceRequest),
    "reservations": Table(Reservation),
    "trips": Table(Trip, agent=OF_SHIP),
    "stock": Table(Stock, agent="depot__ship__agent"),
    "transfers": Table(Transfer, agent="giver__agent"),
    "pickups": Table(Pickup, agent=OF_SHIP),
    "rounds": Table(Round, agent=OF_SHIP),
    "fill": Table(CapacityReading),
    "expansions": Table(Expansion),
    "drifts": Table(Drift, agent="depot__ship__agent"),
    "sites": Table(Site),
    "surveys": Table(Survey, era="era"),
    "stays": Table(Session, agent=OF_SHIP),
    "extractions": Table(Extraction, agent=OF_SHIP),
    "jettisons": Table(Jettison, agent=OF_SHIP),
    "calls": Table(RequestCount, symbol="agent"),
    "worker-log": Table(WorkerLine, agent=""),
    "alerts": Table(Alert, agent=""),
    "changes": Table(AuditEntry, agent=""),
}


class _Line:
    """A file that hands each line on instead of keeping it."""

    def write(self, text: str) -> str:
        return text


def lines(table: Table, rows: QuerySet[Any]) -> Iterator[str]:
    """The table as CSV, line by line, its headings first."""
    write: Callable[[Any], str] = csv.writer(_Line()).writerow
    yield write(table.columns)
    for row in rows.values_list(*table.columns.values()).iterator(chunk_size=CHUNK):
        yield write([cell(value) for value in row])


def cell(value: Any) -> Any:
    """A value as a spreadsheet reads it: times in ISO 8601, unknown as an empty cell."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        value = " ".join(f"{name}:{one}" for name, one in value.items())
    elif isinstance(value, list):
        value = " ".join(map(str, value))
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value
