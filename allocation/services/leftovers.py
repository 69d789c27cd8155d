"""Getting rid of what is aboard a courier and belongs to no contract, so that it can go on."""

from datetime import datetime

from fleet.models import MarketGood, Ship
from fleet.services import cargo, navigation, wishes
from fleet.wake import Wake, idle
from spacefleet.spacetraders import Client


def sell(ship: Ship, *, api: Client, at: datetime) -> Wake | None:
    """Sell at the market seen to pay most for a good aboard, a trade volume at a time.

    None when nothing is aboard; idle where nobody is known to buy it.
    """
    if not ship.cargo_units:
        return None
    best = (
        MarketGood.objects.filter(
            waypoint__era=ship.agent.era_id,
            waypoint__system=ship.system,
            good__in=list(ship.cargo),
            we_receive__gt=0,
        )
        .select_related("waypoint")
        .order_by("-we_receive", "pk")
        .first()
    )
    if best is None:
        return idle("nobody is known to buy what is aboard", seconds=600)
    units = int(ship.cargo[best.good])
    why = f"to sell {units} {best.good} that no contract asks for"
    flying = navigation.travel_to(ship, best.waypoint.symbol, api=api, at=at, why=why)
    if flying:
        return flying
    wishes.look_here(ship, api=api)
    while units > 0:
        part = min(units, best.trade_volume or 1)
        cargo.sell(ship, best.good, part, api=api)
        units -= part
    return None
