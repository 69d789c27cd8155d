"""Admin for looking: every row can be read, little can be changed, each change leaves a trace.

Also what the admins of all apps share: `ReadMostly`, and `audit`, which writes down who did what.
"""

from collections.abc import Callable, Iterable
from functools import cache, wraps
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import JSONField, Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from spacefleet import alerts, clock, roles
from spacefleet import messages as mail
from spacefleet.models import (
    Alert,
    AlertSwitch,
    AuditEntry,
    Canary,
    Comparison,
    Delivery,
    LabRun,
    Node,
    RequestCount,
    TourEnd,
    Viewer,
    WorkerLine,
)

admin.site.site_title = "spacefleet"
admin.site.site_header = "spacefleet: every row"
admin.site.index_title = "Look at everything, change little"


def audit(
    request: HttpRequest,
    verb: str,
    subject: Model | str,
    *,
    before: str = "",
    after: str = "",
    undo: dict[str, Any] | None = None,
) -> AuditEntry:
    """Write down a change made by the person behind `request`; `undo` is as
    `spacefleet.cockpit.undo` wrote it."""
    named = subject
    if isinstance(subject, Model):
        named = f"{subject._meta.verbose_name} {subject}"
    return AuditEntry.objects.create(
        at=clock.now(),
        user_id=request.user.pk,
        verb=verb,
        subject=str(named)[:120],
        before=before,
        after=after,
        undo=undo or {},
    )


class Audited(BaseModelAdmin):
    """Writes an audit entry for each save and deletion, and saves only what was changed.

    Workers write the same rows at the same time: a whole row would undo what they just wrote.
    """

    always_saved: tuple[str, ...] = ()  # such as auto_now columns

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.save()
            audit(request, "added", obj, after=_in_words(form, form.fields, obj))
            return
        changed = list(form.changed_data)
        if not changed:
            return
        before = "\n".join(f"{name}: {_word(form.initial.get(name))}" for name in changed)
        obj.save(update_fields=[*changed, *self.always_saved])
        audit(request, "changed", obj, before=before, after=_in_words(form, changed, obj))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        audit(request, "deleted", obj, before=str(obj))
        obj.delete()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for obj in queryset:
            self.delete_model(request, obj)


def _in_words(form: forms.ModelForm, names: Iterable[str], obj: Model) -> str:
    shown = [name for name in names if name in form.cleaned_data]
    return "\n".join(f"{name}: {_word(getattr(obj, name))}" for name in shown)


