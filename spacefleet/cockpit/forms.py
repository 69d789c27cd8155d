"""Forms of the pages: an order with its reason and end, a behaviour's parameters field by field."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from fleet.forms import allowed, plain, widget
from fleet.models import Waypoint
from fleet.services import parameters
from spacefleet.parameters import Described, parse

from .subjects import Subject
from .verbs import Verb

INHERITED = "inherited"


class OrderForm(forms.Form):
    """Why and for how long; where to, for a recall."""

    why = forms.CharField(
        label="Reason",
        max_length=200,
        required=False,
        help_text="Stands on every ship it concerns, so that the next one to look knows.",
    )
    hours = forms.FloatField(
        label="For how many hours of game time",
        min_value=0.01,
        max_value=24 * 14,
        required=False,
        help_text="Empty: until somebody takes it back.",
    )
    place = forms.CharField(
        label="Where to",
        required=False,
        help_text="A waypoint; empty: the agent's headquarters.",
    )

    def __init__(self, verb: Verb, subject: Subject, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subject = subject
        if not verb.lasting:
            del self.fields["why"], self.fields["hours"]
        if verb.name != "recall" or subject.ship is None:
            del self.fields["place"]

    def clean_place(self) -> str:
        """A waypoint of the ship's own system: no ship of ours flies further."""
        place, ship = str(self.cleaned_data["place"]).strip().upper(), self.subject.ship
        assert ship is not None
        there = Waypoint.objects.filter(era=ship.agent.era_id, system=ship.system, symbol=place)
        if place and not there.exists():
            raise ValidationError(f"There is no waypoint {place} in {ship.system}.")
        return place


class ParameterField(forms.CharField):
    """One parameter: its own rules decide, an empty field means that it is not chosen here."""

    def __init__(self, spec: Described, *, inherited: str) -> None:
        super().__init__(
            label=spec.name,
            required=False,
            help_text=f"{allowed(spec)}",
            widget=widget(spec, inherited),
        )
        self.spec = spec
        self.inherited = inherited

    def clean(self, value: Any) -> str | None:
        text = str(super().clean(value) or "").strip()
        if not text:
            return None
        try:
            parse(self.spec.behaviour, self.spec.name, text)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return text


class ParametersForm(forms.Form):
    """All parameters of a behaviour for one scope."""

    def __init__(self, behaviour: str, subject: Subject, *args: Any, **kwargs: Any) -> None:
        own: dict[str, str] = {}
        fields: dict[str, ParameterField] = {}
        for row in parameters.explain(behaviour, agent=subject.agent, ship=subject.ship):
            name = row.spec.name
            value = parameters.chosen(behaviour, name, agent=subject.agent, ship=subject.ship)
            if value is not None:
                own[name] = plain(row.spec, value)
            shown = "as the wider scope has it" if value is not None else _said(row)
            fields[name] = ParameterField(row.spec, inherited=shown)
        super().__init__(*args, **kwargs)
        self.initial = own
        self.fields.update(fields)
        self.own = own


def _said(row: parameters.Explained) -> str:
    value = row.value
    if isinstance(value, bool):
        words = "yes" if value else "no"
    elif isinstance(value, list):
        words = ", ".join(value) or "none"
    else:
        words = str(value)
    return f"{words} ({row.source})"
