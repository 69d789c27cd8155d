"""The life of a surveyor: keep good surveys ready for the miners of its site."""

from datetime import datetime

from fleet.models import Ship
from fleet.services import navigation, parameters
from fleet.wake import Wake, idle
from mining.models import Survey
from mining.params import SurveyorParams
from mining.rules import deposits
from mining.selectors import surveys, worth
from mining.services import surveying
from spacefleet import clock
from spacefleet.spacetraders import Client


def survey(ship: Ship, *, api: Client, at: datetime) -> Wake:
    """Survey unless enough good surveys are ready; then sleep until the first one ends."""
    if not ship.place:
        return idle("no site to survey yet")
    flying = navigation.travel_to(ship, ship.place, api=api, at=at, why="to survey")
    if flying:
        return flying
    if ship.cooling(at) and ship.cooldown_ends_at:
        return Wake(ship.cooldown_ends_at, "cooling down after a survey")
    params = parameters.resolve(SurveyorParams, "surveyor", ship=ship)
    prices = worth.prices(ship.agent, ship.system)
    good = good_surveys(ship, prices, params, at=at)
    if len(good) >= params.keep_ready:
        ends = min(row.expires_at for row in good) - clock.game(params.guard)
        return Wake(max(ends, at + clock.game(30)), f"{len(good)} good surveys are ready")
    made = surveying.survey(ship, api=api)
    best = max((deposits.survey_value(row.deposits, prices) for row in made), default=0.0)
    return Wake(
        ship.cooldown_ends_at or at,
        f"made {len(made)} surveys, the best {best:.0f} credits a unit",
    )


def good_surveys(
    ship: Ship, prices: dict[str, float], params: SurveyorParams, *, at: datetime
) -> list[Survey]:
    """Usable surveys of the ship's place that belong to the better ones seen there."""
    era = ship.agent.era_id
    floor = surveys.threshold(era, ship.place, prices, params.good_percentile) or 0.0
    return [
        row
        for row in surveys.usable(era, ship.place, at=at, guard=params.guard)
        if deposits.survey_value(row.deposits, prices) >= floor
    ]
