"""The first page of the admin: every table in the group where one looks for it, with what it is."""

import inspect
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import slugify

GROUPS: dict[str, tuple[str, ...]] = {
    "Fleet": (
        "fleet.Agent", "fleet.Ship", "fleet.LogLine", "fleet.Control", "fleet.Parameter",
        "fleet.Account", "fleet.Passage",
    ),
    "What is wanted": (
        "fleet.Vacancy", "fleet.ShipOrder", "fleet.SpendingStop", "fleet.Earmark", "fleet.Wish",
        "fleet.Evaluator",
    ),
    "Money": ("fleet.LedgerEntry", "fleet.CreditReading"),
    "Mining": (
        "mining.Site", "mining.Survey", "mining.Session", "mining.Extraction", "mining.Jettison",
    ),
    "Inventory": (
        "inventory.Depot", "inventory.Stock", "inventory.Transfer", "inventory.Pickup",
        "inventory.Loop", "inventory.Round", "inventory.CapacityReading", "inventory.Expansion",
        "inventory.Drift",
    ),
    "Allocation": (
        "allocation.ResourceRequest", "allocation.Claim", "allocation.Transition",
        "allocation.Reservation", "allocation.Contract", "allocation.Trip",
    ),
    "Sales": (
        "sales.Opportunity", "sales.Sale", "sales.TradeRun", "sales.TradeLot",
        "sales.PriceSample", "sales.MarketIndex", "sales.Crowding", "sales.Rung",
    ),
    "The game as last seen": (
        "fleet.Era", "fleet.System", "fleet.Waypoint", "fleet.MarketGood", "fleet.ShipyardOffer",
        "fleet.ShipPrice", "fleet.Material", "fleet.Novelty",
    ),
    "Installation": (
        "spacefleet.Alert", "spacefleet.AlertSwitch", "spacefleet.Delivery", "spacefleet.Node",
        "spacefleet.WorkerLine", "fleet.Lane", "spacefleet.Canary", "spacefleet.RequestCount",
        "spacefleet.Comparison", "spacefleet.LabRun",
    ),
    "People": (
        "auth.User", "auth.Group", "spacefleet.AuditEntry", "spacefleet.TourEnd",
        "spacefleet.Viewer", "axes.AccessAttempt", "axes.AccessLog", "axes.AccessFailureLog",
    ),
    "Background work": (
        "django_q.Schedule", "django_q.OrmQ", "django_q.Success", "django_q.Failure",
    ),
}  # fmt: skip
"""Group → tables, the most asked for first; what is in none of them stands under *Others*."""

OTHERS = "Others"


class Desk(AdminSite):
    """Django's admin with our order on its first page and at the side of every other."""

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The groups a person may see, where Django has one for each of its apps."""
        if app_label:
            return list(super().get_app_list(request, app_label))
        apps = self._build_app_dict(request)
        known = {
            each["model"]._meta.label: {**each, "about": self._about(each["model"])}
            for app in apps.values()
            for each in app["models"]
        }
        listed = {label for labels in GROUPS.values() for label in labels}
        groups = {**GROUPS, OTHERS: tuple(sorted(set(known) - listed))}
        return [
            self._group(name, [known[label] for label in labels if label in known])
            for name, labels in groups.items()
            if any(label in known for label in labels)
        ]

    def _group(self, name: str, models: list[dict[str, Any]]) -> dict[str, Any]:
        slug = slugify(name)
        return {
            "name": name,
            "app_label": slug,
            "app_url": f"{reverse('admin:index')}#{slug}",
            "has_module_perms": True,
            "models": models,
        }

    def _about(self, model: Any) -> str:
        """What the table tells, in the words of its admin; nothing for those of others."""
        made = type(self._registry[model])
        words = inspect.cleandoc(made.__doc__ or "") if _is_ours(made) else ""
        return words.split("\n\n")[0].replace("\n", " ")


def _is_ours(made: type) -> bool:
    return not made.__module__.startswith(("django", "axes"))
