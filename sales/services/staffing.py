"""The ships that sales want."""

from fleet.models import Agent, Vacancy
from fleet.params import ConductorParams
from fleet.services import parameters, vacancies


def state(agent: Agent) -> None:
    """Market ships, as soon as there is a depot to take goods from."""
    floors = parameters.resolve(ConductorParams, "conductor", agent=agent)
    depots = Vacancy.objects.filter(agent=agent, role="depot", filled__gt=0).order_by("rank")
    wanted = [
        vacancies.Wanted(
            role="trader",
            place="",
            needs="hold",
            wanted=floors.traders,
            why="takes goods from the depots to the markets",
            rank=40,
            rank_step=20,
            ship_type=floors.trader_type,
        )
    ]
    vacancies.state(agent, "sales", wanted if depots.exists() and floors.traders else [])
