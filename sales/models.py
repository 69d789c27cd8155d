"""What goods brought, what we decided about them, and what we sold."""

from django.db import models
from django.db.models import Q

from allocation.models import ResourceRequest
from fleet.models import Agent, Ship, Waypoint
from spacefleet.fields import Sentence
from spacefleet.rows import Row


class PriceSample(Row):
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
        indexes = [models.Index(fields=["at"], name="sales_prices_by_time")]

    def __str__(self) -> str:
        return f"{self.good} {self.we_receive}"


class MarketIndex(Row):
    """What a market pays now, in percent of its own rolling averages: 100 is as usual there.

    The mean over the `goods` it buys whose average is known; below 100 the market is poor.
    """

    waypoint = models.ForeignKey(Waypoint, on_delete=models.CASCADE, related_name="indices")
    at = models.DateTimeField()
    percent = models.PositiveSmallIntegerField()
    goods = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name_plural = "market indices"
        constraints = [
            models.UniqueConstraint(
                fields=["waypoint", "at"], name="sales_one_index_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["at"], name="sales_indices_by_time")]

    def __str__(self) -> str:
        return f"{self.waypoint}: {self.percent} %"


class Opportunity(Row):
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
        EMERGENCY = "emergency"
        LAST_CALL = "last call"
        NONE = "none"

    class Failed(models.TextChoices):
        SURPLUS = "surplus"
        FRESH_PRICE = "fresh price"
        SAMPLES = "samples"
        PRICE = "price"
        WORTH = "worth the trip"
        NOTHING = ""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="opportunities")
    good = models.CharField(max_length=40)
    at = models.DateTimeField()
    trigger = models.CharField(max_length=10, choices=Trigger)
    accepted = models.BooleanField()
    criterion = models.CharField(max_length=10, choices=Criterion)
    failed = models.CharField(
        max_length=20, choices=Failed, blank=True, help_text="which condition said no"
    )
    reason = Sentence(max_length=200)
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
    net = models.BigIntegerField(
        null=True, blank=True, help_text="credits of a load there, less fuel and requests"
    )
    price_age = models.PositiveIntegerField(
        null=True, blank=True, help_text="game seconds since the price was seen"
    )
    compared = models.JSONField(
        default=list, blank=True, help_text="the best markets in order, and why in that order"
    )

    class Meta:
        verbose_name_plural = "opportunities"
        indexes = [
            models.Index(fields=["at"], name="sales_looks_by_time"),
            models.Index(fields=["agent", "at"], name="sales_opportunities_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.good}: {self.reason}"


class Sale(Row):
    """Goods on their way from the depots to a market, from the decision to the last credit."""

    class Status(models.TextChoices):
        QUEUED = "queued"
        LOADING = "loading"
        UNDER_WAY = "under way"
        DONE = "done"
        FAILED = "failed"

    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="sales")
    opportunity = models.ForeignKey(
        Opportunity, null=True, blank=True, on_delete=models.SET_NULL, related_name="sales"
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
    home = models.CharField(
        max_length=40, blank=True, help_text="the nearest market that buys it"
    )
    trigger = models.CharField(max_length=10, choices=Opportunity.Trigger, blank=True)
    criterion = models.CharField(max_length=10, choices=Opportunity.Criterion, blank=True)
    expected_price = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="credits a unit over the whole load, own impact counted",
    )
    units_sold = models.PositiveIntegerField(default=0)
    realised = models.BigIntegerField(default=0, help_text="credits it brought")
    waits = models.PositiveSmallIntegerField(
        default=0, help_text="times its ship waited at the market for a better price"
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    why = Sentence(max_length=200)
    decided_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["ended_at"], name="sales_last_ended"),
            models.Index(
                fields=["agent", "status"],
                condition=Q(ended_at__isnull=True),
                name="sales_open_sales",
            ),
            models.Index(fields=["agent", "ended_at"], name="sales_by_end"),
        ]

    def __str__(self) -> str:
        return f"{self.units} {self.good} to {self.market}"

    @property
    def moved(self) -> bool:
        """Whether it went to another market than the nearest."""
        return bool(self.home) and self.home != self.market

    @property
    def realised_price(self) -> float | None:
        """Credits a unit it brought, or None before the first sale."""
        return self.realised / self.units_sold if self.units_sold else None


class Crowding(Row):
    """The depots were so full that something had to happen: from the first percent over the
    threshold until they are below it again. One at a time an agent."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="crowdings")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    began_percent = models.PositiveSmallIntegerField()
    peak_percent = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agent"],
                condition=Q(ended_at__isnull=True),
                name="sales_one_crowding_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.agent} from {self.began_percent} %"


class Rung(Row):
    """One step of the ladder that leads out of a crowding, with its outcome and what it saw."""

    class Kind(models.TextChoices):
        SELL = "sell"
        EXPAND = "expand"
        EMERGENCY = "emergency", "emergency sale"
        RELIEVED = "relieved"

    crowding = models.ForeignKey(Crowding, on_delete=models.CASCADE, related_name="rungs")
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()
    worked = models.BooleanField(
        help_text="whether it did something; if not, the next one does"
    )
    outcome = Sentence(max_length=200)
    inputs = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [models.Index(fields=["crowding", "at"], name="sales_rungs_in_order")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.outcome}"


class TradeRun(Row):
    """One trip of a merchant: buy at `origin`, sell at `destination`, expected and realised.

    What it does next follows from its lots, the hold and where the ship is; `bought_at` says
    that nothing more is bought.
    """

    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="trade_runs")
    ship = models.ForeignKey(Ship, on_delete=models.PROTECT, related_name="trade_runs")
    origin = models.CharField(max_length=40)
    destination = models.CharField(max_length=40)
    expected = models.IntegerField(help_text="net credits, after our own impact and fuel")
    expected_seconds = models.PositiveIntegerField(help_text="game seconds")
    expected_requests = models.PositiveSmallIntegerField()
    realised = models.IntegerField(
        null=True, blank=True, help_text="credits received, less what was paid and fuel"
    )
    detours = models.PositiveSmallIntegerField(default=0)
    ledger_from = models.BigIntegerField(
        default=0, help_text="what its ship booked up to this entry belongs to others"
    )
    why = Sentence(max_length=200)
    started_at = models.DateTimeField()
    bought_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ship"],
                condition=Q(ended_at__isnull=True),
                name="sales_one_open_run_a_ship",
            )
        ]
        indexes = [
            models.Index(fields=["ended_at"], name="sales_runs_by_end"),
            models.Index(fields=["agent", "started_at"], name="sales_runs_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.origin} to {self.destination}"


class TradeLot(Row):
    """One good of a run. While the lot is open its lane belongs to its ship: two ships that buy
    a good at one market, or sell it at one, spoil each other's prices.

    A lane that lost money rests until `rest_until`.
    """

    run = models.ForeignKey(TradeRun, on_delete=models.CASCADE, related_name="lots")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="trade_lots")
    good = models.CharField(max_length=40)
    origin = models.CharField(max_length=40)
    destination = models.CharField(max_length=40)
    units = models.PositiveIntegerField(help_text="planned")
    expected_cost = models.PositiveIntegerField()
    expected_proceeds = models.PositiveIntegerField()
    bought = models.PositiveIntegerField(default=0)
    paid = models.PositiveIntegerField(default=0)
    sold = models.PositiveIntegerField(default=0)
    received = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    rest_until = models.DateTimeField(null=True, blank=True)
    why = Sentence(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agent", "good", "origin"],
                condition=Q(ended_at__isnull=True),
                name="sales_one_buyer_a_good_and_market",
            ),
            models.UniqueConstraint(
                fields=["agent", "good", "destination"],
                condition=Q(ended_at__isnull=True),
                name="sales_one_seller_a_good_and_market",
            ),
        ]
        indexes = [
            models.Index(fields=["agent", "rest_until"], name="sales_lots_that_rest"),
        ]

    def __str__(self) -> str:
        return f"{self.units} {self.good} from {self.origin} to {self.destination}"

    @property
    def gain(self) -> int:
        return self.received - self.paid
