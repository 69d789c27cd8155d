"""Admin of the inventory: depots, stock, transfers, loops, pickups and fill."""

from django.contrib import admin

from inventory.models import (
    CapacityReading,
    Depot,
    Drift,
    Expansion,
    Loop,
    Pickup,
    Round,
    Stock,
    Transfer,
)
from spacefleet.admin import ReadMostly


@admin.register(Depot)
class DepotAdmin(ReadMostly):
    """Inventory ships and why they stand where they stand."""

    list_display = ["ship", "waypoint", "fill", "why", "sited_at", "parked_at", "reconciled_at"]
    list_filter = ["ship__agent"]
    list_select_related = ["ship"]
    search_fields = ["ship__symbol", "waypoint", "why"]

    @admin.display(description="fill")
    def fill(self, obj: Depot) -> str:
        return f"{obj.ship.cargo_units} of {obj.ship.cargo_capacity}"


@admin.register(Stock)
class StockAdmin(ReadMostly):
    """Goods aboard the depots, and how much of them is promised."""

    list_display = ["good", "depot", "units", "promised", "free", "updated_at"]
    list_filter = ["good"]
    list_select_related = ["depot__ship"]
    search_fields = ["good", "depot__ship__symbol"]


@admin.register(Transfer)
class TransferAdmin(ReadMostly):
    """Goods moved from ship to ship."""

    list_display = ["at", "good", "units", "giver", "receiver", "kind", "status", "took", "why"]
    list_filter = ["kind", "status", "good"]
    list_select_related = ["giver", "receiver"]
    search_fields = ["giver__symbol", "receiver__symbol", "good", "waypoint"]
    date_hierarchy = "at"
    ordering = ["-at"]

    @admin.display(description="took")
    def took(self, obj: Transfer) -> str:
        return f"{(obj.done_at - obj.at).total_seconds():.1f} s" if obj.done_at else "under way"


@admin.register(Loop)
class LoopAdmin(ReadMostly):
    """Transports on their fixed rounds."""

    list_display = ["ship", "agent", "site", "slot", "depot", "rounds", "a_round", "why"]
    list_filter = ["agent", "slot"]
    list_select_related = ["ship", "agent", "depot__ship"]
    search_fields = ["ship__symbol", "site"]

    @admin.display(description="units a round")
    def a_round(self, obj: Loop) -> str:
        return f"{obj.units / obj.rounds:.1f}" if obj.rounds else "no round yet"


@admin.register(Pickup)
class PickupAdmin(ReadMostly):
    """Full miners that asked for a transport."""

    list_display = ["ship", "waypoint", "units", "filed_at", "ended_at", "outcome"]
    list_filter = [("ended_at", admin.EmptyFieldListFilter), "outcome"]
    list_select_related = ["ship"]
    search_fields = ["ship__symbol", "waypoint"]
    date_hierarchy = "filed_at"


@admin.register(Round)
class RoundAdmin(ReadMostly):
    """What transports carried, round by round."""

    list_display = ["at", "ship", "site", "units"]
    list_filter = ["site"]
    list_select_related = ["ship"]
    search_fields = ["ship__symbol", "site"]
    date_hierarchy = "at"
    ordering = ["-at"]


@admin.register(Drift)
class DriftAdmin(ReadMostly):
    """Where the books of a depot differed from its hold, and were repaired."""

    list_display = ["found_at", "depot", "good", "booked", "aboard", "unpromised"]
    list_filter = ["good"]
    list_select_related = ["depot__ship"]
    search_fields = ["depot__ship__symbol", "good"]
    date_hierarchy = "found_at"
    ordering = ["-found_at"]


@admin.register(Expansion)
class ExpansionAdmin(ReadMostly):
    """More room that was asked for, and what became of it."""

    list_display = ["asked_at", "agent", "waypoint", "ship_type", "outcome", "reason"]
    list_filter = ["agent", "outcome"]
    list_select_related = ["agent"]
    search_fields = ["waypoint", "reason", "why"]
    date_hierarchy = "asked_at"
    ordering = ["-asked_at"]


@admin.register(CapacityReading)
class CapacityReadingAdmin(ReadMostly):
    """How full the depots were over time."""

    list_display = [
        "at",
        "agent",
        "units",
        "incoming",
        "capacity",
        "percent",
        "stored",
        "taken",
    ]
    list_filter = ["agent"]
    list_select_related = ["agent"]
    search_fields = ["agent__symbol"]
    date_hierarchy = "at"
    ordering = ["-at"]

    @admin.display(description="fill")
    def percent(self, obj: CapacityReading) -> str:
        if not obj.capacity:
            return "no depot"
        return f"{100 * (obj.units + obj.incoming) / obj.capacity:.0f} %"
