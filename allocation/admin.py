"""Admin of the queue: requests, claims, their history; contracts, trips and reservations."""

from django.contrib import admin

from allocation.models import Claim, Contract, Reservation, ResourceRequest, Transition, Trip
from spacefleet.admin import ReadMostly


@admin.register(ResourceRequest)
class ResourceRequestAdmin(ReadMostly):
    """Places in the queue for goods."""

    list_display = [
        "created_at", "agent", "purpose", "good", "units", "claimed", "withdrawn", "status", "waited",
        "ship",
    ]  # fmt: skip
    list_filter = ["status", "purpose", "good", "agent"]
    list_select_related = ["agent", "ship"]
    search_fields = ["good", "ship__symbol", "why"]
    date_hierarchy = "created_at"
    ordering = ["-created_at"]

    @admin.display(description="waited")
    def waited(self, obj: ResourceRequest) -> str:
        if obj.claimed_at:
            return str(obj.claimed_at - obj.created_at).split(".")[0]
        return "still waiting" if obj.open else "never served"


@admin.register(Claim)
class ClaimAdmin(ReadMostly):
    """Units of one depot promised to a request."""

    list_display = ["at", "request", "stock", "units", "withdrawn", "state"]
    list_filter = [("released_at", admin.EmptyFieldListFilter)]
    list_select_related = ["request", "stock__depot__ship"]
    search_fields = ["request__good"]
    date_hierarchy = "at"

    @admin.display(description="state")
    def state(self, obj: Claim) -> str:
        return "released" if obj.released_at else "open"


@admin.register(Transition)
class TransitionAdmin(ReadMostly):
    """What happened to requests, and why."""

    list_display = ["at", "request", "before", "after", "cause"]
    list_filter = ["after"]
    list_select_related = ["request"]
    search_fields = ["cause", "request__good"]
    date_hierarchy = "at"
    ordering = ["-at"]


@admin.register(Contract)
class ContractAdmin(ReadMostly):
    """Contracts and what we think of them."""

    list_display = [
        "seen_at", "agent", "good", "progress", "destination", "status", "on_accepted",
        "on_fulfilled", "expected_net", "net", "deadline_at", "judgement",
    ]  # fmt: skip
    list_filter = ["status", "type", "good", "agent"]
    list_select_related = ["agent"]
    search_fields = ["good", "destination", "game_id", "judgement"]
    date_hierarchy = "seen_at"

    @admin.display(description="delivered")
    def progress(self, obj: Contract) -> str:
        return f"{obj.units_fulfilled} of {obj.units_required}"


@admin.register(Trip)
class TripAdmin(ReadMostly):
    """Ways of ships for a contract, with what they were for and what came of them."""

    list_display = [
        "begun_at", "ship", "contract", "units", "source", "limit", "delivered", "outcome",
        "ended_at",
    ]  # fmt: skip
    list_filter = [("ended_at", admin.EmptyFieldListFilter)]
    list_select_related = ["ship", "contract"]
    search_fields = ["ship__symbol", "contract__good", "source", "why", "outcome"]
    date_hierarchy = "begun_at"


@admin.register(Reservation)
class ReservationAdmin(ReadMostly):
    """Goods that sales must leave in store."""

    list_display = [
        "made_at",
        "agent",
        "good",
        "units",
        "contract",
        "why",
        "expires_at",
        "state",
    ]
    list_filter = ["good", ("ended_at", admin.EmptyFieldListFilter), "agent"]
    list_select_related = ["agent", "contract"]
    search_fields = ["good", "why"]
    date_hierarchy = "made_at"

    @admin.display(description="state")
    def state(self, obj: Reservation) -> str:
        return "ended" if obj.ended_at else "holds"
