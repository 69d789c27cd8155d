"""What a person fills in to start a comparison, checked with the words of the lab."""

from typing import Any

from django import forms

from spacefleet.lab.arms import MOST_SEEDS, PRESETS, read_arms, seeds_from
from spacefleet.lab.orders import LARGEST_SEED, LONGEST, BadOrder, Order
from spacefleet.universe.scenarios import SCENARIOS

LONGEST_OF_ALL = 24 * 200.0  # game hours of all runs of one comparison together
EXAMPLE = "base\nfull-hand-over"


class StartForm(forms.Form):
    """A comparison: after `is_valid`, `order`, `arms` and `seeds` are what to start it with."""

    scenario = forms.ChoiceField(
        choices=[(name, name) for name in sorted(SCENARIOS)], initial="first_day"
    )
    hours = forms.FloatField(
        label="game hours", min_value=0.05, max_value=LONGEST, initial=6, localize=False
    )
    seeds = forms.IntegerField(label="seeds", min_value=1, max_value=MOST_SEEDS, initial=5)
    first_seed = forms.IntegerField(
        label="first seed", min_value=0, max_value=LARGEST_SEED, initial=101
    )
    arms = forms.CharField(
        label="arms, one a line",
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        initial=EXAMPLE,
        help_text=(
            "NAME: BEHAVIOUR.PARAMETER=VALUE …, or a preset: " + ", ".join(PRESETS) + ". "
            "The first is what the others are held against."
        ),
    )

    def clean_arms(self) -> list[Any]:
        try:
            return list(read_arms(self.cleaned_data["arms"].splitlines()))
        except BadOrder as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if self.errors:
            return found
        hours = found["hours"] * found["seeds"] * len(found["arms"])
        if hours > LONGEST_OF_ALL:
            raise forms.ValidationError(
                f"That is {hours:,.0f} game hours in all; at most {LONGEST_OF_ALL:,.0f} are played "
                "for one comparison. Take fewer seeds, arms or hours."
            )
        try:
            found["order"] = Order(
                scenario=found["scenario"], seed=found["first_seed"], hours=found["hours"]
            ).check()
            found["seed_list"] = seeds_from(found["first_seed"], found["seeds"])
        except BadOrder as error:
            raise forms.ValidationError(str(error)) from error
        return found
