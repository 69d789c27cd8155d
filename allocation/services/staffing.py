"""The ships that contracts want, and what another one would be worth."""

from django.db.models import Count

from allocation.models import Contract
from allocation.params import ContractParams
from allocation.selectors import board
from fleet.models import Agent, Ship, ShipyardOffer
from fleet.services import parameters, vacancies
from spacefleet import clock

RANK = 15  # after the first drones, before all that waits for their goods
LAST = 12  # contracts that tell how much work there is


def state(agent: Agent) -> None:
    """A courier where nobody else can be one; more where contracts take several trips."""
    params = parameters.resolve(ContractParams, "contracts", agent=agent)
    wanted = _wanted(agent, params) if params.enabled else None
    vacancies.state(agent, "contracts", [wanted] if wanted else [])


def _wanted(agent: Agent, params: ContractParams) -> vacancies.Wanted | None:
    rate = board.rate(agent.pk, usual=params.usual_rate)
    alone = not _frigates(agent)
    value = rate if alone else rate * waiting_share(agent)
    if not params.couriers or not (alone or _pays(agent, params, value)):
        return None
    return vacancies.Wanted(
        role="courier",
        place="",
        needs="hold",
        wanted=params.couriers,
        why=f"contracts bring {rate:,.0f} credits/h; another ship adds {value:,.0f}",
        rank=RANK,
        rank_step=30,
        ship_type=params.courier_type,
        value_per_hour=round(value, 1),
    )


def _frigates(agent: Agent) -> bool:
    """Whether an all-round ship fills contracts beside its other duties."""
    ships = Ship.objects.filter(agent=agent, lost_at__isnull=True, excluded=False)
    return ships.with_role("courier").with_role("starter").exists()


def _pays(agent: Agent, params: ContractParams, value: float) -> bool:
    """Whether a courier earns its price in time, or is at work already. An unknown price does
    not count against it: the purchase guard looks at it first."""
    if Ship.objects.filter(agent=agent, roles__0="courier", price_paid__gt=0).exists():
        return True
    prices = ShipyardOffer.objects.filter(
        waypoint__era=agent.era_id,
        waypoint__system=agent.home,
        ship_type=params.courier_type,
        price__isnull=False,
    ).values_list("price", flat=True)
    price = min((each for each in prices if each), default=0)
    return value > 0 and price <= value * params.pays_back_in


def waiting_share(agent: Agent) -> float:
    """The part of their time that contracts waited for a ship to come back for more: what
    another courier would save."""
    rows = (
        Contract.objects.filter(
            agent=agent, status=Contract.Status.FULFILLED, ended_at__isnull=False
        )
        .annotate(ways=Count("trips"))
        .order_by("-ended_at")
        .values_list("ways", "offered_at", "ended_at")[:LAST]
    )
    took = waited = 0.0
    for ways, offered_at, ended_at in rows:
        seconds = clock.elapsed(offered_at, ended_at) if ended_at else 0.0
        took += seconds
        waited += seconds * (ways - 1) / ways / 2 if ways > 1 else 0.0
    return waited / took if took else 0.0
