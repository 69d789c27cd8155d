"""The life of a surveyor: survey for the miners of its site while one more survey pays."""

from datetime import datetime

from fleet.models import Ship
from fleet.services import navigation, parameters
from fleet.wake import Wake, idle, wake_in
from mining.models import Kind
from mining.params import SurveyingParams
from mining.selectors import stays, surveys
from mining.services import sites, surveying
from spacefleet.spacetraders import Client


def survey(ship: Ship, *, api: Client, at: datetime) -> Wake:
    """Survey while that brings more than it costs; the miners of all our agents use it."""
    if ship.holds_back:
        return idle(ship.holds_back)
    if not ship.place:
        return idle("no site to survey yet")
    flying = navigation.travel_to(ship, ship.place, api=api, at=at, why="to survey")
    if flying:
        return flying
    if ship.cooling(at) and ship.cooldown_ends_at:
        return Wake(ship.cooldown_ends_at, "cooling down after a survey")
    site = stays.site_at(ship.agent_id, ship.place, Kind.EXTRACT)
    if site is None:
        return idle("nobody mines here")
    params = parameters.resolve(SurveyingParams, "surveying", ship=ship)
    sites.keep_priced(site, ship, every=params.prices_hold, at=at)
    view = surveys.outlook(ship, site, params, at=at)
    again, why = surveys.survey_again(ship, site, view)
    if not again:
        return wake_in(params.look_again, why)
    made = surveying.survey(ship, why=why, api=api)
    best = max((view.worth(row.deposits) for row in made), default=0.0)
    said = f"made {len(made)} surveys, the best {best:.0f} credits a unit: {why}"
    return Wake(ship.cooldown_ends_at or at, said[:200])
