"""What steers the fleet: evaluators, vacancies, ship orders and parameters."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from spacefleet import parameters
from spacefleet.fields import Sentence
from spacefleet.rows import Row

from .era import Agent
from .ships import Ship

CHOSEN_ALREADY = "This parameter has a value of that scope already: change that row instead."


class Evaluator(Row):
    """Work that comes round: a row with an alarm, stepped by the engine like a ship.

    `trigger` says who asked for it before its time, in a few words; empty means the period.
    """

    name = models.CharField(max_length=60)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="evaluators")
    wake_at = models.DateTimeField()
    trigger = models.CharField(max_length=80, blank=True)
    why = Sentence(max_length=200, blank=True)
    stepping = models.PositiveIntegerField(null=True, blank=True)
    stepped_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "agent"], name="fleet_one_evaluator")
        ]
        indexes = [models.Index(fields=["wake_at"], name="fleet_evaluators_due")]

    def __str__(self) -> str:
        return f"{self.name} of {self.agent}"


class Vacancy(Row):
    """A domain wants ships: how many, in which role, where, worth what, and why.

    `needs` is what a ship must be able to do for it (see fleet.rules.roles), `ship_type` what
    to buy when no ship of ours can; the lower `rank`, the sooner it is manned.
    """

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="vacancies")
    role = models.CharField(max_length=40)
    place = models.CharField(max_length=40)
    needs = models.CharField(max_length=20)
    goods = models.JSONField(default=list, blank=True, help_text="what it brings or carries")
    ship_type = models.CharField(max_length=40, blank=True)
    stated_by = models.CharField(max_length=40)
    rank = models.PositiveSmallIntegerField(default=50, help_text="the lower, the sooner")
    rank_step = models.PositiveSmallIntegerField(
        default=0, help_text="more for each further ship"
    )
    wanted = models.PositiveSmallIntegerField()
    filled = models.PositiveSmallIntegerField(default=0)
    value_per_hour = models.FloatField(
        default=0, help_text="credits an hour per ship, expected"
    )
    why = Sentence(max_length=200)
    stated_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "vacancies"
        constraints = [
            models.UniqueConstraint(
                fields=["agent", "role", "place"], name="fleet_one_vacancy_a_role_and_place"
            )
        ]

    def __str__(self) -> str:
        return f"{self.wanted} {self.role} at {self.place}"


class ShipOrder(Row):
    """A ship to buy, from the wish to the hull: executed once, or refused with its reason."""

    class Status(models.TextChoices):
        OPEN = "open"
        BUYING = "buying"
        BOUGHT = "bought"
        CANCELLED = "cancelled"

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="ship_orders")
    ship_type = models.CharField(max_length=40)
    role = models.CharField(max_length=40)
    place = models.CharField(max_length=40, blank=True)
    why = Sentence(max_length=200)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    verdict = Sentence(max_length=200, blank=True, help_text="why not yet, or why now")
    refusals = models.PositiveIntegerField(default=0)
    waypoint = models.CharField(max_length=40, blank=True)
    price = models.PositiveBigIntegerField(null=True, blank=True)
    ship = models.OneToOneField(Ship, null=True, blank=True, on_delete=models.PROTECT)
    ordered_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="fleet_bought_names_ship_and_price",
                condition=~Q(status="bought") | Q(ship__isnull=False, price__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.ship_type} for {self.agent}: {self.status}"


class Parameter(Row):
    """An owner's choice for one parameter of a behaviour: for all, for an agent, for a ship.

    The narrower scope wins; without a row the default holds. `value` is checked against the
    parameter's type and limits before it is stored.
    """

    behaviour = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    value = models.CharField(max_length=200)
    agent = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.CASCADE)
    ship = models.ForeignKey(Ship, null=True, blank=True, on_delete=models.CASCADE)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="fleet_parameter_has_one_scope",
                condition=Q(agent__isnull=True) | Q(ship__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["behaviour", "name"],
                condition=Q(agent__isnull=True, ship__isnull=True),
                name="fleet_one_parameter_for_all",
                violation_error_message=CHOSEN_ALREADY,
            ),
            models.UniqueConstraint(
                fields=["behaviour", "name", "agent"],
                condition=Q(agent__isnull=False),
                name="fleet_one_parameter_an_agent",
                violation_error_message=CHOSEN_ALREADY,
            ),
            models.UniqueConstraint(
                fields=["behaviour", "name", "ship"],
                condition=Q(ship__isnull=False),
                name="fleet_one_parameter_a_ship",
                violation_error_message=CHOSEN_ALREADY,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.behaviour}.{self.name} = {self.value}"

    def clean(self) -> None:
        try:
            parameters.parse(self.behaviour, self.name, self.value)
        except ValueError as error:
            raise ValidationError(str(error)) from error
