"""What the game told of that its published description does not name."""

from django.db import models

from spacefleet.rows import Row

from .era import Era


class Novelty(Row):
    """A symbol nobody knew, where and when one of our agents met it first in an era."""

    class Kind(models.TextChoices):
        SHIP = "ship type"
        PART = "part of a ship"
        GOOD = "good"
        PLACE = "type of waypoint"
        TRAIT = "trait"
        MODIFIER = "modifier"

    era = models.ForeignKey(Era, on_delete=models.CASCADE, related_name="novelties")
    kind = models.CharField(max_length=20, choices=Kind)
    symbol = models.CharField(max_length=60)
    seen_on = models.CharField(max_length=40, help_text="the waypoint or ship that had it")
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "novelties"
        constraints = [
            models.UniqueConstraint(
                fields=["era", "kind", "symbol"], name="fleet_one_row_a_novelty_and_era"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.symbol}"
