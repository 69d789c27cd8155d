"""Learning systems beyond home: reading them, charting them, and jumping between their gates."""

from datetime import datetime
from typing import Any

from django.db import transaction

from fleet.models import Agent, LedgerEntry, MarketGood, Passage, Ship, System, Waypoint
from fleet.params import ExplorationParams
from fleet.rules import gates
from spacefleet import clock
from spacefleet.spacetraders import Client, errors, system_of

from . import ledger, navigation, parameters, sync, treasury, vacancies

ANTIMATTER = "ANTIMATTER"  # the good a jump uses up, bought at the gate it leaves from
RANK = 60  # of an explorer among the vacancies: when the pipeline at home is manned
ASK_AGAIN = 5  # unfinished gates that one run of the evaluator looks at


def watch(agent: Agent, *, api: Client, trigger: str = "") -> str:
    """Evaluator: see whether gates were finished, and want explorers once there is a way out."""
    params = parameters.resolve(ExplorationParams, "exploration", agent=agent)
    home = _home(agent, api=api)
    if home is None or not home.gate_open or not params.explorers:
        vacancies.state(agent, "exploration", [])
        return _shut_in(home)
    wanted = params.explorers
    asked = _ask_again(agent, home, api=api)
    vacancies.state(
        agent,
        "exploration",
        [
            vacancies.Wanted(
                role="explorer",
                place="",
                needs="probe",
                wanted=wanted,
                why="the gate is open: systems to see, waypoints to chart for their reward",
                rank=RANK,
                rank_step=5,
                ship_type="SHIP_PROBE",
            )
        ],
    )
    return f"the gate is open, {wanted} explorers wanted; looked at {asked} unfinished gates"


def _shut_in(home: System | None) -> str:
    if home is None:
        return "the home system has no gate we know of"
    if not home.gate_open:
        return f"nothing leaves home: {home.gate} is under construction"
    return "no explorers wanted"


def _home(agent: Agent, *, api: Client) -> System | None:
    """The home system, with its gate read again while it is not finished."""
    gate = Waypoint.objects.filter(
        era=agent.era_id, system=agent.home, type="JUMP_GATE"
    ).first()
    if gate is None:
        return None
    row = learn_star(agent, agent.home, gate.symbol, api=api)
    if row.learned_at is None:  # its waypoints were read when we joined
        _write(row, learned_at=gate.seen_at, explored_at=gate.seen_at)
    if not row.gate_open:
        look_at_gate(agent, row, api=api)
    if row.gate_open and row.connections is None:
        learn_connections(agent, row, api=api)
    return row


def _ask_again(agent: Agent, home: System, *, api: Client) -> int:
    """Look at gates that were under construction, those not seen for longest first."""
    shut = System.objects.filter(era=agent.era_id, gate_open=False).exclude(pk=home.pk)
    rows = list(shut.order_by("gate_seen_at", "pk")[:ASK_AGAIN])
    for row in rows:
        look_at_gate(agent, row, api=api)
    return len(rows)


def learn_star(agent: Agent, symbol: str, gate: str, *, api: Client) -> System:
    """The row of a system, with where it is, read from the game at the first sight."""
    row, _ = System.objects.get_or_create(
        era_id=agent.era_id, symbol=symbol, defaults={"gate": gate}
    )
    if row.x is None:
        told = api.get_system(symbol)
        _write(row, x=told.x, y=told.y, type=told.type, gate=gate or row.gate)
    return row


def look_at_gate(agent: Agent, row: System, *, api: Client) -> None:
    """Read whether the gate of a system is finished; anybody may look from afar."""
    told = api.get_waypoint(row.gate)
    sync.store_waypoints(agent, [told])
    _write(row, gate_open=not told.under_construction, gate_seen_at=clock.now())


def learn_system(agent: Agent, row: System, *, api: Client) -> None:
    """Read all waypoints of a system, charted or not."""
    told = list(api.every_waypoint(row.symbol))
    sync.store_waypoints(agent, told)
    navigation.forget_system(agent.era_id, row.symbol)
    gate = next((place for place in told if place.type == "JUMP_GATE"), None)
    if gate is None:
        _write(row, learned_at=clock.now())
        return
    at = clock.now()
    _write(
        row,
        learned_at=at,
        gate=gate.symbol,
        gate_open=not gate.under_construction,
        gate_seen_at=at,
    )


def learn_connections(agent: Agent, row: System, *, api: Client) -> bool:
    """Read where the gate of a system leads, and what lies there; False while it is hidden.

    A gate that nobody charted tells only a ship that is there.
    """
    try:
        told = api.get_jump_gate(row.gate)
    except errors.NotVisible:
        return False
    for gate in told.connections:
        star = learn_star(agent, system_of(gate), gate, api=api)
        if star.gate_open is None:
            look_at_gate(agent, star, api=api)
    _write(row, connections=list(told.connections))
    return True


def explored(row: System) -> None:
    """Nothing is left to see in a system."""
    if row.explored_at is None:
        _write(row, explored_at=clock.now())


def _write(row: System, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))


