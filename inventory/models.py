"""Depots and what they hold, and how goods get there."""

from django.db import models
from django.db.models import F, Q

from fleet.models import Agent, Ship, ShipOrder
from spacefleet.fields import Sentence
from spacefleet.rows import Row, Rows


class Depot(Row):
    """An inventory ship: it flies to its place once, parks, and stores for the whole fleet."""

    ship = models.OneToOneField(Ship, on_delete=models.CASCADE, related_name="depot")
    waypoint = models.CharField(max_length=40)
    why = Sentence(max_length=200)
    sited_at = models.DateTimeField()
    parked_at = models.DateTimeField(null=True, blank=True)
    reconciled_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.ship} at {self.waypoint}"


class Stock(Row):
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


class Transfer(Row):
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

    UNSETTLED = (Status.RESERVED, Status.UNKNOWN)

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
    why = Sentence(max_length=200, blank=True)
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
            models.UniqueConstraint(
                fields=["giver"],
                condition=Q(status="reserved"),
                name="inventory_one_transfer_at_a_time_a_giver",
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


class Loop(Row):
    """A transport's fixed round: one site, one depot. A site has one or two, never three."""

    ship = models.OneToOneField(Ship, on_delete=models.CASCADE, related_name="loop")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="loops")
    site = models.CharField(max_length=40, help_text="the waypoint where it loads")
    depot = models.ForeignKey(Depot, on_delete=models.PROTECT, related_name="loops")
    slot = models.PositiveSmallIntegerField()
    why = Sentence(max_length=200)
    loading_since = models.DateTimeField(null=True, blank=True)
    rounds = models.PositiveIntegerField(default=0)
    units = models.PositiveBigIntegerField(default=0)
    stored = models.PositiveIntegerField(default=0, help_text="units of this round so far")

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


class Pickup(Row):
    """A full miner asks for a transport and goes to sleep."""

    ship = models.ForeignKey(Ship, on_delete=models.CASCADE, related_name="pickups")
    waypoint = models.CharField(max_length=40)
    units = models.PositiveIntegerField()
    filed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = Sentence(max_length=100, blank=True)

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


class Round(Row):
    """A transport came back empty: what it carried from its site to the depots."""

    ship = models.ForeignKey(Ship, on_delete=models.CASCADE, related_name="rounds")
    site = models.CharField(max_length=40)
    units = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="inventory_rounds_by_time")]

    def __str__(self) -> str:
        return f"{self.units} from {self.site}"


class CapacityReading(Row):
    """How full the depots of an agent were, and what went in and out of them since the reading
    before; `incoming` is reserved but not yet aboard."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="capacity_readings")
    at = models.DateTimeField()
    units = models.PositiveIntegerField()
    incoming = models.PositiveIntegerField(default=0)
    capacity = models.PositiveIntegerField()
    stored = models.PositiveIntegerField(
        default=0, help_text="units put into depots since the reading before"
    )
    taken = models.PositiveIntegerField(
        default=0, help_text="units taken out of depots since the reading before"
    )
    tried = models.PositiveIntegerField(
        default=0, help_text="transfers of any kind since the reading before"
    )
    confirmed = models.PositiveIntegerField(default=0, help_text="of these the game did")
    rounds = models.PositiveIntegerField(
        default=0, help_text="rounds transports ended since the reading before"
    )
    carried = models.PositiveIntegerField(default=0, help_text="units in these rounds")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="inventory_confirmed_transfers_were_tried",
                condition=Q(confirmed__lte=F("tried")),
            )
        ]
        indexes = [models.Index(fields=["agent", "at"], name="inventory_fill_by_time")]

    def __str__(self) -> str:
        return f"{self.units + self.incoming}/{self.capacity}"


class ExpansionQuerySet(Rows["Expansion"]):
    def undecided(self) -> "ExpansionQuerySet":
        """Asked for, and neither there nor given up."""
        return self.filter(outcome=Expansion.Outcome.ORDERED)


class Expansion(Row):
    """More room, asked for when depots are crowded: one more depot behind the purchase guard.

    `inputs` is what the question saw: fill in units, the treasury, and each ship type with the
    guard's word on it. Whatever becomes of it is written down with its reason.
    """

    class Outcome(models.TextChoices):
        ORDERED = "ordered"
        GRANTED = "granted", "another depot stands"
        REFUSED = "refused"
        FAILED = "failed"

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="expansions")
    waypoint = models.CharField(max_length=40, blank=True)
    ship_type = models.CharField(max_length=40, blank=True)
    why = Sentence(max_length=200)
    inputs = models.JSONField(default=dict, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.ORDERED)
    reason = Sentence(max_length=300, blank=True)
    order = models.ForeignKey(
        ShipOrder, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = ExpansionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agent"],
                condition=Q(outcome="ordered"),
                name="inventory_one_expansion_at_a_time",
            ),
            models.CheckConstraint(
                name="inventory_expansion_ends_with_a_reason",
                condition=Q(outcome="ordered") | (Q(decided_at__isnull=False) & ~Q(reason="")),
            ),
        ]
        indexes = [models.Index(fields=["agent", "asked_at"], name="inventory_expansions")]

    def __str__(self) -> str:
        return f"{self.ship_type or 'more room'} at {self.waypoint}: {self.outcome}"

    @property
    def given_up(self) -> bool:
        """Whether no more room will come of it."""
        return self.outcome in (self.Outcome.REFUSED, self.Outcome.FAILED)


class Drift(Row):
    """A depot's books differed from its hold: found, and repaired to what is aboard."""

    depot = models.ForeignKey(Depot, on_delete=models.CASCADE, related_name="drifts")
    good = models.CharField(max_length=40)
    booked = models.PositiveIntegerField()
    aboard = models.PositiveIntegerField()
    unpromised = models.PositiveIntegerField(
        default=0, help_text="promised units that were not there"
    )
    found_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["found_at"], name="inventory_drifts_by_time")]

    def __str__(self) -> str:
        return f"{self.good}: {self.booked} in the books, {self.aboard} aboard"
