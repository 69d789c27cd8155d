"""The pages of the first contact: the first person, an agent, and the tour."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from fleet.models import Agent
from fleet.services import joining
from fleet.views import scope_of
from spacefleet.admin import audit

from . import agents, people, throttle, tour
from .forms import AgentForm, FirstUserForm

ADD_AGENT = "fleet.add_agent"
BACKEND = "spacefleet.zones.Backend"


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def first_user(request: HttpRequest) -> HttpResponse:
    """Make the first person, once; afterwards this address leads on."""
    if not people.nobody_yet():
        return _onward(request)
    if request.method != "POST":
        return render(request, "welcome/person.html", {"form": FirstUserForm()})
    if paused := throttle.pause(request, "the first start"):
        return paused
    form = FirstUserForm(request.POST)
    if not form.is_valid():
        throttle.failed(request, "the first start")
        return render(request, "welcome/person.html", {"form": form})
    try:
        user = people.make_first(form.save(commit=False))
    except people.SomebodyWasFirst:
        messages.warning(request, "Somebody else made the first user a moment ago.")
        return redirect("login")
    login(request, user, backend=BACKEND)
    audit(request, "made the first user", user)
    return redirect("setup-agent")


def _onward(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect("login")
    wanting = (
        request.user.has_perm(ADD_AGENT)
        and not Agent.objects.filter(era__archived_at__isnull=True).exists()
    )
    return redirect("setup-agent" if wanting else "overview")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def add_agent(request: HttpRequest) -> HttpResponse:
    """Register or adopt an agent on the server of the settings."""
    scope_of(request)
    may = request.user.has_perm(ADD_AGENT)
    server = agents.server()
    if request.method != "POST":
        form = AgentForm(server)
        return render(request, "welcome/agent.html", _agent_page(form, may=may))
    if not may:
        raise PermissionDenied(f"This needs the permission {ADD_AGENT}.")
    what = f"adding an agent, by {request.user.get_username()}"
    if paused := throttle.pause(request, what):
        return paused
    form = AgentForm(server, request.POST)
    if not form.is_valid():
        return render(request, "welcome/agent.html", _agent_page(form, may=may))
    wanted = form.wanted()
    try:
        agent = agents.join(wanted, server=server.url)
    except joining.CannotJoin as error:
        throttle.failed(request, what)
        form.add_error(None, str(error))
        return render(request, "welcome/agent.html", _agent_page(form, may=may))
    audit(request, "registered" if wanted.register else "adopted", agent)
    messages.success(request, _ready(agent, watch=wanted.watch))
    return redirect("overview")


def _agent_page(form: AgentForm, *, may: bool) -> dict[str, object]:
    first = not Agent.objects.filter(era__archived_at__isnull=True).exists()
    return {"form": form, "server": form.server, "may": may, "first": first}


def _ready(agent: Agent, *, watch: bool) -> str:
    does = "decides for it and changes nothing" if watch else "flies it"
    return (
        f"{agent} is ready with {agent.credits:,} credits at {agent.headquarters}. "
        f"`manage.py runworkers` {does}: start it, unless it runs already."
    )


@require_http_methods(["GET", "HEAD", "POST"])
def take_tour(request: HttpRequest) -> HttpResponse:
    """The stops of the tour; POST ends it for the person who asks, whatever their role."""
    scope_of(request)
    if request.method == "POST":
        tour.end(request.user)
        return redirect("overview")
    stops = [(stop, tour.address(n)) for n, stop in enumerate(tour.STOPS, start=1)]
    return render(request, "welcome/tour.html", {"stops": stops, "first": tour.address(1)})
