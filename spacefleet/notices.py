"""The page of alerts: what is open, what was sent, and which kinds are on, silent or off."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from fleet.views import scope_of
from spacefleet import alerts
from spacefleet.admin import audit
from spacefleet.models import Alert, AlertSwitch, Delivery

MAY_SWITCH = "spacefleet.change_alertswitch"
NEWEST = 50


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Everybody who signed in may look; switching needs its permission."""
    scope_of(request)
    if request.method == "POST":
        return _switch(request)
    return render(request, "alerts.html", _shown(request))


def _shown(request: HttpRequest) -> dict[str, Any]:
    rows = AlertSwitch.objects.filter(kind__in=alerts.KINDS)
    return {
        "switches": [(row, alerts.KINDS[row.kind].meaning) for row in rows],
        "modes": AlertSwitch.Mode.choices,
        "may_switch": request.user.has_perm(MAY_SWITCH),
        "webhook": bool(settings.ALERT_WEBHOOK),
        "emails": len(settings.ALERT_EMAILS),
        "deliveries": list(Delivery.objects.select_related("alert")[:NEWEST]),
        "over": list(
            Alert.objects.filter(cleared_at__isnull=False).order_by("-cleared_at")[:NEWEST]
        ),
    }


def _switch(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm(MAY_SWITCH):
        raise PermissionDenied("Switching alerts needs the permission to change switches.")
    row = AlertSwitch.objects.filter(kind=request.POST.get("kind", "")).first()
    mode = request.POST.get("mode", "")
    if row is None or mode not in AlertSwitch.Mode.values:
        raise Http404("There is no such switch. The page of alerts lists all of them.")
    before = row.mode
    if before != mode:
        alerts.switch(row, mode)
        audit(request, "switched", row, before=before, after=mode)
    messages.info(request, f"Alerts of the kind {row.kind} are {row.get_mode_display()}.")
    return redirect("alerts-page")
