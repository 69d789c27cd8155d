"""The game between two resets, the lanes into it, and the agents we play."""

from django.db import models
from django.db.models import Q

from spacefleet.crypto import EncryptedField
from spacefleet.fields import Sentence
from spacefleet.rows import Row, Rows


class Era(Row):
    """One life of a game server, from reset to reset. Rows of two eras never mix."""

    server = models.CharField(max_length=200)
    reset_date = models.CharField(max_length=20)
    version = models.CharField(max_length=20, blank=True)
    description = models.TextField(blank=True)
    time_factor = models.FloatField(default=1.0, help_text="game seconds per wall second")
    started_at = models.DateTimeField()
    next_reset_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    looked_at = models.DateTimeField(
        null=True, blank=True, help_text="when the server was last asked for its reset date"
    )
    renewing_at = models.DateTimeField(
        null=True, blank=True, help_text="when somebody last began to register its agents anew"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["server", "reset_date"], name="fleet_one_era_a_reset"
            ),
            models.CheckConstraint(
                name="fleet_time_runs_forward", condition=Q(time_factor__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.server} since {self.reset_date}"


class Lane(Row):
    """One way out to the game (an IP address) with its agents and its one request budget.

    The row is the dispatcher's lease: whoever wrote `owner` last with a conditional UPDATE
    drives the lane's ships until `expires_at`, and `generation` counts the owners.
    """

    name = models.CharField(max_length=40, unique=True)
    proxy = models.CharField(max_length=200, blank=True)
    owner = models.CharField(max_length=120, blank=True)
    generation = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField(null=True, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True)
    drain = models.BooleanField(default=False)
    only_agents = models.JSONField(default=list, blank=True)
    budget = models.JSONField(default=dict, blank=True)
    usage = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return self.name


class Account(Row):
    """An account of the game, kept so that its agents are registered again after each reset."""

    server = models.CharField(max_length=200)
    token = EncryptedField(
        editable=False, blank=True, help_text="empty where a server registers anybody"
    )
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"account {self.pk} at {self.server}"


class AgentQuerySet(Rows["Agent"]):
    def flying(self) -> "AgentQuerySet":
        """Agents whose ships we move: not excluded, in an era that still runs."""
        return self.filter(excluded=False, era__archived_at__isnull=True)


class Agent(Row):
    """One agent of the game that we play.

    `credits` is the balance of our ledger; the game's word on it is compared after each
    answer and any difference stands in `drift` until somebody explains it.
    """

    era = models.ForeignKey(Era, on_delete=models.PROTECT, related_name="agents")
    lane = models.ForeignKey(Lane, on_delete=models.PROTECT, related_name="agents")
    symbol = models.CharField(max_length=20)
    faction = models.CharField(max_length=30, blank=True)
    headquarters = models.CharField(max_length=40)
    token = EncryptedField(editable=False)
    credits = models.BigIntegerField()
    drift = models.BigIntegerField(default=0, help_text="what the game says less our ledger")
    compared_at = models.DateTimeField(null=True, blank=True)
    excluded = models.BooleanField(default=False, help_text="leave all its ships alone")
    halted = Sentence(max_length=200, blank=True, help_text="why it cannot be played")
    account = models.ForeignKey(
        Account,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="agents",
        help_text="registers it again after each reset; without one its owner is asked",
    )
    joined_at = models.DateTimeField()

    objects = AgentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["era", "symbol"], name="fleet_one_agent_an_era")
        ]

    def __str__(self) -> str:
        return self.symbol

    @property
    def home(self) -> str:
        """The symbol of the system it started in."""
        return self.headquarters.rsplit("-", 1)[0]
