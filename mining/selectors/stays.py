"""Which ship is where, and for how long it has been digging there."""

from fleet.models import Ship
from mining.models import Kind, Session, Site
from spacefleet.statements import Select

_running = Select(
    lambda ship: Session.objects.filter(ship=ship, ended_at__isnull=True).select_related(
        "site__waypoint"
    )
)
_site = Select(
    lambda agent, place, kind: Site.objects.filter(
        agent=agent, waypoint__symbol=place, kind=kind
    ).select_related("waypoint")
)
_crew = Select(
    lambda waypoint: Session.objects.filter(
        site__waypoint=waypoint, ended_at__isnull=True
    ).values_list("site__kind", "ship__laser_strength", "ship__siphon_strength")
)


def running(ship: Ship) -> Session | None:
    """The stay of a ship that has not ended, with its site."""
    return _running.first(ship=ship.pk)


def site_of(ship: Ship, stay: Session | None) -> Site | None:
    """The site where the ship's place is: that of its stay, if it has not been sent elsewhere."""
    kind = Kind.SIPHON if ship.siphons else Kind.EXTRACT
    if stay and stay.site.waypoint.symbol == ship.place and stay.site.kind == kind:
        return stay.site
    return site_at(ship.agent_id, ship.place, kind)


def site_at(agent: int, place: str, kind: str) -> Site | None:
    return _site.first(agent=agent, place=place, kind=kind)


def crew(waypoint: int) -> list[int]:
    """The strengths of the ships of all agents that dig at a waypoint."""
    return [
        laser if kind == Kind.EXTRACT else siphon
        for kind, laser, siphon in _crew.all(waypoint=waypoint)
    ]
