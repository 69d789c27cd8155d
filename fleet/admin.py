"""Admin of agents, ships, places, money and steering: look at all, change roles and parameters."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from fleet import forms
from fleet.models import (
    Account,
    Agent,
    Control,
    CreditReading,
    Earmark,
    Era,
    Evaluator,
    Lane,
    LedgerEntry,
    LogLine,
    MarketGood,
    Material,
    Novelty,
    Parameter,
    Passage,
    Ship,
    ShipOrder,
    ShipPrice,
    ShipyardOffer,
    SpendingStop,
    System,
    Vacancy,
    Waypoint,
    Wish,
)
from fleet.services import alarms, parameters, protection, roster
from spacefleet import jobs
from spacefleet.admin import (
    VERBS,
    Audited,
    ReadMostly,
    Steered,
    asked_once_more,
    audit,
    explained,
    verb,
)


@admin.register(Era)
class EraAdmin(ReadMostly):
    """Lives of game servers between resets."""

    list_display = ["server", "reset_date", "version", "time_factor", "next_reset_at", "state"]
    list_filter = ["server"]
    search_fields = ["server", "reset_date"]
    date_hierarchy = "started_at"

    @admin.display(description="state")
    def state(self, obj: Era) -> str:
        return "archived" if obj.archived_at else "running"


@admin.register(Lane)
class LaneAdmin(ReadMostly):
    """Ways out to the game; draining one ends its steps and gives the lease back."""

    list_display = ["name", "owner", "generation", "beat_at", "expires_at", "drain", "way_out"]
    list_filter = ["drain"]
    search_fields = ["name", "owner"]
    editable = ("drain",)
    hidden = ("proxy",)  # its address may carry a password
    computed = ("way_out",)

    @admin.display(description="way out")
    def way_out(self, obj: Lane) -> str:
        return "through a proxy" if obj.proxy else "direct"


@admin.register(Account)
class AccountAdmin(ReadMostly):
    """Accounts that register their agents again after a reset; deleting one ends that."""

    list_display = ["__str__", "server", "added_at", "registers"]
    list_filter = ["server"]
    search_fields = ["server"]
    hidden = ("token",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Account]:
        return super().get_queryset(request).defer("token").prefetch_related("agents")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_delete_permission(self, request, obj)

    @admin.display(description="registers")
    def registers(self, obj: Account) -> str:
        names = {agent.symbol for agent in obj.agents.all()}
        return ", ".join(sorted(names)) or "nobody"


@admin.register(Agent)
class AgentAdmin(Steered):
    """The agents we play. Their tokens are nowhere to be seen."""

    list_display = ["symbol", "era", "lane", "credits", "drift", "excluded", "halted"]
    list_filter = ["excluded", "era", "lane"]
    list_select_related = ["era", "lane"]
    search_fields = ["symbol", "faction"]
    editable = ("excluded",)
    hidden = ("token",)
    actions = [verb(name) for name in VERBS]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Agent]:
        return super().get_queryset(request).defer("token")

    def played(self, queryset: QuerySet[Agent]) -> QuerySet[Agent]:
        return queryset.filter(era__archived_at__isnull=True)


@admin.register(Ship)
class ShipAdmin(Steered):
    """Our ships: choose roles, or leave one alone."""

    form = forms.ShipForm
    list_display = [
        "symbol", "agent", "role", "where", "cargo_fill", "fuel_fill", "why", "wake_at", "failures",
        "excluded",
    ]  # fmt: skip
    list_filter = ["excluded", "role_pinned", "nav_status", "type", "agent"]
    list_select_related = ["agent"]
    search_fields = ["symbol", "type", "waypoint", "why"]
    editable = ("roles", "role_pinned", "excluded")
    computed = ("behaviour",)
    actions = ["try_again", *(verb(name) for name in VERBS if name != "emergency")]

    def played(self, queryset: QuerySet[Ship]) -> QuerySet[Ship]:
        return queryset.filter(agent__era__archived_at__isnull=True, lost_at__isnull=True)

    @admin.action(description="Try again now: the next step at once", permissions=["steer"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Ship]) -> None:
        ships = self.played(queryset)
        alarms.nudge_fleet(ships)
        for ship in ships:
            audit(request, "rang", ship)
        self.message_user(request, f"{ships.count()} take their next step now.")

    @admin.display(description="behaviour")
    def behaviour(self, obj: Ship) -> str:
        """Where the numbers of its roles are chosen, field by field."""
        tuned = [role for role in obj.roles if role in jobs.PARAMETERS] + ["navigation"]
        asked = urlencode({"ship": obj.symbol})
        links = ((reverse("tune", args=[name]), asked, name) for name in tuned)
        return format_html_join(", ", '<a href="{}?{}">{}</a>', links)

    @admin.display(description="where", ordering="waypoint")
    def where(self, obj: Ship) -> str:
        if obj.nav_status == "IN_TRANSIT":
            return f"on its way to {obj.waypoint}"
        return f"{obj.waypoint}, {obj.get_nav_status_display().lower()}"

    @admin.display(description="cargo", ordering="cargo_units")
    def cargo_fill(self, obj: Ship) -> str:
        return f"{obj.cargo_units} of {obj.cargo_capacity}"

    @admin.display(description="fuel", ordering="fuel")
    def fuel_fill(self, obj: Ship) -> str:
        return f"{obj.fuel} of {obj.fuel_capacity}" if obj.fuel_capacity else "needs none"

    def save_model(self, request: HttpRequest, obj: Ship, form: Any, change: bool) -> None:
        """Chosen roles are pinned, or the conductor would take them back a minute later."""
        if "roles" in form.changed_data and not obj.role_pinned:
            obj.role_pinned = True
            form.changed_data.append("role_pinned")
            explained(
                request,
                "The roles are pinned: the conductor leaves them alone until you clear that.",
            )
        super().save_model(request, obj, form, change)
        if form.changed_data:
            alarms.nudge_ship(obj.pk)


@admin.register(Waypoint)
class WaypointAdmin(ReadMostly):
    """Places as last seen."""

    list_display = [
        "symbol",
        "era",
        "type",
        "x",
        "y",
        "market",
        "shipyard",
        "charted",
        "seen_at",
    ]
    list_filter = ["type", "market", "shipyard", "charted", "era"]
    list_select_related = ["era"]
    search_fields = ["symbol", "system"]


@admin.register(MarketGood)
class MarketGoodAdmin(ReadMostly):
    """Prices as last seen."""

    list_display = [
        "good", "waypoint", "kind", "we_receive", "we_pay", "trade_volume", "supply", "activity",
        "seen_at",
    ]  # fmt: skip
    list_filter = ["kind", "supply", "good"]
    list_select_related = ["waypoint"]
    search_fields = ["good", "waypoint__symbol"]


@admin.register(LogLine)
class LogLineAdmin(ReadMostly):
    """What ships said step by step."""

    list_display = ["ship", "at", "role", "waypoint", "why"]
    list_filter = ["role"]
    list_select_related = ["ship"]
    search_fields = ["ship__symbol", "why", "waypoint"]
    date_hierarchy = "at"


@admin.register(ShipyardOffer)
class ShipyardOfferAdmin(ReadMostly):
    """What shipyards sell, as last seen."""

    list_display = ["ship_type", "waypoint", "price", "supply", "seen_at"]
    list_filter = ["ship_type"]
    list_select_related = ["waypoint"]
    search_fields = ["ship_type", "waypoint__symbol"]


@admin.register(ShipPrice)
class ShipPriceAdmin(ReadMostly):
    """What ships cost at each yard, a row for each change."""

    list_display = ["ship_type", "waypoint", "price", "supply", "at"]
    list_filter = ["ship_type"]
    list_select_related = ["waypoint"]
    search_fields = ["ship_type", "waypoint__symbol"]
    date_hierarchy = "at"


@admin.register(Novelty)
class NoveltyAdmin(ReadMostly):
    """What the game told of that its published description does not name."""

    list_display = ["symbol", "kind", "seen_on", "seen_at", "era"]
    list_filter = ["kind", "era"]
    list_select_related = ["era"]
    search_fields = ["symbol", "seen_on"]


@admin.register(System)
class SystemAdmin(ReadMostly):
    """Stars and their gates, as far as we know them."""

    list_display = ["symbol", "era", "type", "gate", "gate_open", "learned_at", "explored_at"]
    list_filter = ["gate_open", ("explored_at", admin.EmptyFieldListFilter), "era"]
    list_select_related = ["era"]
    search_fields = ["symbol", "gate"]


@admin.register(Material)
class MaterialAdmin(ReadMostly):
    """What a gate under construction needs."""

    list_display = ["waypoint", "good", "required", "fulfilled", "missing", "seen_at"]
    list_filter = ["good"]
    search_fields = ["waypoint", "good"]


@admin.register(Passage)
class PassageAdmin(ReadMostly):
    """Jumps of our ships."""

    list_display = ["asked_at", "ship", "origin", "destination", "price", "outcome", "why"]
    list_filter = ["outcome"]
    list_select_related = ["ship"]
    search_fields = ["ship__symbol", "origin", "destination"]
    date_hierarchy = "asked_at"


@admin.register(Wish)
class WishAdmin(ReadMostly):
    """Wishes for a fresh look."""

    list_display = ["wished_at", "waypoint", "what", "why", "value", "answered_at"]
    list_filter = ["what", ("answered_at", admin.EmptyFieldListFilter)]
    list_select_related = ["waypoint"]
    search_fields = ["waypoint__symbol", "why"]
    date_hierarchy = "wished_at"


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadMostly):
    """Every credit that moved."""

    list_display = [
        "at", "agent", "kind", "amount", "activity", "behaviour", "ship", "good", "units", "price",
        "waypoint",
    ]  # fmt: skip
    list_filter = ["kind", "activity", "behaviour", "agent"]
    list_select_related = ["agent", "ship"]
    search_fields = ["ship__symbol", "good", "waypoint", "note"]
    date_hierarchy = "at"
    ordering = ["-at"]


@admin.register(CreditReading)
class CreditReadingAdmin(ReadMostly):
    """The points of the credits chart."""

    list_display = [
        "at", "agent", "credits", "operating_profit", "ships_value", "goods_value", "net_worth", "requests",
    ]  # fmt: skip
    list_filter = ["agent"]
    list_select_related = ["agent"]
    search_fields = ["agent__symbol"]
    date_hierarchy = "at"
    ordering = ["-at"]


@admin.register(Evaluator)
class EvaluatorAdmin(ReadMostly):
    """Work that comes round; an action rings its alarm."""

    list_display = ["name", "agent", "wake_at", "trigger", "why", "stepped_at", "failures"]
    list_filter = ["name", "agent"]
    list_select_related = ["agent"]
    search_fields = ["name", "why", "last_error"]
    actions = ["run_now"]

    @admin.action(description="Run at the next opportunity", permissions=["run"])
    def run_now(self, request: HttpRequest, queryset: QuerySet[Evaluator]) -> None:
        for row in queryset:
            alarms.nudge(row.name, row.agent_id, trigger=f"asked by {request.user}")
            audit(request, "rang", row)
        self.message_user(request, "Their alarms ring now.")

    def has_run_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("fleet.change_evaluator")


@admin.register(Vacancy)
class VacancyAdmin(ReadMostly):
    """Posts to man."""

    list_display = [
        "agent", "rank", "role", "place", "filled", "wanted", "ship_type", "value_per_hour", "why",
        "stated_at",
    ]  # fmt: skip
    list_filter = ["role", "stated_by", "agent"]
    list_select_related = ["agent"]
    search_fields = ["role", "place", "why"]
    ordering = ["agent", "rank"]


@admin.register(ShipOrder)
class ShipOrderAdmin(ReadMostly):
    """Ships ordered, bought and refused; an open order can be cancelled."""

    list_display = [
        "ordered_at", "agent", "ship_type", "role", "place", "status", "verdict", "refusals",
        "price", "ship",
    ]  # fmt: skip
    list_filter = ["status", "ship_type", "role", "agent"]
    list_select_related = ["agent", "ship"]
    search_fields = ["ship_type", "verdict", "why"]
    date_hierarchy = "ordered_at"
    actions = ["cancel"]

    @admin.action(description="Cancel the selected open orders", permissions=["cancel"])
    @asked_once_more(
        "No ship is bought for those that are still open. The conductor may order anew with its "
        "next look, if the post stays vacant."
    )
    def cancel(self, request: HttpRequest, queryset: QuerySet[ShipOrder]) -> None:
        for row in queryset.filter(status=ShipOrder.Status.OPEN):
            roster.cancel(row, why=f"cancelled by {request.user}")
            audit(request, "cancelled", row)
        self.message_user(request, "Cancelled what was open.")

    def has_cancel_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("fleet.change_shiporder")


@admin.register(Parameter)
class ParameterAdmin(Audited, admin.ModelAdmin):
    """Numbers of taste, for all, for an agent or for a ship; the narrower scope wins."""

    form = forms.ParameterForm
    list_display = ["behaviour", "name", "value", "applies_to", "changed_at"]
    list_filter = ["behaviour", "agent"]
    list_select_related = ["agent", "ship"]
    search_fields = ["behaviour", "name", "value"]
    always_saved = ("changed_at",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        fields = ["behaviour", "name", "value", "agent", "ship"]
        return [*fields, "changed_at"] if obj else [*fields, "all_there_are"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fixed = ["behaviour", "name", "agent", "ship", "changed_at"]
        return fixed if obj else ["all_there_are"]

    @admin.display(description="applies to")
    def applies_to(self, obj: Parameter) -> str:
        if obj.ship:
            return f"ship {obj.ship}"
        return f"agent {obj.agent}" if obj.agent else "everything"

    @admin.display(description="all there are")
    def all_there_are(self, obj: Parameter) -> str:
        rows = format_html_join(
            "",
            '<tr><td>{}</td><td><a href="?{}">{}</a></td><td>{}</td><td>{}</td></tr>',
            (
                (
                    spec.behaviour,
                    urlencode({"behaviour": spec.behaviour, "name": spec.name}),
                    spec.name,
                    spec.meaning,
                    forms.allowed(spec),
                )
                for spec in forms.declared()
            ),
        )
        return format_html(
            "<table><thead><tr><th>Behaviour</th><th>Name</th><th>Meaning</th><th>Allowed</th>"
            "</tr></thead><tbody>{}</tbody></table>",
            rows,
        )

    def save_model(self, request: HttpRequest, obj: Parameter, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        parameters.forget()

    def delete_model(self, request: HttpRequest, obj: Parameter) -> None:
        super().delete_model(request, obj)
        parameters.forget()


@admin.register(Control)
class ControlAdmin(ReadMostly):
    """What holds beside the fleet's own judgement; given and taken back on the page of control."""

    list_display = ["__str__", "mode", "agent", "ship", "since", "until", "by", "why"]
    list_filter = ["mode", "agent"]
    list_select_related = ["agent", "ship"]
    search_fields = ["by", "why", "ship__symbol", "agent__symbol"]
    actions = ["take_back"]

    @admin.action(description="Resume: take the order back …", permissions=["take_back"])
    def take_back(
        self, request: HttpRequest, queryset: QuerySet[Control]
    ) -> HttpResponse | None:
        """The page of control says what it means and does it; for one at a time."""
        rows = list(queryset.select_related("agent", "ship")[:2])
        if len(rows) != 1:
            self.message_user(request, "Choose one order.", "warning")
            return None
        [row] = rows
        about = {"ship": row.ship, "agent": row.agent}
        told = {kind: one.symbol for kind, one in about.items() if one}
        return HttpResponseRedirect(f"{reverse('say', args=['resume'])}?{urlencode(told)}")

    def has_take_back_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("fleet.change_control")


