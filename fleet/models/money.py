"""Every credit that moved, and readings of what there is."""

from datetime import datetime

from django.db import models

from spacefleet.fields import Sentence
from spacefleet.rows import Row, Rows

from .era import Agent
from .ships import Ship


class LedgerEntry(Row):
    """One movement of credits, booked in the transaction that records the game's answer.

    `amount` is signed: what came in is positive. `game_at` is the game's own time of the
    transaction, by which a lost answer is told from one that is already booked. An old row is
    the sum of so many `entries` of one day (`spacefleet.rollups`).
    """

    class Kind(models.TextChoices):
        OPENING = "opening", "opening balance"
        SALE = "sale"
        PURCHASE = "purchase"
        FUEL = "fuel"
        SHIP = "ship"
        CONTRACT = "contract"
        FEE = "fee"
        CHART = "chart"

    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="ledger")
    at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=Kind)
    amount = models.BigIntegerField(help_text="credits, signed")
    activity = models.CharField(max_length=20, blank=True)
    behaviour = models.CharField(max_length=40, blank=True)
    ship = models.ForeignKey(
        Ship, null=True, blank=True, on_delete=models.PROTECT, related_name="ledger"
    )
    session = models.BigIntegerField(null=True, blank=True, help_text="mining session or sale")
    good = models.CharField(max_length=40, blank=True)
    units = models.PositiveIntegerField(null=True, blank=True)
    price = models.PositiveBigIntegerField(null=True, blank=True, help_text="credits a unit")
    waypoint = models.CharField(max_length=40, blank=True)
    game_at = models.DateTimeField(null=True, blank=True)
    note = Sentence(max_length=200, blank=True)
    entries = models.PositiveIntegerField(
        default=1, db_default=1, help_text="movements it stands for"
    )

    class Meta:
        verbose_name_plural = "ledger entries"
        indexes = [
            models.Index(fields=["agent", "at"], name="fleet_ledger_by_time"),
            models.Index(fields=["ship", "game_at"], name="fleet_ledger_by_transaction"),
            models.Index(fields=["at"], name="fleet_ledger_newest"),
            models.Index(
                fields=["at"], condition=models.Q(kind="chart"), name="fleet_charts_by_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount:+d}"


class Earmark(Row):
    """Credits a domain needs to go on working: no ship is bought with them.

    One row a domain; `why` says what they are kept for.
    """

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="earmarks")
    stated_by = models.CharField(max_length=40)
    credits = models.PositiveBigIntegerField()
    why = Sentence(max_length=200)
    stated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agent", "stated_by"], name="fleet_one_earmark_a_domain"
            )
        ]

    def __str__(self) -> str:
        return f"{self.credits:,} credits for {self.stated_by}"


class SpendingStopQuerySet(Rows["SpendingStop"]):
    def standing(self, at: datetime) -> "SpendingStopQuerySet":
        """Stops that hold at `at`: neither over nor released."""
        return self.filter(until__gt=at, released_at__isnull=True)


class SpendingStop(Row):
    """An agent lost money too fast, so it buys nothing: why, until when, and who ended it."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="spending_stops")
    at = models.DateTimeField()
    until = models.DateTimeField()
    why = Sentence(max_length=200)
    lost = models.PositiveBigIntegerField(help_text="credits, in the hour before")
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.CharField(max_length=150, blank=True)

    objects = SpendingStopQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["agent", "at"], name="fleet_one_stop_at_a_time"),
            models.CheckConstraint(
                name="fleet_stop_ends_later", condition=models.Q(until__gt=models.F("at"))
            ),
        ]
        indexes = [models.Index(fields=["agent", "until"], name="fleet_stops_standing")]

    def __str__(self) -> str:
        return f"{self.agent}: {self.why}"

    @property
    def words(self) -> str:
        """Its line wherever something is not bought for it."""
        return f"buying is stopped until {self.until:%H:%M}: {self.why}"


class CreditReading(Row):
    """What an agent had at one moment; the points of the credits chart."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="readings")
    at = models.DateTimeField()
    credits = models.BigIntegerField()
    operating_profit = models.BigIntegerField(
        help_text="all but opening balance and ships, bought goods at their cost"
    )
    ships_value = models.BigIntegerField(help_text="what the ships cost us")
    goods_value = models.BigIntegerField(
        default=0, help_text="what the bought goods aboard cost us"
    )
    requests = models.PositiveBigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["agent", "at"], name="fleet_readings_by_time")]

    def __str__(self) -> str:
        return f"{self.agent}: {self.credits}"

    @property
    def net_worth(self) -> int:
        return self.credits + self.ships_value + self.goods_value