def _word(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "none" if value is None else str(value)


def in_words(value: Any) -> str:
    """A stored structure for people: lines for what has names, a list for what has none."""
    if value in (None, "", [], {}):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        lines = ((str(name).replace("_", " "), in_words(each)) for name, each in value.items())
        return format_html(
            "<table>{}</table>", format_html_join("", "<tr><th>{}</th><td>{}</td></tr>", lines)
        )
    if isinstance(value, list):
        if not any(isinstance(each, dict | list) for each in value):
            return ", ".join(map(str, value))
        return format_html(
            "<ol>{}</ol>", format_html_join("", "<li>{}</li>", ((in_words(e),) for e in value))
        )
    return f"{value:,}" if isinstance(value, int) else str(value)


@cache
def worded(name: str) -> Callable[[Any], str]:
    """A column that holds a structure, to be shown in words; one and the same for each name."""

    @admin.display(description=name.replace("_", " "))
    def told(row: Any) -> str:
        return in_words(getattr(row, name))

    told.__name__ = name
    return told


Action = Callable[..., HttpResponse | None]


def asked_once_more(effect: str) -> Callable[[Action], Action]:
    """Have an action name the rows and its effect, and ask, before it does anything."""

    def made(act: Action) -> Action:
        @wraps(act)
        def action(self: Any, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
            if request.POST.get("post") == "yes":
                return act(self, request, queryset)
            rows = list(queryset[: NAMED + 1])
            context = {
                **self.admin_site.each_context(request),
                "title": str(action.short_description),  # type: ignore[attr-defined]
                "opts": self.opts,
                "effect": effect,
                "action": act.__name__,
                "rows": rows[:NAMED],
                "more": max(0, queryset.count() - NAMED),
                "keys": list(queryset.values_list("pk", flat=True)),
            }
            return TemplateResponse(request, "admin/ask_once_more.html", context)

        return action

    return made


NAMED = 20  # rows that a question names one by one


class ReadMostly(Audited, admin.ModelAdmin):
    """All columns to look at, those in `editable` to change, those in `hidden` never shown.

    Columns that hold a structure are shown in words.
    """

    editable: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    computed: tuple[str, ...] = ()
    list_per_page = 50
    show_full_result_count = False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        shown = [
            field
            for field in self.opts.fields
            if not field.primary_key and field.name not in self.hidden
        ]
        return [*map(self._shown, shown), *self.computed]

    def _shown(self, field: Any) -> Any:
        structure = isinstance(field, JSONField) and field.name not in self.editable
        return worded(field.name) if structure else field.name

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [name for name in self.get_fields(request, obj) if name not in self.editable]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Rows without the tokens of their agents: a list has no use for them."""
        paths = self.list_select_related
        agents = [path for path in paths if path.endswith("agent")] if paths else []  # type: ignore[union-attr]
        return super().get_queryset(request).defer(*(f"{path}__token" for path in agents))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(self.editable) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


VERBS = {
    "watch": "Watch only",
    "pause": "Pause new work",
    "drain": "Drain",
    "recall": "Recall",
    "stop": "Stop",
    "emergency": "Emergency stop",
    "resume": "Resume",
    "exclude": "Leave alone (exclude)",
    "include": "Fly again (include)",
}
"""The verbs of the page of control, as actions: that page asks, says what they cost and does them."""


def verb(name: str) -> Action:
    """An action that leads to the page where the verb is confirmed for the selected rows."""
    right = "exclude" if name in ("exclude", "include") else "steer"

    @admin.action(description=f"{VERBS[name]} …", permissions=[right])
    def act(
        self: "Steered", request: HttpRequest, queryset: QuerySet[Any]
    ) -> HttpResponse | None:
        symbols = sorted(self.played(queryset).values_list("symbol", flat=True))
        if not symbols:
            self.message_user(
                request,
                "None of these is played any more: nothing was asked of them.",
                "warning",
            )
            return None
        told = urlencode([(str(self.opts.model_name), symbol) for symbol in symbols])
        return HttpResponseRedirect(f"{reverse('say', args=[name])}?{told}")

    act.__name__ = name
    return act


class Steered(ReadMostly):
    """Agents and ships: the verbs of control as actions, each confirmed on its own page."""

    def played(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the rows that fly now; rows of past eras are for reading."""
        return queryset

    def has_steer_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("fleet.change_control")

    def has_exclude_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("fleet.change_ship")


@admin.register(Alert)
class AlertAdmin(ReadMostly):
    """What needed eyes, open and cleared."""

    list_display = ["last_at", "level", "kind", "subject", "message", "times", "state"]
    list_filter = ["level", "kind", ("cleared_at", admin.EmptyFieldListFilter)]
    search_fields = ["subject", "message"]
    date_hierarchy = "last_at"
    actions = ["clear"]

    @admin.display(description="state")
    def state(self, obj: Alert) -> str:
        return "cleared" if obj.cleared_at else "open"

    @admin.action(description="Clear the selected alerts", permissions=["clear"])
    def clear(self, request: HttpRequest, queryset: QuerySet[Alert]) -> None:
        for alert in queryset.filter(cleared_at__isnull=True):
            alerts.close(Alert.objects.open().filter(pk=alert.pk))
            audit(request, "cleared", alert)
        self.message_user(request, "Cleared. What still holds opens its alert again.")

    def has_clear_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("spacefleet.change_alert")


@admin.register(AlertSwitch)
class AlertSwitchAdmin(ReadMostly):
    """Which kinds of alerts are shown and sent."""

    list_display = ["kind", "mode", "tells"]
    list_filter = ["mode"]
    search_fields = ["kind"]
    editable = ("mode",)
    computed = ("tells",)

    @admin.display(description="tells")
    def tells(self, obj: AlertSwitch) -> str:
        known = alerts.KINDS.get(obj.kind)
        return known.meaning if known else "of an older version"

    def save_model(
        self, request: HttpRequest, obj: AlertSwitch, form: Any, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        alerts.switch(obj, obj.mode)


@admin.register(Delivery)
class DeliveryAdmin(ReadMostly):
    """Messages about alerts, sent and to be sent."""

    actions = ["try_again"]

    @admin.action(description="Try again now to send", permissions=["send"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        rows = list(queryset.filter(sent_at__isnull=True))
        mail.again(rows)
        for row in rows:
            audit(request, "sent again", row)
        self.message_user(request, f"{len(rows)} to be sent within a minute.")

    def has_send_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("spacefleet.change_alertswitch")

    list_display = ["alert", "about", "channel", "tries", "due_at", "sent_at", "error"]
    list_filter = ["channel", "about", ("sent_at", admin.EmptyFieldListFilter)]
    list_select_related = ["alert"]
    search_fields = ["alert__subject", "alert__kind"]


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadMostly):
    """Changes made by people."""

    list_display = ["at", "user", "verb", "subject", "before", "after"]
    list_filter = ["verb", "user"]
    list_select_related = ["user"]
    search_fields = ["subject", "before", "after"]
    date_hierarchy = "at"


@admin.register(TourEnd)
class TourEndAdmin(ReadMostly):
    """Who took the tour of the pages, or waved it away."""

    list_display = ["user", "ended_at"]
    list_select_related = ["user"]
    search_fields = ["user__username"]
    date_hierarchy = "ended_at"


@admin.register(RequestCount)
class RequestCountAdmin(ReadMostly):
    """Requests by the minute."""

    list_display = [
        "minute", "era", "agent", "ship", "purpose", "method", "endpoint", "answer", "code", "count",
        "productive", "waited", "took",
    ]  # fmt: skip
    list_filter = ["status", "code", "method", "purpose", "agent"]
    search_fields = ["ship", "endpoint", "purpose"]
    date_hierarchy = "minute"
    ordering = ["-minute"]

    @admin.display(description="answer", ordering="status")
    def answer(self, obj: RequestCount) -> str:
        return str(obj.status) if obj.status else "none came"

    @admin.display(description="waited for the budget", ordering="waited_ms")
    def waited(self, obj: RequestCount) -> str:
        return f"{obj.waited_ms / max(obj.count, 1):.0f} ms each"

    @admin.display(description="answered after", ordering="took_ms")
    def took(self, obj: RequestCount) -> str:
        return f"{obj.took_ms / max(obj.count, 1):.0f} ms each"


@admin.register(Node)
class NodeAdmin(ReadMostly):
    """Worker processes; draining one lets its steps end and stops it."""

    list_display = ["name", "lane", "process", "started_at", "beat_at", "drain", "stopped_at"]
    list_filter = ["lane", "drain"]
    search_fields = ["name", "process"]
    editable = ("drain",)
    actions = ["restart", "drain_it", "let_fly"]

    @admin.action(description="Restart its workers …", permissions=["change"])
    def restart(self, request: HttpRequest, queryset: QuerySet[Node]) -> HttpResponse | None:
        return self._ask(request, queryset, "restart")

    @admin.action(description="Drain …", permissions=["change"])
    def drain_it(self, request: HttpRequest, queryset: QuerySet[Node]) -> HttpResponse | None:
        return self._ask(request, queryset, "drain")

    @admin.action(description="Let it fly again …", permissions=["change"])
    def let_fly(self, request: HttpRequest, queryset: QuerySet[Node]) -> HttpResponse | None:
        return self._ask(request, queryset, "fly")

    def _ask(
        self, request: HttpRequest, queryset: QuerySet[Node], do: str
    ) -> HttpResponse | None:
        """The page of the node says what it means and does it; for one at a time."""
        names = list(queryset.values_list("name", flat=True)[:2])
        if len(names) != 1:
            self.message_user(
                request, "Choose one node: each takes its ships along.", "warning"
            )
            return None
        address = reverse("node", args=names)
        return HttpResponseRedirect(f"{address}?{urlencode({'do': do})}")


@admin.register(Canary)
class CanaryAdmin(ReadMostly):
    """Small tasks that prove a queue alive."""

    list_display = ["queue", "sent_at", "seen_at", "delay"]
    search_fields = ["queue"]

    @admin.display(description="delay")
    def delay(self, obj: Canary) -> str:
        seconds = (obj.seen_at - obj.sent_at).total_seconds()
        return f"{seconds:.1f} s" if seconds >= 0 else "not back yet"


@admin.register(Comparison)
class ComparisonAdmin(ReadMostly):
    """What was compared in the lab; the page of the lab shows what came out."""

    list_display = ["created_at", "__str__", "hours", "purpose", "status", "started_by"]
    list_filter = ["status", "scenario", "purpose"]
    list_select_related = ["started_by"]
    search_fields = ["scenario", "purpose", "started_by__username"]
    date_hierarchy = "created_at"


@admin.register(LabRun)
class LabRunAdmin(ReadMostly):
    """Single runs of comparisons."""

    list_display = ["comparison", "arm", "seed", "status", "played", "worker", "ended_at"]
    list_filter = ["status"]
    list_select_related = ["comparison"]
    search_fields = ["arm", "worker", "error"]
    hidden = ("figures",)


@admin.register(WorkerLine)
class WorkerLineAdmin(ReadMostly):
    """What workers warned of."""

    list_display = ["at", "node", "process", "level", "logger", "short"]
    list_filter = ["level", "node", "logger"]
    search_fields = ["text", "node", "logger"]
    date_hierarchy = "at"


@admin.register(Viewer)
class ViewerAdmin(ReadMostly):
    """The zones in which people read times; each chooses their own on the page of settings."""

    list_display = ["user", "zone"]
    list_select_related = ["user"]
    search_fields = ["user__username", "zone"]


def explained(request: HttpRequest, sentence: str) -> None:
    """Tell the person what a change of theirs brings with it."""
    messages.info(request, sentence)


class Logged:
    """Mixed into the admins of others (users, tasks, logins): each change leaves an entry too.

    Only what Django says of a change is written down: values could be secret.
    """

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        audit(request, "added", obj)
        return super().log_addition(request, obj, message)  # type: ignore[misc]

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        audit(request, "changed", obj, after=_fields_of(message))
        return super().log_change(request, obj, message)  # type: ignore[misc]

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for obj in queryset:
            audit(request, "deleted", obj)
        return super().log_deletions(request, queryset)  # type: ignore[misc]

    def response_action(self, request: HttpRequest, queryset: Any) -> Any:
        action = request.POST.get("action", "")
        if (
            action and action != "delete_selected"
        ):  # whose deletions are written down one by one
            named = request.POST.getlist("_selected_action")
            what = self.opts.verbose_name_plural  # type: ignore[attr-defined]
            audit(request, action[:40], f"{what}: {', '.join(named)}")
        return super().response_action(request, queryset)  # type: ignore[misc]


def _fields_of(message: Any) -> str:
    """What Django's own log says was changed: names of fields, no values."""
    if isinstance(message, str):
        return message
    parts = [each.get("changed", {}) for each in message if isinstance(each, dict)]
    return ", ".join(str(name) for part in parts for name in part.get("fields", []))


class PeopleAdmin(Logged, UserAdmin):  # type: ignore[misc]
    """People and their roles. Only a superuser makes, changes or deletes a superuser."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fixed = tuple(super().get_readonly_fields(request, obj))
        if request.user.is_superuser:
            return fixed
        return (*fixed, "is_superuser", "user_permissions")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_touch(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_touch(request, obj) and super().has_delete_permission(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        found, counts, needed, protected = super().get_deleted_objects(objs, request)
        if not all(self._may_touch(request, obj) for obj in objs):
            needed.add("superuser")
        return found, counts, needed, protected

    def _may_touch(self, request: HttpRequest, obj: Any) -> bool:
        return obj is None or not obj.is_superuser or bool(request.user.is_superuser)


def log_the_others() -> None:
    """Have the admins of other people's models leave audit entries like ours."""
    for model, made in list(admin.site._registry.items()):
        if model._meta.app_label not in roles.OURS and not isinstance(made, Logged):
            admin.site.unregister(model)
            admin.site.register(model, type(type(made).__name__, (Logged, type(made)), {}))


admin.site.unregister(User)
admin.site.register(User, PeopleAdmin)
log_the_others()
