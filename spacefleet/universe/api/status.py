"""The status page, the list of error codes, the supply chain."""

from spacefleet.universe import registry
from spacefleet.universe.catalog.supply_chain import RECIPES
from spacefleet.universe.timeline import iso
from spacefleet.universe.tokens import VERSION

from .call import Call, Reply, encode, ok
from .errors import LISTED

ONLINE = "SpaceTraders is currently online and available to play"
LEADERS = 10


def show(call: Call) -> Reply:
    """GET /: no envelope. `timeFactor` is an addition of this server."""
    world = call.world
    players = world.everybody()
    richest = sorted(players, key=lambda agent: -agent.credits)[:LEADERS]
    charting = sorted(players, key=lambda agent: -agent.charts)[:LEADERS]
    return 200, encode(
        {
            "status": ONLINE,
            "version": VERSION,
            "resetDate": world.reset_date,
            "description": world.description,
            "timeFactor": _shortest(world.timeline.speed),
            "stats": {
                "accounts": len(world.accounts),
                "agents": len(players),
                "ships": len(world.ships),
                "systems": len(world.systems),
                "waypoints": world.galaxy.count_waypoints(),
            },
            "health": {"lastMarketUpdate": world.stamp(world.last_market_update())},
            "leaderboards": {
                "mostCredits": [
                    {"agentSymbol": agent.symbol, "credits": agent.credits} for agent in richest
                ],
                "mostSubmittedCharts": [
                    {"agentSymbol": agent.symbol, "chartCount": agent.charts}
                    for agent in charting
                    if agent.charts
                ],
            },
            "serverResets": {
                "next": iso(registry.announced_reset(world)),
                "frequency": "weekly",
            },
            "announcements": [{"title": "Local universe", "body": world.description}],
            "links": [{"name": "Documentation", "url": "https://docs.spacetraders.io"}],
        }
    )


def _shortest(factor: float) -> float:
    """60 rather than 60.0."""
    return int(factor) if factor == int(factor) else factor


_ERROR_CODES = encode(
    {"errorCodes": [{"code": refusal.code, "name": refusal.name} for refusal in LISTED]}
)
_SUPPLY_CHAIN = encode({"exportToImportMap": RECIPES})


def error_codes(call: Call) -> Reply:
    """GET /error-codes: no envelope either."""
    return 200, _ERROR_CODES


def supply_chain(call: Call) -> Reply:
    return ok(_SUPPLY_CHAIN)
