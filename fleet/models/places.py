"""Waypoints, markets and shipyards as last seen. Unknown is null, never zero."""

from django.db import models
from django.db.models import F, Q

from spacefleet.fields import Sentence
from spacefleet.rows import Row

from .era import Era


class Waypoint(Row):
    """A place in a system; `x` and `y` in the game's units of distance."""

    era = models.ForeignKey(Era, on_delete=models.CASCADE, related_name="waypoints")
    system = models.CharField(max_length=20)
    symbol = models.CharField(max_length=40)
    type = models.CharField(max_length=40)
    x = models.IntegerField()
    y = models.IntegerField()
    orbits = models.CharField(max_length=40, blank=True)
    traits = models.JSONField(default=list, blank=True)
    modifiers = models.JSONField(default=list, blank=True)
    faction = models.CharField(max_length=30, blank=True)
    charted = models.BooleanField(default=True)
    under_construction = models.BooleanField(default=False)
    market = models.BooleanField(default=False)
    shipyard = models.BooleanField(default=False)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["era", "symbol"], name="fleet_one_waypoint_an_era")
        ]
        indexes = [models.Index(fields=["era", "system"], name="fleet_waypoints_of_a_system")]

    def __str__(self) -> str:
        return self.symbol


class MarketGood(Row):
    """What one market pays and asks for one good, as last seen.

    `we_receive` is the game's sellPrice, `we_pay` its purchasePrice, in credits a unit; both
    are null until a ship of ours was there.
    """

    class Kind(models.TextChoices):
        EXPORT = "EXPORT"
        IMPORT = "IMPORT"
        EXCHANGE = "EXCHANGE"

    waypoint = models.ForeignKey(Waypoint, on_delete=models.CASCADE, related_name="goods")
    good = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=Kind)
    we_receive = models.PositiveIntegerField(null=True, blank=True)
    we_pay = models.PositiveIntegerField(null=True, blank=True)
    trade_volume = models.PositiveIntegerField(null=True, blank=True)
    supply = models.CharField(max_length=20, blank=True)
    activity = models.CharField(max_length=20, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["waypoint", "good"], name="fleet_one_row_a_good_and_market"
            ),
            models.CheckConstraint(
                name="fleet_we_pay_at_least_what_we_receive",
                condition=Q(we_pay__isnull=True)
                | Q(we_receive__isnull=True)
                | Q(we_pay__gte=F("we_receive")),
            ),
            models.CheckConstraint(
                name="fleet_known_prices_have_an_age",
                condition=Q(we_receive__isnull=True) | Q(seen_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["good"], name="fleet_markets_of_a_good")]

    def __str__(self) -> str:
        return f"{self.good} at {self.waypoint}"


class ShipyardOffer(Row):
    """A type of ship sold at a shipyard; the price is null until a ship of ours was there."""

    waypoint = models.ForeignKey(Waypoint, on_delete=models.CASCADE, related_name="offers")
    ship_type = models.CharField(max_length=40)
    price = models.PositiveBigIntegerField(null=True, blank=True)
    supply = models.CharField(max_length=20, blank=True)
    details = models.JSONField(default=dict, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["waypoint", "ship_type"], name="fleet_one_offer_a_type_and_yard"
            )
        ]

    def __str__(self) -> str:
        return f"{self.ship_type} at {self.waypoint}"


class ShipPrice(Row):
    """What a type of ship cost at a yard from `at` on: a row for each price that was new to us."""

    waypoint = models.ForeignKey(Waypoint, on_delete=models.CASCADE, related_name="ship_prices")
    ship_type = models.CharField(max_length=40)
    price = models.PositiveBigIntegerField(help_text="credits")
    supply = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["waypoint", "ship_type", "at"], name="fleet_prices_of_a_ship"),
            models.Index(fields=["at"], name="fleet_ship_prices_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.ship_type} at {self.waypoint}: {self.price:,}"


class Wish(Row):
    """Somebody needs a fresh look at a market or shipyard; a scout answers it by going there."""

    class What(models.TextChoices):
        MARKET = "market"
        SHIPYARD = "shipyard"

    waypoint = models.ForeignKey(Waypoint, on_delete=models.CASCADE, related_name="wishes")
    what = models.CharField(max_length=10, choices=What)
    why = Sentence(max_length=200)
    value = models.FloatField(default=0, help_text="credits an answer is worth, to rank by")
    wished_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "wishes"
        constraints = [
            models.UniqueConstraint(
                fields=["waypoint", "what"],
                condition=Q(answered_at__isnull=True),
                name="fleet_one_open_wish",
            )
        ]

    def __str__(self) -> str:
        return f"{self.what} at {self.waypoint}"
