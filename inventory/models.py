"""Depots and what they hold, and how goods get there."""

from django.db import models
from django.db.models import F, Q

from fleet.models import Agent, Ship


class Depot(models.Model):
    """An inventory ship: it flies to its place once, parks, and stores for the whole fleet."""

    ship = models.OneToOneField(Ship, on_delete=models.CASCADE, related_name="depot")
    waypoint = models.CharField(max_length=40)
    why = models.CharField(max_length=200)
    sited_at = models.DateTimeField()
    parked_at = models.DateTimeField(null=True, blank=True)
    reconciled_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.ship} at {self.waypoint}"


class Stock(models.Model):
    """Units of one good aboard one depot, and how many of them are promised to requests."""

    depot = models.ForeignKey(Depot, on_delete=models.PROTECT, related_name="stock")
    good = models.CharField(max_length=40)
    units = models.PositiveIntegerField(default=0)
    promised = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "stock"
        constraints = [
            models.UniqueConstraint(fields=["depot", "good"], name="inventory_one_stock_row"),
            models.CheckConstraint(
                name="inventory_stock_covers_promises", condition=Q(units__gte=F("promised"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.units} {self.good} in {self.depot}"

    @property
    def free(self) -> int:
        return self.units - self.promised


class Transfer(models.Model):
    """Goods moved from ship to ship: reserved before the game is asked, confirmed after.

    UNKNOWN means that the answer was lost; both ships are looked at before they do anything
    else, and the row then ends CONFIRMED or REFUSED.
    """

    class Kind(models.TextChoices):
        COLLECT = "collect", "miner to transport"
        DEPOSIT = "deposit", "into a depot"
        WITHDRAW = "withdraw", "out of a depot"

    class Status(models.TextChoices):
        RESERVED = "reserved"
        CONFIRMED = "confirmed"
        REFUSED = "refused"
        UNKNOWN = "unknown"

    giver = models.ForeignKey(Ship, on_delete=models.PROTECT, related_name="given")
    receiver = models.ForeignKey(Ship, on_delete=models.PROTECT, related_name="received")
    good = models.CharField(max_length=40)
    units = models.PositiveIntegerField()
    held = models.PositiveIntegerField(
        default=0, help_text="units of it aboard the acting ship before"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    status = models.CharField(max_length=10, choices=Status, default=Status.RESERVED)
    waypoint = models.CharField(max_length=40)
    why = models.CharField(max_length=200, blank=True)
    reference = models.BigIntegerField(null=True, blank=True, help_text="the claim it serves")
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="inventory_transfer_units", condition=Q(units__gt=0)),
            models.CheckConstraint(
                name="inventory_transfer_between_two", condition=~Q(giver=F("receiver"))
            ),
            models.UniqueConstraint(
                fields=["receiver"],
                condition=Q(status="reserved"),
                name="inventory_one_transfer_at_a_time_a_receiver",
            ),
        ]
        indexes = [models.Index(fields=["at"], name="inventory_transfers_by_time")]

    def __str__(self) -> str:
        return f"{self.units} {self.good} {self.giver} → {self.receiver}"

    @property
    def acting(self) -> int:
        """The ship in whose step it happens: nothing else moves its cargo meanwhile."""
        return self.receiver_id if self.kind == self.Kind.WITHDRAW else self.giver_id

    @property
    def holder(self) -> str:
        """The name under which it holds the cargo locks of both ships."""
        return f"transfer {self.pk}"


class Loop(models.Model):
    """A transport's fixed round: one site, one depot. A site has one or two, never three."""

    ship = models.OneToOneField(Ship, on_delete=models.CASCADE, related_name="loop")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="loops")
    site = models.CharField(max_length=40, help_text="the waypoint where it loads")
    depot = models.ForeignKey(Depot, on_delete=models.PROTECT, related_name="loops")
    slot = models.PositiveSmallIntegerField()
    why = models.CharField(max_length=200)
    loading_since = models.DateTimeField(null=True, blank=True)
    rounds = models.PositiveIntegerField(default=0)
    units = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agent", "site", "slot"], name="inventory_one_transport_a_slot"
            ),
            models.CheckConstraint(
                name="inventory_two_transports_a_site", condition=Q(slot__in=[1, 2])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ship}: {self.site} → {self.depot}"


class Pickup(models.Model):
    """A full miner asks for a transport and goes to sleep."""

    ship = models.ForeignKey(Ship, on_delete=models.CASCADE, related_name="pickups")
    waypoint = models.CharField(max_length=40)
    units = models.PositiveIntegerField()
    filed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ship"],
                condition=Q(ended_at__isnull=True),
                name="inventory_one_open_pickup_a_ship",
            )
        ]

    def __str__(self) -> str:
        return f"{self.ship} at {self.waypoint}"


class CapacityReading(models.Model):
    """How full the depots of an agent were; `incoming` is reserved but not yet aboard."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="capacity_readings")
    at = models.DateTimeField()
    units = models.PositiveIntegerField()
    incoming = models.PositiveIntegerField(default=0)
    capacity = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["agent", "at"], name="inventory_fill_by_time")]

    def __str__(self) -> str:
        return f"{self.units + self.incoming}/{self.capacity}"
