"""Systems beyond home, the gates between them, and the jumps of our ships through them."""

from django.db import models
from django.db.models import Q

from spacefleet.fields import Sentence
from spacefleet.rows import Row

from .era import Era
from .ships import Ship


class System(Row):
    """A star as far as we know it; what is null nobody has told us yet.

    `connections` are the gates one jump away. `learned_at` says when its waypoints were read,
    `explored_at` when a ship of ours had nothing left to see there.
    """

    era = models.ForeignKey(Era, on_delete=models.CASCADE, related_name="systems")
    symbol = models.CharField(max_length=20)
    type = models.CharField(max_length=40, blank=True)
    x = models.IntegerField(null=True, blank=True)
    y = models.IntegerField(null=True, blank=True)
    gate = models.CharField(
        max_length=40, blank=True, help_text="its jump gate, if we know one"
    )
    gate_open = models.BooleanField(null=True, blank=True, help_text="whether it is built")
    gate_seen_at = models.DateTimeField(null=True, blank=True)
    connections = models.JSONField(null=True, blank=True)
    learned_at = models.DateTimeField(null=True, blank=True)
    explored_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["era", "symbol"], name="fleet_one_system_an_era")
        ]

    def __str__(self) -> str:
        return self.symbol


class Passage(Row):
    """One jump. It is written before the game is asked, so that a lost answer can be settled."""

    class Outcome(models.TextChoices):
        ASKED = "asked"
        JUMPED = "jumped"
        REFUSED = "refused"

    ship = models.ForeignKey(Ship, on_delete=models.CASCADE, related_name="passages")
    origin = models.CharField(max_length=40)
    destination = models.CharField(max_length=40)
    price = models.PositiveIntegerField(help_text="credits for the antimatter, as last seen")
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.ASKED)
    why = Sentence(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ship"],
                condition=Q(outcome="asked"),
                name="fleet_one_jump_of_a_ship_at_a_time",
            )
        ]
        indexes = [models.Index(fields=["asked_at"], name="fleet_passages_by_time")]

    def __str__(self) -> str:
        return f"{self.ship} to {self.destination}"


class Material(Row):
    """A good that something under construction still needs, or needed."""

    era = models.ForeignKey(Era, on_delete=models.CASCADE, related_name="materials")
    waypoint = models.CharField(max_length=40)
    good = models.CharField(max_length=40)
    required = models.PositiveIntegerField()
    fulfilled = models.PositiveIntegerField(default=0)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["era", "waypoint", "good"], name="fleet_one_material_a_site"
            )
        ]

    def __str__(self) -> str:
        return f"{self.good} for {self.waypoint}"

    @property
    def missing(self) -> int:
        return max(0, self.required - self.fulfilled)
