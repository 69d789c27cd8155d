"""What goods brought, what we decided about them, and what we sold."""

from django.db import models
from django.db.models import Q

from allocation.models import ResourceRequest
from fleet.models import Agent, Ship, Waypoint


class PriceSample(models.Model):
    """What a market paid and asked for a good at one moment: one point of the price history."""

    waypoint = models.ForeignKey(Waypoint, on_delete=models.CASCADE, related_name="prices")
    good = models.CharField(max_length=40)
    we_receive = models.PositiveIntegerField()
    we_pay = models.PositiveIntegerField()
    trade_volume = models.PositiveIntegerField()
    supply = models.CharField(max_length=20, blank=True)
    activity = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["waypoint", "good", "at"], name="sales_one_price_at_a_time"
            ),
            models.CheckConstraint(
                name="sales_we_pay_at_least_what_we_receive",
                condition=Q(we_pay__gte=models.F("we_receive")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.good} {self.we_receive}"


class Opportunity(models.Model):
    """One look at one good in store: sell it or keep it, with everything the decision saw.

    The trigger only starts the look (T9); the criterion is what decided. A null price or
    average means that nobody knew it, which is never a reason to sell.
    """

    class Trigger(models.TextChoices):
        PERIOD = "period"
        CROWDED = "crowded"
        PRICE = "price"

    class Criterion(models.TextChoices):
        GOOD_PRICE = "good price"
        CROWDED = "crowded"
        NONE = "none"

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="opportunities")
    good = models.CharField(max_length=40)
    at = models.DateTimeField()
    trigger = models.CharField(max_length=10, choices=Trigger)
    accepted = models.BooleanField()
    criterion = models.CharField(max_length=10, choices=Criterion)
    reason = models.CharField(max_length=200)
    units = models.PositiveIntegerField()
    reserved = models.PositiveIntegerField()
    buffer = models.PositiveIntegerField()
    surplus = models.IntegerField()
    price = models.PositiveIntegerField(null=True, blank=True)
    average = models.FloatField(null=True, blank=True)
    samples = models.PositiveIntegerField(default=0)
    utilisation = models.PositiveSmallIntegerField(
        help_text="percent of all depots together, or of the fullest that holds the good"
    )
    market = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name_plural = "opportunities"
        indexes = [models.Index(fields=["agent", "at"], name="sales_opportunities_by_time")]

    def __str__(self) -> str:
        return f"{self.good}: {self.reason}"


class Sale(models.Model):
    """Goods on their way from the depots to a market, from the decision to the last credit."""

    class Status(models.TextChoices):
        QUEUED = "queued"
        LOADING = "loading"
        UNDER_WAY = "under way"
        DONE = "done"
        FAILED = "failed"

    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="sales")
    opportunity = models.OneToOneField(
        Opportunity, null=True, blank=True, on_delete=models.SET_NULL, related_name="sale"
    )
    request = models.OneToOneField(
        ResourceRequest, on_delete=models.PROTECT, related_name="sale"
    )
    ship = models.ForeignKey(
        Ship, null=True, blank=True, on_delete=models.PROTECT, related_name="sales"
    )
    good = models.CharField(max_length=40)
    units = models.PositiveIntegerField()
    market = models.CharField(max_length=40)
    expected_price = models.PositiveIntegerField(null=True, blank=True)
    units_sold = models.PositiveIntegerField(default=0)
    realised = models.BigIntegerField(default=0, help_text="credits it brought")
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    why = models.CharField(max_length=200)
    decided_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.units} {self.good} to {self.market}"

    @property
    def realised_price(self) -> float | None:
        """Credits a unit it brought, or None before the first sale."""
        return self.realised / self.units_sold if self.units_sold else None
