"""Admin of sales: price history, decisions, sales and trade runs."""

from django.contrib import admin

from sales.models import (
    Crowding,
    MarketIndex,
    Opportunity,
    PriceSample,
    Rung,
    Sale,
    TradeLot,
    TradeRun,
)
from spacefleet.admin import ReadMostly


@admin.register(PriceSample)
class PriceSampleAdmin(ReadMostly):
    """The price history."""

    list_display = [
        "at", "good", "waypoint", "we_receive", "we_pay", "trade_volume", "supply", "activity",
    ]  # fmt: skip
    list_filter = ["good", "supply"]
    list_select_related = ["waypoint"]
    search_fields = ["good", "waypoint__symbol"]
    date_hierarchy = "at"
    ordering = ["-at"]


@admin.register(MarketIndex)
class MarketIndexAdmin(ReadMostly):
    """What markets pay in percent of their own averages."""

    list_display = ["at", "waypoint", "percent", "goods"]
    list_select_related = ["waypoint"]
    search_fields = ["waypoint__symbol"]
    date_hierarchy = "at"
    ordering = ["-at"]


@admin.register(Crowding)
class CrowdingAdmin(ReadMostly):
    """Times when the depots were crowded."""

    list_display = ["began_at", "agent", "began_percent", "peak_percent", "ended_at"]
    list_filter = ["agent"]
    list_select_related = ["agent"]
    search_fields = ["agent__symbol"]
    ordering = ["-began_at"]


@admin.register(Rung)
class RungAdmin(ReadMostly):
    """Steps of the ladder out of crowded depots, with what they saw."""

    list_display = ["at", "crowding", "kind", "worked", "outcome"]
    list_filter = ["kind", "worked"]
    list_select_related = ["crowding__agent"]
    search_fields = ["outcome"]
    date_hierarchy = "at"
    ordering = ["-at", "-pk"]


@admin.register(Opportunity)
class OpportunityAdmin(ReadMostly):
    """Looks at goods in store, with everything the decision saw."""

    list_display = [
        "at", "agent", "good", "decision", "reason", "price", "average", "samples", "surplus",
        "utilisation", "trigger", "market", "net",
    ]  # fmt: skip
    list_filter = ["accepted", "criterion", "failed", "trigger", "good", "agent"]
    list_select_related = ["agent"]
    search_fields = ["good", "reason", "market"]
    date_hierarchy = "at"
    ordering = ["-at"]

    @admin.display(description="decision", ordering="accepted")
    def decision(self, obj: Opportunity) -> str:
        return (
            f"sell: {obj.criterion}" if obj.accepted else f"keep: {obj.failed or 'no reason'}"
        )


@admin.register(Sale)
class SaleAdmin(ReadMostly):
    """Sales from the decision to the last credit."""

    list_display = [
        "decided_at", "agent", "good", "sold", "market", "status", "expected_price", "brought",
        "realised", "ship", "why",
    ]  # fmt: skip
    list_filter = ["status", "criterion", "good", "agent"]
    list_select_related = ["agent", "ship"]
    search_fields = ["good", "market", "ship__symbol", "why"]
    date_hierarchy = "decided_at"
    ordering = ["-decided_at"]

    @admin.display(description="sold")
    def sold(self, obj: Sale) -> str:
        return f"{obj.units_sold} of {obj.units}"

    @admin.display(description="a unit")
    def brought(self, obj: Sale) -> str:
        price = obj.realised_price
        return "nothing yet" if price is None else f"{price:.1f} credits"


@admin.register(TradeRun)
class TradeRunAdmin(ReadMostly):
    """Trips of merchants, expected and realised."""

    list_display = [
        "started_at", "agent", "ship", "origin", "destination", "expected", "realised",
        "expected_seconds", "detours", "ended_at", "why",
    ]  # fmt: skip
    list_filter = ["agent", "origin", "destination"]
    list_select_related = ["agent", "ship"]
    search_fields = ["ship__symbol", "origin", "destination", "why"]
    date_hierarchy = "started_at"
    ordering = ["-started_at"]


@admin.register(TradeLot)
class TradeLotAdmin(ReadMostly):
    """The goods of trade runs; those without an end hold their lane."""

    list_display = [
        "good", "agent", "run", "units", "bought", "paid", "sold", "received", "gain",
        "ended_at", "rest_until", "why",
    ]  # fmt: skip
    list_filter = ["good", "agent"]
    list_select_related = ["agent", "run"]
    search_fields = ["good", "origin", "destination", "why"]
    ordering = ["-pk"]
