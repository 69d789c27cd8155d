"""The conductor: merges what the domains want, matches ships to it, orders what is missing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fleet.models import Agent, Ship, ShipOrder, Vacancy
from fleet.params import ConductorParams
from fleet.planner import assignment
from fleet.rules import roles, staffing
from fleet.rules.staffing import Slot
from fleet.services import controls, navigation, parameters, roster, vacancies
from spacefleet.spacetraders import Client
from spacefleet.statements import Select

TRADES = "merchant"
SPARE = 1_000  # rank from which slots are only there because a ship can do nothing else
FURTHER_DUTIES = ("courier", TRADES, "trader")  # of an all-round ship, beside mining
ALWAYS = ("courier", TRADES)  # which of them it keeps although others do them too
IN_SPARE_TIME = {"trader": [TRADES]}  # what a ship does while its role has nothing for it
STATIC = ("depot",)  # roles whose ships never move again once they are at their place
LENT = ("builder", "receive_and_fulfill")  # roles that end when nobody wants the ship there

_ships = Select(
    lambda agent: Ship.objects.filter(
        agent=agent, excluded=False, lost_at__isnull=True
    ).order_by("pk")
)
_orders = Select(
    lambda agent: ShipOrder.objects.filter(agent=agent, status=ShipOrder.Status.OPEN).order_by(
        "pk"
    )
)


@dataclass(frozen=True, slots=True)
class Match:
    """Which ship takes which slot, and the slots nobody takes."""

    taken: dict[int, Slot]
    open: list[Slot]


def conduct(agent: Agent, *, api: Client, trigger: str = "") -> str:
    """Evaluator: man every role, then try to buy what is missing; answers stage and next wish."""
    roster.settle_purchases(agent, api=api)
    if said := controls.no_new_work(agent.pk):
        return said
    params = parameters.resolve(ConductorParams, "conductor", agent=agent)
    ships = _ships.all(agent=agent.pk)
    spare = sum(not ship.fuel_capacity and ship.role != "explorer" for ship in ships)
    _state_own(agent, params, probes=spare)
    rows = vacancies.standing(agent)
    slots = _slots(rows, floors={"scout": params.scouts})
    for ship in ships:
        ship.agent = agent
    found = match(ships, slots)
    _post(ships, found)
    _note_filled(rows, found)
    orders = _reconcile_orders(agent, found.open if params.buy_ships else [])
    bought = _buy(orders, api=api)
    stage = staffing.stage(
        (slot.role for slot in found.taken.values()), (slot.role for slot in slots)
    )
    return f"{stage}{_next_wish(orders, bought)}"


def match(ships: Sequence[Ship], slots: Sequence[Slot]) -> Match:
    """The matching of greatest worth. Ships the owner pinned keep what they have."""
    chosen = assignment.match([_values(ship, slots) for ship in ships])
    taken = {
        ship.pk: slots[column]
        for ship, column in zip(ships, chosen, strict=True)
        if column is not None
    }
    left = set(range(len(slots))) - {column for column in chosen if column is not None}
    return Match(taken, [slots[column] for column in sorted(left)])


def _values(ship: Ship, slots: Sequence[Slot]) -> list[float | None]:
    """What each slot is worth to a ship; slots that differ in urgency alone are asked once."""
    if ship.role_pinned:
        return [_value(ship, slot) for slot in slots]
    asked: dict[tuple[str, str, str], tuple[Slot, float | None]] = {}
    values = []
    for slot in slots:
        kind = (slot.role, slot.place, slot.needs)
        if kind not in asked:
            asked[kind] = slot, _value(ship, slot)
        like, value = asked[kind]
        values.append(None if value is None else value + staffing.urgency(slot, like))
    return values


def _value(ship: Ship, slot: Slot) -> float | None:
    holds = ship.role == slot.role and (ship.place == slot.place or not slot.place)
    if ship.role_pinned:
        return staffing.RANKED * 2 if ship.role == slot.role else None
    abilities = roles.Abilities(
        laser=ship.laser_strength,
        siphon=ship.siphon_strength,
        survey=ship.survey_strength,
        hold=ship.cargo_capacity,
        speed=ship.speed,
        fuel_capacity=ship.fuel_capacity,
        employed="" if ship.role == slot.role else ship.role,
    )
    if not roles.able(slot.needs, abilities) or _bound(ship, slot):
        return None
    if not slot.place or ship.waypoint == slot.place:
        return staffing.worth(slot, holds=holds, flight_seconds=0)
    seconds = navigation.flight_seconds(ship, ship.waypoint, slot.place)
    if seconds is None:
        return None
    return staffing.worth(slot, holds=holds, flight_seconds=seconds)


def _bound(ship: Ship, slot: Slot) -> bool:
    """Whether what a ship does now, carries, or is near keeps it from a slot."""
    return _laden(ship, slot) or _away(ship, slot) or _settled(ship, slot)


def _laden(ship: Ship, slot: Slot) -> bool:
    """Whether a ship must sell what it traded for before it does anything else."""
    return TRADES in ship.roles and slot.role not in ship.roles and ship.cargo_units > 0


def _away(ship: Ship, slot: Slot) -> bool:
    """Whether the ship is beyond the gate, where all it can do is what brought it there."""
    return ship.system != ship.agent.home and slot.role != ship.role


def _settled(ship: Ship, slot: Slot) -> bool:
    """Whether the ship stands where it stays for good: other places need other ships."""
    stands = ship.role in STATIC and bool(ship.place) and ship.waypoint == ship.place
    return stands and (slot.role, slot.place) != (ship.role, ship.place)


def _slots(rows: Sequence[Vacancy], *, floors: Mapping[str, int]) -> list[Slot]:
    """One slot for each ship wanted, the most urgent first. Slots above the floor of a role are
    for ships that have nothing better to do: they come last, and none is bought for them."""
    found = []
    for row in rows:
        floor = floors.get(row.role, row.wanted)
        for number in range(row.wanted):
            spare = number >= floor
            found.append(
                Slot(
                    role=row.role,
                    place=row.place,
                    needs=row.needs,
                    rank=SPARE + number if spare else row.rank + number * row.rank_step,
                    ship_type="" if spare else row.ship_type,
                    value_per_hour=row.value_per_hour,
                    why=row.why,
                )
            )
    return sorted(found, key=lambda slot: (slot.rank, slot.role, slot.place))


def _state_own(agent: Agent, params: ConductorParams, *, probes: int) -> None:
    """The fleet's own vacancies: scouts, and the all-round ship everything begins with. A probe
    that does not explore can do nothing but look, so all of those do; what is bought is the
    floor."""
    vacancies.state(
        agent,
        "fleet",
        [
            vacancies.Wanted(
                role="starter",
                place="",
                needs="allround",
                wanted=1,
                why="mines and sells by itself, and helps out where a role is not manned",
                rank=0,
            ),
            vacancies.Wanted(
                role="scout",
                place="",
                needs="probe",
                wanted=max(params.scouts, probes),
                why="prices are only visible where a ship is",
                rank=5,
                rank_step=60,
                ship_type="SHIP_PROBE",
            ),
        ],
    )


def _post(ships: Sequence[Ship], found: Match) -> None:
    """Tell each ship its role and place; an all-round ship also does what nobody else does."""
    manned = {slot.role for slot in found.taken.values()}
    for ship in ships:
        slot = found.taken.get(ship.pk)
        if slot is None and ship.role in LENT and not (ship.role_pinned or ship.cargo_units):
            roster.assign(ship, [], place="", why="no longer wanted there")
        if slot is None or ship.role_pinned:
            continue
        if slot.role == "starter":
            further = [duty for duty in FURTHER_DUTIES if duty in ALWAYS or duty not in manned]
            roster.assign(ship, [*further, "starter"], place=ship.place, why=slot.why)
            continue
        duties = [slot.role, *IN_SPARE_TIME.get(slot.role, [])]
        if ship.roles != duties or (slot.place and ship.place != slot.place):
            roster.assign(ship, duties, place=slot.place, why=slot.why)


def _note_filled(rows: Sequence[Vacancy], found: Match) -> None:
    taken = Counter((slot.role, slot.place) for slot in found.taken.values())
    for row in rows:
        filled = taken[row.role, row.place]
        if filled != row.filled:
            Vacancy.objects.filter(pk=row.pk).update(filled=filled)


def _reconcile_orders(agent: Agent, missing: Sequence[Slot]) -> list[ShipOrder]:
    """One open order for each missing ship that can be bought, in order of urgency."""
    standing = _orders.all(agent=agent.pk)
    orders = []
    for slot in missing:
        if not slot.ship_type:
            continue
        kept = next((row for row in standing if _same(row, slot)), None)
        if kept:
            standing.remove(kept)
        orders.append(
            kept
            or roster.order(
                agent,
                ship_type=slot.ship_type,
                role=slot.role,
                place=slot.place,
                why=slot.why,
            )
        )
    for row in standing:
        roster.cancel(row, why="no longer needed")
    return orders


def _same(row: ShipOrder, slot: Slot) -> bool:
    return (row.ship_type, row.role, row.place) == (slot.ship_type, slot.role, slot.place)


def _buy(orders: Sequence[ShipOrder], *, api: Client) -> list[Ship]:
    """Try the orders by urgency. What the treasury cannot pay is not overtaken by the rest."""
    bought = []
    for row in orders:
        ship = roster.execute(row, api=api)
        if ship:
            bought.append(ship)
        elif "credits" in row.verdict:
            break
    return bought


def _next_wish(orders: Sequence[ShipOrder], bought: Sequence[Ship]) -> str:
    if bought:
        return f"; bought {', '.join(ship.symbol for ship in bought)}"
    open_orders = [row for row in orders if row.status == ShipOrder.Status.OPEN]
    if not open_orders:
        return ""
    row = open_orders[0]
    return f"; next {row.ship_type.removeprefix('SHIP_')} as {row.role}: {row.verdict}"
