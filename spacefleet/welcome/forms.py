"""Forms of the first contact: the first person, and an agent to register or to adopt."""

from typing import Any

from django import forms
from django.contrib.auth.forms import UserCreationForm
from django.core.validators import RegexValidator

from spacefleet.universe.catalog.factions import FACTIONS

from .agents import Server, Wanted

REGISTER, ADOPT = "register", "adopt"
ONLY_FOR = {
    "symbol": REGISTER,
    "faction": REGISTER,
    "account_token": REGISTER,
    "keep": REGISTER,
    "token": ADOPT,
}
"""Fields that one of the two ways asks for; the page shows those of the way chosen."""


class FirstUserForm(UserCreationForm):
    """A name and a password that Django's validators let pass; `renders` no password again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].help_text = "Letters, digits and @ . + - _, such as ada."
        self.fields["password2"].label = "The same password again"
        self.fields["password2"].help_text = "Against slips: it is not shown while you type."


def _secret(**more: Any) -> forms.CharField:
    """A token: never sent back to the page, not even by a form that was wrong."""
    widget = forms.PasswordInput(attrs={"autocomplete": "off"}, render_value=False)
    return forms.CharField(required=False, max_length=4000, widget=widget, **more)


class AgentForm(forms.Form):
    """A new agent by its name, or one that exists by its token."""

    how = forms.ChoiceField(
        label="Which agent",
        initial=REGISTER,
        widget=forms.RadioSelect,
        choices=[(REGISTER, "a new one: register it"), (ADOPT, "one that exists: adopt it")],
    )
    symbol = forms.CharField(
        label="Callsign of a new agent",
        required=False,
        max_length=14,
        validators=[
            RegexValidator(
                r"^[A-Za-z0-9_-]{3,14}\Z", "A callsign has 3 to 14 letters, digits, - or _."
            )
        ],
        help_text="3 to 14 letters, digits, - or _. Its ships are called after it.",
    )
    faction = forms.ChoiceField(
        label="Faction of a new agent",
        required=False,
        initial="COSMIC",
        choices=[
            (one.symbol, f"{one.symbol}: {one.name}")
            for one in FACTIONS.values()
            if one.recruiting
        ],
        help_text="It decides where the agent is at home.",
    )
    account_token = _secret(label="Account token, to register")
    keep = forms.BooleanField(
        label="Register it again after each weekly reset",
        required=False,
        help_text="Keeps the account token, encrypted.",
    )
    token = _secret(
        label="Agent token, to adopt",
        help_text="Copied from the game's website or from where the agent was registered, without "
        "quotes. It is stored encrypted and never shown again.",
    )
    watch = forms.BooleanField(
        label="Only watch at first",
        required=False,
        help_text="The game is read and everything is decided, but no ship moves and no credit is "
        "spent until you say Resume on the page of control.",
    )

    def __init__(self, server: Server, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.server = server
        for name, way in ONLY_FOR.items():
            self.fields[name].only_for = way  # type: ignore[attr-defined]
        self.fields["account_token"].help_text = (
            "From your account at the game's website. It is stored only if you tick the box below."
            if server.real
            else "A universe of our own takes new agents without one: leave it empty."
        )

    def clean_symbol(self) -> str:
        return str(self.cleaned_data["symbol"]).strip().upper()

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        for name, way in ONLY_FOR.items():
            if way != told.get("how"):  # nobody asked for it, nobody sees what is wrong with it
                self.errors.pop(name, None)
        register = told.get("how") == REGISTER
        if register and not told.get("symbol") and "symbol" not in self.errors:
            self.add_error("symbol", "A new agent needs a callsign.")
        if register and self.server.real and not told.get("account_token"):
            self.add_error(
                "account_token", "The real game registers agents with an account's token only."
            )
        if register and told.get("keep") and not told.get("account_token"):
            self.add_error("keep", "This needs the account token to keep.")
        if told.get("how") == ADOPT and not told.get("token"):
            self.add_error("token", "Paste the token of the agent.")
        return told

    def wanted(self) -> Wanted:
        told = self.cleaned_data
        return Wanted(
            register=told["how"] == REGISTER,
            symbol=told.get("symbol", ""),
            faction=told.get("faction") or "COSMIC",
            account_token=told["account_token"].strip(),
            keep=told["keep"],
            token=told["token"].strip(),
            watch=told["watch"],
        )
