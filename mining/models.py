"""Where we mine, what we know of the deposits, and what came out of them."""

from django.db import models
from django.db.models import Q

from fleet.models import Agent, Era, Ship, Waypoint


class Kind(models.TextChoices):
    EXTRACT = "extract"
    SIPHON = "siphon"


class Site(models.Model):
    """An asteroid or gas giant that an agent works, with the judgement that opened it.

    A site rests until `closed_until` when its rock became unstable. `rendezvous` is where full
    ships meet transports, the site itself by default.
    """

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="sites")
    waypoint = models.ForeignKey(Waypoint, on_delete=models.PROTECT, related_name="sites")
    rendezvous = models.ForeignKey(
        Waypoint, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    open = models.BooleanField(default=True)
    closed_until = models.DateTimeField(null=True, blank=True)
    value_per_hour = models.FloatField(default=0, help_text="credits an hour of one drone")
    why = models.CharField(max_length=200)
    judged_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agent", "waypoint", "kind"], name="mining_one_site_a_place"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.waypoint}"

    @property
    def meeting_place(self) -> str:
        return (self.rendezvous or self.waypoint).symbol


class SurveyQuerySet(models.QuerySet["Survey"]):
    def usable(
        self, at: "models.DateTimeField | object", *, max_uses: int = 0
    ) -> "SurveyQuerySet":
        """Surveys that are neither expired nor exhausted at `at`.

        `max_uses` 0 uses them until the game says they give nothing more.
        """
        live = self.filter(expires_at__gt=at, exhausted_at__isnull=True)
        return live.filter(uses__lt=max_uses) if max_uses else live


class Survey(models.Model):
    """A survey, shared by all ships of an era until it expires (UTC) or is exhausted.

    `raw` is the game's own object: it goes back letter by letter with an aimed extraction.
    """

    era = models.ForeignKey(Era, on_delete=models.CASCADE, related_name="surveys")
    waypoint = models.CharField(max_length=40)
    signature = models.CharField(max_length=80)
    deposits = models.JSONField()
    size = models.CharField(max_length=20)
    raw = models.JSONField()
    made_by = models.ForeignKey(Ship, on_delete=models.PROTECT, related_name="surveys")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    exhausted_at = models.DateTimeField(null=True, blank=True)
    uses = models.PositiveIntegerField(default=0)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["era", "signature"], name="mining_one_survey")
        ]
        indexes = [
            models.Index(
                fields=["era", "waypoint", "expires_at"],
                condition=Q(exhausted_at__isnull=True),
                name="mining_usable_surveys",
            )
        ]

    def __str__(self) -> str:
        return self.signature


class Session(models.Model):
    """One stay of a ship at a site; its totals equal its extraction rows."""

    ship = models.ForeignKey(Ship, on_delete=models.PROTECT, related_name="sessions")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="sessions")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=100, blank=True)
    extractions = models.PositiveIntegerField(default=0)
    units = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ship"],
                condition=Q(ended_at__isnull=True),
                name="mining_one_open_session_a_ship",
            )
        ]

    def __str__(self) -> str:
        return f"{self.ship} at {self.site} from {self.started_at:%H:%M}"


class Extraction(models.Model):
    """One load that came out of a rock or a gas giant. `price` is what a unit was worth then,
    null when nobody knew."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="loads")
    ship = models.ForeignKey(Ship, on_delete=models.PROTECT, related_name="extractions")
    survey = models.ForeignKey(Survey, null=True, blank=True, on_delete=models.SET_NULL)
    waypoint = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=Kind)
    good = models.CharField(max_length=40)
    units = models.PositiveIntegerField()
    price = models.PositiveIntegerField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["waypoint", "at"], name="mining_extractions_of_a_rock"),
            models.Index(fields=["ship", "at"], name="mining_extractions_of_a_ship"),
        ]

    def __str__(self) -> str:
        return f"{self.units} {self.good}"


class Jettison(models.Model):
    """Cargo thrown away to make room, with what it would have brought."""

    ship = models.ForeignKey(Ship, on_delete=models.PROTECT, related_name="jettisons")
    good = models.CharField(max_length=40)
    units = models.PositiveIntegerField()
    price = models.PositiveIntegerField(help_text="credits a unit it would have brought")
    why = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="mining_jettison_units", condition=Q(units__gt=0))
        ]

    def __str__(self) -> str:
        return f"{self.units} {self.good} overboard"

    @property
    def value_lost(self) -> int:
        return self.units * self.price
