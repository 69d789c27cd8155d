"""What belongs to no single domain: alerts, the audit trail of people, and request counts."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from spacefleet.rows import Row, Rows


class AlertQuerySet(Rows["Alert"]):
    def open(self) -> "AlertQuerySet":
        """Alerts nobody has cleared, the newest first."""
        return self.filter(cleared_at__isnull=True).order_by("-last_at")


class Alert(Row):
    """Something that needs eyes. One row per kind and subject while it lasts; it counts."""

    class Level(models.TextChoices):
        WARNING = "warning"
        ERROR = "error"

    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    level = models.CharField(max_length=10, choices=Level, default=Level.WARNING)
    message = models.TextField()
    times = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(cleared_at__isnull=True),
                name="spacefleet_one_open_alert",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}: {self.message}"


class AlertSwitch(Row):
    """What becomes of one kind of alert: shown and sent, shown only, or not even raised."""

    class Mode(models.TextChoices):
        ON = "on", "on: shown and sent"
        SILENT = "silent", "silent: shown only"
        OFF = "off", "off: not raised"

    kind = models.CharField(max_length=40, unique=True)
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.ON)

    class Meta:
        ordering = ["kind"]
        verbose_name_plural = "alert switches"

    def __str__(self) -> str:
        return self.kind


class Delivery(Row):
    """One message about an alert by one channel: that it began, or that it is over.

    `due_at` moves on with each try, so that a worker that dies over it leaves it to the next.
    """

    class About(models.TextChoices):
        BEGAN = "began"
        OVER = "over"

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10)
    about = models.CharField(max_length=10, choices=About)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True, help_text="of the last try")

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["alert", "channel", "about"], name="spacefleet_each_is_told_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="spacefleet_to_deliver",
                condition=Q(sent_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.alert.kind} {self.alert.subject} {self.about}, by {self.channel}"


class Viewer(Row):
    """What a person chose for the pages they look at."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="viewer"
    )
    zone = models.CharField(
        max_length=40, blank=True, help_text="time zone; empty follows the browser"
    )

    def __str__(self) -> str:
        return f"{self.user} in {self.zone or 'the zone of the browser'}"


class AuditEntry(Row):
    """One change made by a person: who, when, what, before and after."""

    at = models.DateTimeField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=120)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    undo = models.JSONField(
        default=dict, blank=True, help_text="what was set, from what to what: can be undone"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at"]
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"


class TourEnd(Row):
    """Somebody took the tour of the pages or waved it away: they are not invited again."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    ended_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"tour of {self.user}"


class RequestCount(Row):
    """How often one purpose asked one endpoint in one minute, and how it was answered.

    The denominator of credits per request: failed requests count like all others.
    `status` 0 means that no answer came; `code` is the game's error code, 0 where it named none.
    `era` tells apart two lives of one agent's name, 0 where no era was noted. Old rows are those
    of a whole hour, without a ship (`spacefleet.rollups`).
    """

    minute = models.DateTimeField()
    era = models.PositiveBigIntegerField(default=0, help_text="key of the era")
    agent = models.CharField(max_length=20, blank=True)
    ship = models.CharField(max_length=40, blank=True)
    purpose = models.CharField(max_length=40)
    method = models.CharField(max_length=10, blank=True)
    endpoint = models.CharField(max_length=80)
    status = models.PositiveSmallIntegerField()
    code = models.PositiveIntegerField(default=0, help_text="error code of the game")
    count = models.PositiveIntegerField(default=0)
    productive = models.PositiveIntegerField(default=0)
    waited_ms = models.PositiveBigIntegerField(default=0)
    took_ms = models.PositiveBigIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["purpose", "minute"], name="spacefleet_requests_of_a_role")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "minute",
                    "era",
                    "agent",
                    "ship",
                    "purpose",
                    "method",
                    "endpoint",
                    "status",
                    "code",
                ],
                name="spacefleet_one_count_a_minute",
            ),
            models.CheckConstraint(
                name="spacefleet_productive_is_counted",
                condition=Q(productive__lte=models.F("count")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minute:%H:%M} {self.purpose} {self.endpoint} {self.status}: {self.count}"


class Node(Row):
    """One `runworkers` process, by its name; a heartbeat that went stale means drain."""

    name = models.CharField(max_length=80, unique=True)
    lane = models.CharField(max_length=40)
    agents = models.JSONField(default=list, blank=True)
    process = models.CharField(max_length=120, blank=True)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()
    drain = models.BooleanField(default=False)
    restart = models.BooleanField(
        default=False, help_text="its workers shall be started anew; cleared when they are"
    )
    stopped_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class WorkerLine(Row):
    """Something that a worker of a node warned of, in its own words (`spacefleet.workerlog`)."""

    node = models.CharField(max_length=80)
    process = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    level = models.CharField(max_length=10)
    logger = models.CharField(max_length=80)
    text = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="spacefleet_warnings_by_time")]

    def __str__(self) -> str:
        return f"{self.node}: {self.text[:80]}"

    @property
    def short(self) -> str:
        """Its last line: of a traceback the error itself."""
        return (self.text.strip().splitlines() or [""])[-1][:160]

    @property
    def long(self) -> bool:
        return self.text.strip() != self.short


class Canary(Row):
    """A small task sent through each queue of a node; when it stays away the queue is dead."""

    queue = models.CharField(max_length=120, unique=True)
    sent_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "canaries"

    def __str__(self) -> str:
        return self.queue


class Comparison(Row):
    """Arms played on the same seeds in the lab: what was asked for, by whom, and how it stands.

    `arms` are names with their parameters, the first one is what the others are held against.
    """

    class Status(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        CANCELLED = "cancelled"

    scenario = models.CharField(max_length=40)
    hours = models.FloatField(help_text="game hours of each run")
    seeds = models.JSONField(help_text="one run of each arm for each of them")
    arms = models.JSONField(help_text="name and parameters of each")
    share = models.FloatField(default=1.0, help_text="part of the request budget")
    purpose = models.CharField(max_length=80, blank=True, help_text="who needs it: a table")
    status = models.CharField(max_length=10, choices=Status, default=Status.RUNNING)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        names = " against ".join(arm["name"] for arm in self.arms)
        return f"{names} on {self.scenario}"


class LabRun(Row):
    """One run of the lab: an arm of a comparison on one seed, from its order to its figures.

    A worker of any node takes a waiting run; `beat_at` is its sign of life, and a run whose
    worker fell silent is taken anew. Same order, same figures, so that nothing is lost by it.
    """

    class Status(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    comparison = models.ForeignKey(Comparison, on_delete=models.CASCADE, related_name="runs")
    arm = models.CharField(max_length=60)
    seed = models.PositiveBigIntegerField()
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    worker = models.CharField(max_length=120, blank=True)
    played = models.FloatField(default=0, help_text="game hours so far")
    beat_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    figures = models.JSONField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["comparison", "arm", "seed"], name="spacefleet_one_run_an_arm_and_seed"
            ),
            models.CheckConstraint(
                name="spacefleet_done_run_has_figures",
                condition=~Q(status="done") | Q(figures__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["status", "beat_at"],
                name="spacefleet_runs_to_take",
                condition=Q(status__in=["waiting", "running"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.arm}, seed {self.seed}"
