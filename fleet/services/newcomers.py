"""Ships that another client bought for our agent: noticed, written down, and flown."""

from fleet.models import Agent, Ship, ShipOrder
from spacefleet.spacetraders import Client

from . import alarms, ledger, muster, sync


def watch(agent: Agent, *, api: Client, trigger: str = "") -> str:
    """Evaluator: hold our ships and credits against the game's count, read ships we lack."""
    with ledger.moving(agent.pk) as move:
        told = api.get_my_agent()
        move.settle(told.credits)
    known = Ship.objects.filter(agent=agent, lost_at__isnull=True).count()
    if told.ship_count <= known:
        return f"all {known} ships are known"
    seen = muster.muster(agent.symbol, api=api)
    # In this order: a ship of ours that the list shows was ordered before, and is either still
    # being bought or in our rows by now.
    if ShipOrder.objects.filter(agent=agent, status=ShipOrder.Status.BUYING).exists():
        return "a ship is being bought, counted again later"
    ours = set(Ship.objects.filter(agent=agent).values_list("symbol", flat=True))
    fresh = [ship for ship in seen.ships if ship.symbol not in ours]
    for ship in fresh:
        sync.store_ship(agent, ship)
    if not fresh:
        return f"{told.ship_count} ships, of which the game does not show all"
    alarms.nudge("fleet.conductor", agent.pk, trigger="ships that another client bought")
    return f"another client bought {', '.join(ship.symbol for ship in fresh)}"
