"""Forms of the admin: the roles of a ship in their order, and parameters with their limits."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from fleet.models import Agent, Parameter, Ship
from spacefleet import jobs, parameters
from spacefleet.parameters import Described


class RolesWidget(forms.MultiWidget):
    """One choice after the other, the most important duty first."""

    def decompress(self, value: Any) -> list[str]:
        return list(value or [])


class RolesField(forms.MultiValueField):
    """The duties of a ship, each named once, in the order in which they are asked."""

    def __init__(self, *, unknown: list[str]) -> None:
        names = [*jobs.ROLES, *unknown]
        choices = [("", "–")] + [(name, _role(name)) for name in names]
        places = [forms.ChoiceField(choices=choices, required=False) for _ in names]
        super().__init__(
            fields=places,
            widget=RolesWidget([forms.Select(choices=choices) for _ in names]),
            require_all_fields=False,
            required=False,
            help_text="The most important duty first. The next one is asked when there is "
            "nothing to do in the one before. Changed roles hold from the ship's next step.",
        )

    def compress(self, data_list: list[str]) -> list[str]:
        return [role for role in data_list or [] if role]

    def clean(self, value: Any) -> list[str]:
        roles: list[str] = super().clean(value) or []
        twice = sorted({role for role in roles if roles.count(role) > 1})
        if twice:
            raise ValidationError(
                f"{', '.join(twice)} is named twice. Name each role once, the most important "
                "first."
            )
        strange = [role for role in roles if role not in jobs.ROLES]
        if strange:
            raise ValidationError(
                f"{', '.join(strange)} is not a role. Choose from: {', '.join(jobs.ROLES)}."
            )
        return roles

    def has_changed(self, initial: Any, data: Any) -> bool:
        return list(initial or []) != self.compress(list(data or []))


def _role(name: str) -> str:
    role = jobs.ROLES.get(name)
    return f"{name}: {role.meaning}" if role else f"{name} (no longer a role)"


class ShipForm(forms.ModelForm):
    class Meta:
        model = Ship
        fields = ["roles", "role_pinned", "excluded"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "roles" in self.fields:
            held = self.instance.roles or []
            unknown = [role for role in held if role not in jobs.ROLES]
            self.fields["roles"] = RolesField(unknown=unknown)


def declared() -> list[Described]:
    """Every parameter there is, by behaviour."""
    return parameters.everything()


def allowed(spec: Described) -> str:
    """What a value of the parameter may be, in words."""
    words = [f"default {_default(spec)} {spec.unit}".strip()]
    if spec.low is not None:
        words.append(f"at least {spec.low:,}")
    if spec.high is not None:
        words.append(f"at most {spec.high:,}")
    if spec.choices:
        words.append(f"one of {', '.join(spec.choices)}")
    if spec.kind == "bool":
        words.append("yes or no")
    if spec.kind == "list":
        words.append("words separated by commas")
    return "; ".join(words)


def _default(spec: Described) -> str:
    match spec.default:
        case bool(switch):
            return "yes" if switch else "no"
        case list(words):
            return ", ".join(words) or "none"
        case int(count):
            return f"{count:,}"
        case value:
            return str(value)


def widget(spec: Described, inherited: str) -> forms.Widget:
    """Numbers with their limits, switches and choices as lists; the inherited value is shown."""
    if spec.kind == "bool" or (spec.choices and spec.kind != "list"):
        names = ("yes", "no") if spec.kind == "bool" else spec.choices
        return forms.Select(choices=[("", inherited), *((name, name) for name in names)])
    if spec.kind in ("int", "float"):
        limits = {"min": spec.low, "max": spec.high, "step": 1 if spec.kind == "int" else "any"}
        attributes = {name: value for name, value in limits.items() if value is not None}
        return forms.NumberInput(attrs={**attributes, "placeholder": inherited})
    return forms.TextInput(attrs={"placeholder": inherited})


def plain(spec: Described, value: str) -> str:
    """A stored switch as the list of choices spells it."""
    if spec.kind != "bool":
        return value
    return "yes" if parameters.parse(spec.behaviour, spec.name, value) else "no"


class ParameterForm(forms.ModelForm):
    class Meta:
        model = Parameter
        fields = ["behaviour", "name", "value", "agent", "ship"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        specs = declared()
        if "behaviour" in self.fields:
            self.fields["behaviour"] = forms.ChoiceField(
                choices=[(name, name) for name in sorted(jobs.PARAMETERS)]
            )
        if "name" in self.fields:
            self.fields["name"] = forms.ChoiceField(choices=_names(specs))
        for scope, rows in (("agent", Agent.objects.defer("token")), ("ship", Ship.objects)):
            if scope in self.fields:
                self.fields[scope].queryset = rows.order_by("symbol")  # type: ignore[attr-defined]
                self.fields[scope].help_text = "Leave both empty for the whole installation."
        spec = self._spec(specs)
        value = self.fields["value"]
        value.help_text = "What each parameter allows stands below: choose one there."
        if spec:
            value.help_text = f"{spec.meaning}: {allowed(spec)}."
            value.widget = widget(spec, "choose")
            self.initial["value"] = self._held(spec)

    def _spec(self, specs: list[Described]) -> Described | None:
        """The parameter in question: the row's, or what was chosen so far of a new one."""
        keys = ("behaviour", "name")
        asked = tuple(
            getattr(self.instance, key) or self.data.get(key) or self.initial.get(key)
            for key in keys
        )
        return next((spec for spec in specs if (spec.behaviour, spec.name) == asked), None)

    def _held(self, spec: Described) -> str:
        try:
            return plain(spec, self.instance.value) if self.instance.value else ""
        except ValueError:  # of an older version: shown as it is, and refused when saved
            return str(self.instance.value)


def _names(specs: list[Described]) -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for spec in specs:
        groups.setdefault(spec.behaviour, []).append((spec.name, spec.name))
    return list(groups.items())