def chart(ship: Ship, *, api: Client) -> str:
    """Chart the waypoint of a ship for its reward; says what came of it."""
    agent = ship.agent
    try:
        with ledger.moving(agent.pk) as move:
            answer = api.chart(ship.symbol)
            with transaction.atomic():
                sync.store_waypoints(agent, [answer.waypoint])
                if answer.transaction:
                    _book_chart(ship, answer.transaction.total, answer.transaction.at)
            if answer.credits is not None:
                move.settle(answer.credits)
    except errors.AlreadyCharted:
        sync.store_waypoints(agent, [api.get_waypoint(ship.waypoint)])
        return f"somebody charted {ship.waypoint} first"
    paid = answer.transaction.total if answer.transaction else 0
    return f"charted {ship.waypoint} for {paid:,} credits"


def _book_chart(ship: Ship, amount: int, at: datetime, note: str = "") -> None:
    ledger.book(
        ship.agent_id,
        LedgerEntry.Kind.CHART,
        amount,
        ship=ship,
        behaviour="explorer",
        waypoint=ship.waypoint,
        game_at=at,
        note=note,
    )


def refusal(ship: Ship, params: ExplorationParams) -> str | None:
    """Why a ship may not pay for a jump from the gate it is at, or None."""
    free = treasury.funds(ship.agent)
    if free is None:
        return "waits until the balance is certain"
    return gates.refusal(
        price(ship),
        credits=free,
        floor=params.cash_floor + treasury.earmarked(ship.agent),
        most=params.dearest_jump,
    )


def price(ship: Ship) -> int | None:
    """What antimatter costs at the gate of a ship, as last seen; None where nobody knows."""
    good = MarketGood.objects.filter(
        waypoint__era=ship.agent.era_id, waypoint__symbol=ship.waypoint, good=ANTIMATTER
    ).first()
    return good.we_pay if good else None


def jump(ship: Ship, to: str, *, api: Client) -> None:
    """Go through the gate to the gate `to`, and book the antimatter.

    Ask `refusal` first. The passage is written before the game is asked: should the answer be
    lost, `heal` tells by the place of the ship whether it was made.
    """
    navigation.orbit(ship, api=api)
    expected = price(ship)
    assert expected is not None, "never for an unknown price"
    row = Passage.objects.create(
        ship=ship,
        origin=ship.waypoint,
        destination=to,
        price=expected,
        asked_at=clock.now(),
    )
    with ledger.moving(ship.agent_id) as move:
        try:
            answer = api.jump(ship.symbol, to)
        except errors.Refused as error:
            _end(row, Passage.Outcome.REFUSED, str(error))
            raise
        with transaction.atomic():
            sync.write(
                ship,
                system=answer.nav.system,
                cooldown_ends_at=answer.cooldown_ends_at,
                **sync.nav_fields(answer.nav),
            )
            if answer.transaction:
                ledger.book_trade(ship, answer.transaction)
            _end(row, Passage.Outcome.JUMPED, "")
        move.settle(answer.credits)


def _end(row: Passage, outcome: str, why: str) -> None:
    row.outcome, row.why, row.ended_at = outcome, why[:200], clock.now()
    row.save(update_fields=["outcome", "why", "ended_at"])


def heal(ship: Ship, *, before: dict[str, int], since: datetime, api: Client) -> str:
    """Settle a jump or a chart whose answer was lost, now that the ship was read anew."""
    said = _heal_jump(ship), _heal_chart(ship, api=api)
    return "; ".join(each for each in said if each)


def _heal_jump(ship: Ship) -> str:
    row = ship.passages.filter(outcome=Passage.Outcome.ASKED).first()
    if row is None:
        return ""
    if ship.waypoint != row.destination:
        _end(row, Passage.Outcome.REFUSED, "it never reached the game")
        return f"the jump to {row.destination} never reached the game"
    with transaction.atomic():
        _end(row, Passage.Outcome.JUMPED, "the answer was lost")
        ledger.book(
            ship.agent_id,
            LedgerEntry.Kind.PURCHASE,
            -row.price,
            ship=ship,
            behaviour="explorer",
            good=ANTIMATTER,
            units=1,
            price=row.price,
            waypoint=row.origin,
            note="healed: the answer was lost, booked at the price last seen",
        )
    return f"had jumped to {row.destination}"


def _heal_chart(ship: Ship, *, api: Client) -> str:
    """A chart the game has of us and we have not: its reward is what the balance has more.

    The game lists no transactions of charts. With other moves of the agent under way the
    difference proves nothing, and stays visible as drift.
    """
    agent = ship.agent
    mine = Waypoint.objects.filter(
        era=agent.era_id, symbol=ship.waypoint, charted=False
    ).first()
    if mine is None or ship.role != "explorer":
        return ""
    told = api.get_waypoint(ship.waypoint)
    sync.store_waypoints(agent, [told])
    if not told.charted or told.chart is None or told.chart.submitted_by != agent.symbol:
        return ""
    with ledger.moving(agent.pk) as move:
        credits = api.get_my_agent().credits
        agent.refresh_from_db(fields=["credits"])
        more = credits - agent.credits
        if move.alone and more > 0:
            at = told.chart.submitted_at or clock.now()
            _book_chart(ship, more, at, "healed: the answer was lost, booked by difference")
    return f"had charted {ship.waypoint}"
