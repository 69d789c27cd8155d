"""The queue for goods in the depots, what contracts keep back from it, and the contracts."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from fleet.models import Agent, Ship
from inventory.models import Stock
from spacefleet.fields import Sentence
from spacefleet.rows import Row, Rows


class RequestQuerySet(Rows["ResourceRequest"]):
    def waiting(self) -> "RequestQuerySet":
        return self.filter(status=ResourceRequest.Status.QUEUED)

    def in_order(self) -> "RequestQuerySet":
        """First come, first served."""
        return self.order_by("created_at", "pk")


class ResourceRequest(Row):
    """A place in the queue for one good of one agent's depots.

    Contracts and markets wait in the same queue and nobody overtakes. A request is QUEUED
    until all its units are promised (a part may be, while it waits at the head), then CLAIMED
    until a ship has withdrawn them, then FULFILLED; or it ends FAILED, EXPIRED or CANCELLED,
    and what it had claimed is free again.
    """

    class Status(models.TextChoices):
        QUEUED = "queued"
        CLAIMED = "claimed"
        FULFILLED = "fulfilled"
        FAILED = "failed"
        EXPIRED = "expired"
        CANCELLED = "cancelled"

    class Purpose(models.TextChoices):
        CONTRACT = "contract"
        MARKET = "market"

    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="requests")
    purpose = models.CharField(max_length=10, choices=Purpose)
    good = models.CharField(max_length=40)
    units = models.PositiveIntegerField()
    claimed = models.PositiveIntegerField(default=0, help_text="units promised so far")
    withdrawn = models.PositiveIntegerField(default=0, help_text="units a ship took aboard")
    ship = models.ForeignKey(
        Ship, null=True, blank=True, on_delete=models.PROTECT, related_name="requests"
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    why = Sentence(max_length=200, blank=True)
    created_at = models.DateTimeField()
    deadline_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="allocation_request_units", condition=Q(units__gt=0)),
            models.CheckConstraint(
                name="allocation_claims_at_most_what_it_asks",
                condition=Q(claimed__lte=F("units")),
            ),
            models.CheckConstraint(
                name="allocation_withdraws_at_most_what_it_claims",
                condition=Q(withdrawn__lte=F("claimed")),
            ),
            models.CheckConstraint(
                name="allocation_claimed_means_all_units",
                condition=~Q(status__in=["claimed"])
                | Q(claimed=F("units"), claimed_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["agent", "good", "created_at"],
                condition=Q(status="queued"),
                name="allocation_queue",
            )
        ]

    def __str__(self) -> str:
        return f"{self.units} {self.good} for {self.purpose}"

    @property
    def open(self) -> bool:
        return self.status in (self.Status.QUEUED, self.Status.CLAIMED)

    @property
    def to_withdraw(self) -> int:
        """Units promised to it that no ship has taken yet."""
        return self.claimed - self.withdrawn


class Claim(Row):
    """Units of one stock row promised to a request. Open claims add up to the promises."""

    request = models.ForeignKey(
        ResourceRequest, on_delete=models.CASCADE, related_name="claims"
    )
    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="claims")
    units = models.PositiveIntegerField()
    withdrawn = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="allocation_claim_covers_withdrawal",
                condition=Q(withdrawn__lte=F("units")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.units} of {self.stock}"


class Transition(Row):
    """A request changed its state: when, from what to what, and why."""

    request = models.ForeignKey(
        ResourceRequest, on_delete=models.CASCADE, related_name="transitions"
    )
    at = models.DateTimeField()
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10)
    cause = Sentence(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["at"], name="allocation_changes_by_time")]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}: {self.cause}"


class Contract(Row):
    """A contract of an agent with one line of goods to deliver, and what we think of it."""

    class Status(models.TextChoices):
        OFFERED = "offered"
        ACCEPTED = "accepted"
        FULFILLED = "fulfilled"
        EXPIRED = "expired"

    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="contracts")
    game_id = models.CharField(max_length=60)
    faction = models.CharField(max_length=30, blank=True)
    type = models.CharField(max_length=20)
    good = models.CharField(max_length=40)
    destination = models.CharField(max_length=40)
    units_required = models.PositiveIntegerField()
    units_fulfilled = models.PositiveIntegerField(default=0)
    on_accepted = models.PositiveBigIntegerField()
    on_fulfilled = models.PositiveBigIntegerField()
    accept_by = models.DateTimeField(null=True, blank=True)
    deadline_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status, default=Status.OFFERED)
    units_under_way = models.PositiveIntegerField(
        default=0, help_text="units that trips have set out for"
    )
    judgement = Sentence(max_length=200, blank=True)
    judged_at = models.DateTimeField(null=True, blank=True)
    expected_net = models.BigIntegerField(null=True, blank=True, help_text="credits")
    expected_seconds = models.PositiveIntegerField(null=True, blank=True)
    expected_requests = models.PositiveIntegerField(null=True, blank=True)
    needs = models.PositiveBigIntegerField(
        default=0, help_text="credits it takes to buy what it still asks"
    )
    net = models.BigIntegerField(
        null=True, blank=True, help_text="credits, by the ledger: payments less purchases"
    )
    offered_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    asked_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="when a change was asked for whose answer nobody has seen yet",
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agent", "game_id"], name="allocation_one_contract"
            ),
            models.CheckConstraint(
                name="allocation_never_delivers_more_than_required",
                condition=Q(units_fulfilled__lte=F("units_required")),
            ),
            models.CheckConstraint(
                name="allocation_trips_bring_at_most_what_is_missing",
                condition=Q(units_required__gte=F("units_fulfilled") + F("units_under_way")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.units_required} {self.good} to {self.destination}"

    @property
    def running(self) -> bool:
        return self.status in (self.Status.OFFERED, self.Status.ACCEPTED)

    def over(self, at: datetime) -> bool:
        """Whether its time is over: to deliver, or to accept it at all."""
        if self.status == self.Status.OFFERED and self.accept_by and self.accept_by <= at:
            return True
        return self.deadline_at <= at

    @property
    def units_missing(self) -> int:
        return self.units_required - self.units_fulfilled

    @property
    def units_open(self) -> int:
        """Units missing that no trip has set out for."""
        return self.units_missing - self.units_under_way

    @property
    def pays(self) -> int:
        """Credits it pays in all."""
        return self.on_accepted + self.on_fulfilled


class Trip(Row):
    """One way of one ship for a contract: load at the source, hand in at the destination.

    `source` is where it loads, empty where it only hands in what is aboard; `limit` is the most
    a unit may cost there, null where goods come out of our own store. The sum of all open trips
    stands in `units_under_way` of the contract.
    """

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="trips")
    ship = models.ForeignKey(Ship, on_delete=models.PROTECT, related_name="trips")
    units = models.PositiveIntegerField()
    source = models.CharField(max_length=40, blank=True)
    limit = models.PositiveIntegerField(null=True, blank=True, help_text="credits a unit")
    why = Sentence(max_length=200)
    begun_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="when it should have handed in")
    delivered = models.PositiveIntegerField(default=0)
    outcome = Sentence(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ship"],
                condition=Q(ended_at__isnull=True),
                name="allocation_one_trip_a_ship",
            ),
            models.CheckConstraint(name="allocation_trip_units", condition=Q(units__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.ship} for {self.contract}"

    @property
    def buys(self) -> bool:
        return self.limit is not None


class Reservation(Row):
    """Units of a good that sales must leave in store, for a contract, until it expires."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="reservations")
    contract = models.OneToOneField(
        Contract, null=True, blank=True, on_delete=models.CASCADE, related_name="reservation"
    )
    good = models.CharField(max_length=40)
    units = models.PositiveIntegerField()
    why = Sentence(max_length=200)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.units} {self.good} for {self.contract}"
