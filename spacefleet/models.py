"""What belongs to no single domain: alerts, the audit trail of people, and request counts."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class AlertQuerySet(models.QuerySet["Alert"]):
    def open(self) -> "AlertQuerySet":
        """Alerts nobody has cleared, the newest first."""
        return self.filter(cleared_at__isnull=True).order_by("-last_at")


class Alert(models.Model):
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


class AuditEntry(models.Model):
    """One change made by a person: who, when, what, before and after."""

    at = models.DateTimeField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=120)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)

    class Meta:
        ordering = ["-at"]
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"


class RequestCount(models.Model):
    """How often one purpose asked one endpoint in one minute, and how it was answered.

    The denominator of credits per request: failed requests count like all others.
    `status` 0 means that no answer came.
    """

    minute = models.DateTimeField()
    agent = models.CharField(max_length=20, blank=True)
    ship = models.CharField(max_length=40, blank=True)
    purpose = models.CharField(max_length=40)
    endpoint = models.CharField(max_length=80)
    status = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField(default=0)
    productive = models.PositiveIntegerField(default=0)
    waited_ms = models.PositiveBigIntegerField(default=0)
    took_ms = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["minute", "agent", "ship", "purpose", "endpoint", "status"],
                name="spacefleet_one_count_a_minute",
            ),
            models.CheckConstraint(
                name="spacefleet_productive_is_counted",
                condition=Q(productive__lte=models.F("count")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minute:%H:%M} {self.purpose} {self.endpoint} {self.status}: {self.count}"


class Node(models.Model):
    """One `runworkers` process, by its name; a heartbeat that went stale means drain."""

    name = models.CharField(max_length=80, unique=True)
    lane = models.CharField(max_length=40)
    agents = models.JSONField(default=list, blank=True)
    process = models.CharField(max_length=120, blank=True)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()
    drain = models.BooleanField(default=False)
    stopped_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Canary(models.Model):
    """A small task sent through each queue of a node; when it stays away the queue is dead."""

    queue = models.CharField(max_length=120, unique=True)
    sent_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "canaries"

    def __str__(self) -> str:
        return self.queue
