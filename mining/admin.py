"""Admin of mining: sites, surveys, stays, loads and what was thrown away."""

from collections import Counter

from django.contrib import admin
from django.http import HttpRequest

from mining.models import Extraction, Jettison, Session, SessionQuerySet, Site, Survey
from spacefleet import clock
from spacefleet.admin import ReadMostly


@admin.register(Site)
class SiteAdmin(ReadMostly):
    """Where we mine, and why."""

    list_display = ["waypoint", "agent", "kind", "state", "value_per_hour", "why", "judged_at"]
    list_filter = ["kind", "open", "agent"]
    list_select_related = ["waypoint", "agent"]
    search_fields = ["waypoint__symbol", "why"]

    @admin.display(description="state", ordering="open")
    def state(self, obj: Site) -> str:
        if obj.closed_until and obj.closed_until > clock.now():
            return f"rests until {obj.closed_until:%H:%M} UTC"
        return "open" if obj.open else "closed"


@admin.register(Survey)
class SurveyAdmin(ReadMostly):
    """Surveys, usable and used up."""

    list_display = [
        "signature", "waypoint", "found", "size", "uses", "made_by", "expires_at", "state", "why",
    ]  # fmt: skip
    list_filter = ["size", ("exhausted_at", admin.EmptyFieldListFilter), "era"]
    list_select_related = ["made_by"]
    search_fields = ["signature", "waypoint"]
    date_hierarchy = "made_at"

    @admin.display(description="deposits")
    def found(self, obj: Survey) -> str:
        return ", ".join(f"{n} × {good}" for good, n in Counter(obj.deposits).most_common())

    @admin.display(description="state")
    def state(self, obj: Survey) -> str:
        if obj.exhausted_at:
            return "exhausted"
        return "usable" if obj.expires_at > clock.now() else "expired"


@admin.register(Session)
class SessionAdmin(ReadMostly):
    """Stays of ships at sites."""

    list_display = ["ship", "site", "started_at", "ended_at", "outcome", "loads", "units"]
    list_filter = ["outcome", ("ended_at", admin.EmptyFieldListFilter)]
    list_select_related = ["ship", "site__waypoint"]
    search_fields = ["ship__symbol", "site__waypoint__symbol"]
    date_hierarchy = "started_at"

    def get_queryset(self, request: HttpRequest) -> SessionQuerySet:
        return Session.objects.counted()

    @admin.display(description="extractions")
    def loads(self, obj: Session) -> int:
        return int(obj.extractions)  # type: ignore[attr-defined]

    @admin.display(description="units")
    def units(self, obj: Session) -> int:
        return int(obj.units)  # type: ignore[attr-defined]


@admin.register(Extraction)
class ExtractionAdmin(ReadMostly):
    """Loads that came out of rocks and gas giants."""

    list_display = ["at", "ship", "waypoint", "kind", "good", "units", "price", "survey", "why"]
    list_filter = ["kind", "good"]
    list_select_related = ["ship", "survey"]
    search_fields = ["ship__symbol", "waypoint", "good"]
    date_hierarchy = "at"
    ordering = ["-at"]


@admin.register(Jettison)
class JettisonAdmin(ReadMostly):
    """Cargo thrown away, with what it would have brought."""

    list_display = ["at", "ship", "good", "units", "price", "lost", "why"]
    list_filter = ["good"]
    list_select_related = ["ship"]
    search_fields = ["ship__symbol", "good", "why"]
    date_hierarchy = "at"
    ordering = ["-at"]

    @admin.display(description="value lost")
    def lost(self, obj: Jettison) -> str:
        return f"{obj.value_lost:,} credits"
