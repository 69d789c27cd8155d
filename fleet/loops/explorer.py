"""The life of an explorer: see all of a system, chart it, and go on through the gates."""

from datetime import datetime

from fleet.models import Ship, System, Waypoint
from fleet.params import ExplorationParams
from fleet.rules import charting, gates, travel
from fleet.selectors import galaxy
from fleet.services import exploring, navigation, parameters, sync, wishes
from fleet.wake import Wake, idle, wake_in
from spacefleet.spacetraders import Client

ALL_SEEN = 3_600.0  # game seconds until gates under construction are asked about again
SEEN_LATELY = 3_600.0  # game seconds; a market of a far system is looked at once on the way


def explore(ship: Ship, *, api: Client, at: datetime) -> Wake:
    """Look where it is, then fly to the next sight of the system, else jump on."""
    if ship.in_transit(at):
        return Wake(ship.arrives_at or at, ship.why)
    params = parameters.resolve(ExplorationParams, "exploration", ship=ship)
    here = _learn(ship, api=api)
    said = _look(ship, params, api=api)
    if ship.system != ship.agent.home:
        sight = _next_sight(ship, params)
        if sight:
            wake = navigation.travel_to(
                ship, sight.symbol, api=api, at=at, why=said or _why(sight)
            )
            if wake:
                return wake
        exploring.explored(here)
    return _leave(ship, here, params, api=api, at=at)


def _learn(ship: Ship, *, api: Client) -> System:
    """What can be known of the system the ship is in, and where its gate leads."""
    agent = ship.agent
    here = exploring.learn_star(agent, ship.system, "", api=api)
    if here.learned_at is None:
        exploring.learn_system(agent, here, api=api)
    if here.connections is None and here.gate == ship.waypoint:
        exploring.learn_connections(agent, here, api=api)
    return here


def _look(ship: Ship, params: ExplorationParams, *, api: Client) -> str:
    """Chart the place if that pays, and read its prices."""
    place = Waypoint.objects.filter(era=ship.agent.era_id, symbol=ship.waypoint).first()
    said = ""
    if place and not place.charted and _pays(place, params):
        said = exploring.chart(ship, api=api)
    wishes.look_here(ship, api=api, max_age=SEEN_LATELY)
    return said


def _pays(place: Waypoint, params: ExplorationParams) -> bool:
    worth = charting.per_request(place.type, chance=params.first_there)
    return params.chart and worth >= params.least_reward


def _next_sight(ship: Ship, params: ExplorationParams) -> Waypoint | None:
    """The nearest place worth a visit that no other explorer flies to."""
    known = navigation.places(ship)
    here = known.get(ship.waypoint)
    others = galaxy.taken(ship.agent, ship)
    worth = [
        place
        for place in galaxy.sights(ship)
        if place.symbol not in others
        and place.symbol != ship.waypoint
        and place.symbol in known
        and (place.charted or _pays(place, params))
    ]
    if here is None or not worth:
        return None
    return min(worth, key=lambda each: (travel.distance(here, known[each.symbol]), each.symbol))


def _why(place: Waypoint) -> str:
    return "to look at the market" if place.charted else "to chart it"


def _leave(
    ship: Ship, here: System, params: ExplorationParams, *, api: Client, at: datetime
) -> Wake:
    """Jump towards the nearest system where something is left to see."""
    if ship.holds_back:
        return idle(ship.holds_back)
    network = galaxy.network(ship.agent.era_id)
    ways = gates.ways(network, here.gate)
    others = galaxy.taken(ship.agent, ship)
    left = [gate for gate in galaxy.unexplored(ship.agent.era_id) if gate != here.gate]
    goal = gates.nearest(ways, [gate for gate in left if gate not in others])
    if goal is None:
        sync.write(ship, place="")
        return idle(f"nothing left to reach: {galaxy.progress(ship.agent.era_id)}", ALL_SEEN)
    if ship.place != goal:
        sync.write(ship, place=goal)
    why = f"to {goal}, {len(ways[goal].gates)} jumps away"
    wake = navigation.travel_to(ship, here.gate, api=api, at=at, why=why)
    return wake or _jump(ship, ways[goal].gates[0], params, why=why, api=api, at=at)


def _jump(
    ship: Ship, to: str, params: ExplorationParams, *, why: str, api: Client, at: datetime
) -> Wake:
    if ship.cooling(at) and ship.cooldown_ends_at:
        return Wake(ship.cooldown_ends_at, f"cooling down before the jump {why}")
    wishes.look_here(ship, api=api)
    refused = exploring.refusal(ship, params)
    if refused:
        return wake_in(params.rest, f"waits at the gate: {refused}")
    exploring.jump(ship, to, api=api)
    return wake_in(0, f"jumped to {to} {why}")
