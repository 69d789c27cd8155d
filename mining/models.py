"""Where we mine, what we know of the deposits, and what came out of them."""

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from fleet.models import Agent, Era, Ship, Waypoint
from spacefleet.fields import Sentence
from spacefleet.rows import Row, Rows


class Kind(models.TextChoices):
    EXTRACT = "extract"
    SIPHON = "siphon"


class Site(Row):
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
    shown = models.JSONField(default=dict, blank=True, help_text="best price seen, by good")
    prices = models.JSONField(
        default=dict, blank=True, help_text="credits a unit after our own sales, by good"
    )
    pace = models.FloatField(default=0, help_text="units a second that all ships dig here")
    crew = models.PositiveIntegerField(default=0, help_text="ships of all agents that dig here")
    priced_at = models.DateTimeField(null=True, blank=True)
    why = Sentence(max_length=200)
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


class SurveyQuerySet(Rows["Survey"]):
    def usable(
        self, at: "models.DateTimeField | object", *, max_uses: int = 0
    ) -> "SurveyQuerySet":
        """Surveys that are neither expired nor exhausted at `at`.

        `max_uses` 0 uses them until the game says they give nothing more.
        """
        live = self.filter(expires_at__gt=at, exhausted_at__isnull=True)
        return live.filter(uses__lt=max_uses) if max_uses else live


class Survey(Row):
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
    units = models.PositiveIntegerField(default=0, help_text="dug with it so far")
    why = Sentence(max_length=200, blank=True, help_text="why it was made")

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


class SessionQuerySet(Rows["Session"]):
    def counted(self) -> "SessionQuerySet":
        """With `extractions` and `units`, counted from the extraction rows."""
        loads = Extraction.objects.filter(session=OuterRef("pk")).values("session")
        return self.annotate(
            extractions=Coalesce(Subquery(loads.annotate(n=Count("pk")).values("n")), 0),
            units=Coalesce(Subquery(loads.annotate(n=Sum("units")).values("n")), 0),
        )


class Session(Row):
    """One stay of a ship at a site. What it brought are its extraction rows, see `counted`."""

    ship = models.ForeignKey(Ship, on_delete=models.PROTECT, related_name="sessions")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="sessions")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = Sentence(max_length=100, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["ended_at"], name="mining_sessions_by_end")]
        constraints = [
            models.UniqueConstraint(
                fields=["ship"],
                condition=Q(ended_at__isnull=True),
                name="mining_one_open_session_a_ship",
            )
        ]

    def __str__(self) -> str:
        return f"{self.ship} at {self.site} from {self.started_at:%H:%M}"


class Extraction(Row):
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
    why = Sentence(max_length=200, blank=True, help_text="by which survey, and why")
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["at"], name="mining_extractions_by_time"),
            models.Index(fields=["waypoint", "at"], name="mining_extractions_of_a_rock"),
            models.Index(fields=["ship", "at"], name="mining_extractions_of_a_ship"),
        ]

    def __str__(self) -> str:
        return f"{self.units} {self.good}"


class Jettison(Row):
    """Cargo thrown away to make room, with what it would have brought."""

    ship = models.ForeignKey(Ship, on_delete=models.PROTECT, related_name="jettisons")
    good = models.CharField(max_length=40)
    units = models.PositiveIntegerField()
    price = models.PositiveIntegerField(help_text="credits a unit it would have brought")
    why = Sentence(max_length=200)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="mining_jettisons_by_time")]
        constraints = [
            models.CheckConstraint(name="mining_jettison_units", condition=Q(units__gt=0))
        ]

    def __str__(self) -> str:
        return f"{self.units} {self.good} overboard"

    @property
    def value_lost(self) -> int:
        return self.units * self.price
