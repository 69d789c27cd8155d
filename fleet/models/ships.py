"""Our ships as the game last told us, with their alarm and their line on the dashboard."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q

from spacefleet.fields import Sentence
from spacefleet.rows import Row, Rows

from .era import Agent


class NavStatus(models.TextChoices):
    DOCKED = "DOCKED"
    IN_ORBIT = "IN_ORBIT"
    IN_TRANSIT = "IN_TRANSIT"


class ShipQuerySet(Rows["Ship"]):
    def flying(self) -> "ShipQuerySet":
        """Ships that may be moved: neither they nor their agents are excluded or halted."""
        return self.filter(
            excluded=False,
            lost_at__isnull=True,
            agent__excluded=False,
            agent__halted="",
            agent__era__archived_at__isnull=True,
        )

    def due(self, at: datetime) -> "ShipQuerySet":
        """Flying ships whose alarm has rung by `at`, the longest waiting first."""
        return self.flying().filter(wake_at__lte=at).order_by("wake_at", "pk")

    def in_doubt(self) -> "ShipQuerySet":
        """Flying ships that are about to be looked at: until then no balance is certain.

        One that could not be read again and again is not waited for: the rest goes on, and
        what it had cost shows as drift.
        """
        return self.flying().filter(suspect_since__isnull=False, given_up=False)

    def with_role(self, role: str) -> "ShipQuerySet":
        """Ships that hold `role` as their main or a further role."""
        return self.filter(roles__icontains=f'"{role}"')


class Ship(Row):
    """One of our ships.

    `roles` are the duties it holds, the most important first; `wake_at` is its alarm, `why` its
    line on the dashboard. `stepping` names the dispatcher's generation while a step runs: a
    value left behind by a dead one means that the game may know more than we do.
    """

    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="ships")
    symbol = models.CharField(max_length=40)
    type = models.CharField(max_length=40, blank=True)
    frame = models.CharField(max_length=40, blank=True)
    registration = models.CharField(max_length=30, blank=True)
    roles = models.JSONField(default=list, blank=True)
    place = models.CharField(max_length=40, blank=True, help_text="where its role works")
    role_why = models.CharField(max_length=200, blank=True)
    role_pinned = models.BooleanField(
        default=False, help_text="the owner chose its roles: the conductor leaves them alone"
    )
    excluded = models.BooleanField(default=False, help_text="leave this ship alone")

    nav_status = models.CharField(max_length=12, choices=NavStatus)
    system = models.CharField(max_length=20)
    waypoint = models.CharField(max_length=40, help_text="the destination while in transit")
    origin = models.CharField(max_length=40, blank=True)
    departed_at = models.DateTimeField(null=True, blank=True)
    arrives_at = models.DateTimeField(null=True, blank=True)
    flight_mode = models.CharField(max_length=10, default="CRUISE")
    fuel = models.PositiveIntegerField(default=0)
    fuel_capacity = models.PositiveIntegerField(default=0)
    speed = models.PositiveIntegerField(default=1)
    cargo = models.JSONField(default=dict, blank=True)
    cargo_cost = models.JSONField(
        default=dict, blank=True, help_text="good: units of it that were bought, their credits"
    )
    cargo_units = models.PositiveIntegerField(default=0)
    cargo_capacity = models.PositiveIntegerField(default=0)
    cooldown_ends_at = models.DateTimeField(null=True, blank=True)
    laser_strength = models.PositiveSmallIntegerField(default=0)
    siphon_strength = models.PositiveSmallIntegerField(default=0)
    survey_strength = models.PositiveSmallIntegerField(default=0)
    mounts = models.JSONField(default=list, blank=True)
    modules = models.JSONField(default=list, blank=True)
    condition = models.FloatField(
        default=1.0, help_text="of frame, reactor and engine: the worst"
    )
    seen_at = models.DateTimeField(help_text="when the game last told us all of it")

    wake_at = models.DateTimeField()
    why = Sentence(max_length=200, blank=True)
    stepping = models.PositiveIntegerField(null=True, blank=True)
    stepping_at = models.DateTimeField(null=True, blank=True)
    stepped_at = models.DateTimeField(null=True, blank=True)
    suspect_since = models.DateTimeField(null=True, blank=True)
    suspect_why = Sentence(max_length=200, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    given_up = models.BooleanField(
        default=False, help_text="failed so often in a row that nobody waits for it any more"
    )
    last_error = models.TextField(blank=True)
    cargo_lock = models.CharField(max_length=60, blank=True, help_text="who moves its cargo")
    cargo_lock_until = models.DateTimeField(null=True, blank=True)
    price_paid = models.PositiveBigIntegerField(null=True, blank=True)
    joined_at = models.DateTimeField()
    lost_at = models.DateTimeField(null=True, blank=True)

    acting_as = ""  # the role it steps in right now, in memory only
    holds_back = ""  # why it finishes what is begun and begins nothing, in memory only
    unwritten: dict[str, Any] | None = None  # see fleet.services.sync.note; None outside a step

    objects = ShipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agent", "symbol"], name="fleet_one_ship_a_symbol"),
            models.CheckConstraint(
                name="fleet_ship_cargo_fits", condition=Q(cargo_units__lte=F("cargo_capacity"))
            ),
            models.CheckConstraint(
                name="fleet_ship_fuel_fits", condition=Q(fuel__lte=F("fuel_capacity"))
            ),
            models.CheckConstraint(
                name="fleet_transit_has_an_end",
                condition=~Q(nav_status="IN_TRANSIT") | Q(arrives_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["wake_at"], name="fleet_ships_due")]

    def __str__(self) -> str:
        return self.symbol

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Read the row anew; what this step learned and has not written yet stays."""
        super().refresh_from_db(*args, **kwargs)
        for name, value in (self.unwritten or {}).items():
            setattr(self, name, value)

    @property
    def role(self) -> str:
        """Its main role, or nothing."""
        return self.roles[0] if self.roles else ""

    @property
    def cargo_space(self) -> int:
        return self.cargo_capacity - self.cargo_units

    @property
    def extracts(self) -> bool:
        return self.laser_strength > 0

    @property
    def siphons(self) -> bool:
        return self.siphon_strength > 0

    def in_transit(self, at: datetime) -> bool:
        """Whether it is still under way at `at`; the game tells of an arrival only when asked."""
        return bool(
            self.nav_status == NavStatus.IN_TRANSIT and self.arrives_at and self.arrives_at > at
        )

    def cooling(self, at: datetime) -> bool:
        return bool(self.cooldown_ends_at and self.cooldown_ends_at > at)

    def settle(self, at: datetime) -> None:
        """Turn a transit that is over by `at` into an orbit, in memory."""
        if self.nav_status == NavStatus.IN_TRANSIT and not self.in_transit(at):
            self.nav_status = NavStatus.IN_ORBIT


class LogLine(Row):
    """One line of a ship's log: what a step said, when it said something new.

    A step that repeats its ship's last line leaves none.
    """

    ship = models.ForeignKey(Ship, on_delete=models.CASCADE, related_name="log")
    at = models.DateTimeField()
    role = models.CharField(max_length=40, blank=True, help_text="in which it stepped")
    waypoint = models.CharField(max_length=40, blank=True)
    why = Sentence(max_length=200)

    class Meta:
        indexes = [
            models.Index(fields=["ship", "at"], name="fleet_log_of_a_ship"),
            models.Index(fields=["at"], name="fleet_log_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.ship_id}: {self.why}"
