"""What the owner ordered beside the fleet's own judgement: to pause, to drain, to stop."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from spacefleet.fields import Sentence
from spacefleet.rows import Row

from .era import Agent
from .ships import Ship


class Control(Row):
    """An order of the owner: for all, for an agent, or for a ship; without a row all fly freely.

    Of several that concern a ship the strictest holds (`fleet.rules.orders`). One whose `until`
    is over holds no more; it stays until somebody gives another one, so that its end can be seen.
    """

    class Mode(models.TextChoices):
        WATCH = "watch", "watch only"
        PAUSE = "pause", "pause new work"
        DRAIN = "drain", "drain"
        RECALL = "recall", "recall"
        STOP = "stop", "stop"
        EMERGENCY = "emergency", "emergency stop"

    mode = models.CharField(max_length=10, choices=Mode)
    agent = models.ForeignKey(
        Agent, null=True, blank=True, on_delete=models.CASCADE, related_name="controls"
    )
    ship = models.ForeignKey(
        Ship, null=True, blank=True, on_delete=models.CASCADE, related_name="controls"
    )
    place = models.CharField(max_length=40, blank=True, help_text="where a recall leads")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    by = models.CharField(max_length=150, blank=True, help_text="who ordered it")
    why = Sentence(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="fleet_control_has_one_scope",
                condition=Q(agent__isnull=True) | Q(ship__isnull=True),
            ),
            models.CheckConstraint(
                name="fleet_one_ship_has_no_emergency",
                condition=~Q(mode="emergency") | Q(ship__isnull=True),
            ),
            models.UniqueConstraint(
                Coalesce("agent", 0), Coalesce("ship", 0), name="fleet_one_control_a_scope"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_mode_display()} for {self.ship or self.agent or 'the installation'}"