@admin.register(Earmark)
class EarmarkAdmin(ReadMostly):
    """Credits that the work of a domain needs: ships are bought from the rest."""

    list_display = ["agent", "stated_by", "credits", "why", "stated_at"]
    list_filter = ["stated_by", "agent"]
    list_select_related = ["agent"]
    search_fields = ["why"]


@admin.register(SpendingStop)
class SpendingStopAdmin(ReadMostly):
    """Times in which an agent bought nothing because it lost money too fast."""

    list_display = ["at", "agent", "until", "lost", "why", "released_at", "released_by"]
    list_filter = ["agent"]
    list_select_related = ["agent"]
    search_fields = ["why", "released_by"]
    date_hierarchy = "at"
    actions = ["release"]

    @admin.action(description="Release: let the agent buy again", permissions=["release"])
    @asked_once_more(
        "It was stopped for losing money too fast. From its next step on the agent spends again, "
        "on goods and on ships."
    )
    def release(self, request: HttpRequest, queryset: QuerySet[SpendingStop]) -> None:
        for stop in queryset.select_related("agent"):
            if protection.release(stop, by=str(request.user)):
                audit(request, "released", stop, before=stop.words)
        self.message_user(request, "Released what still stood.")

    def has_release_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("fleet.change_spendingstop")
