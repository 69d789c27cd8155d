"""The roster: who holds which role, and ships bought behind the purchase guard."""

import logging
from datetime import datetime

from django.db import transaction

from fleet.models import (
    Agent,
    LedgerEntry,
    Ship,
    ShipOrder,
    ShipyardOffer,
    Vacancy,
    Waypoint,
    Wish,
)
from fleet.params import PurchaseParams
from fleet.rules import purchases
from spacefleet import clock
from spacefleet.spacetraders import Client, errors, payloads
from spacefleet.statements import Select

from . import (
    alarms,
    controls,
    healing,
    ledger,
    muster,
    parameters,
    protection,
    sync,
    treasury,
    wishes,
)

WAITING = "waiting for a ship of ours at {}"

logger = logging.getLogger(__name__)

_being_bought = Select(
    lambda agent: ShipOrder.objects.filter(
        agent=agent, status=ShipOrder.Status.BUYING
    ).order_by("pk")
)
_waiting = Select(
    lambda agent, verdict: ShipOrder.objects.filter(
        agent=agent, status=ShipOrder.Status.OPEN, verdict=verdict
    ).values_list("pk", flat=True)
)


def assign(ship: Ship, roles: list[str], *, place: str, why: str) -> bool:
    """Give a ship its roles and the place it works at; False when it had them already."""
    if ship.roles == roles and ship.place == place:
        return False
    sync.write(ship, roles=roles, place=place, role_why=why[:200])
    alarms.nudge_ship(ship.pk)
    return True


def order(agent: Agent, *, ship_type: str, role: str, place: str, why: str) -> ShipOrder:
    """Ask for a ship to be bought; the guard decides when."""
    return ShipOrder.objects.create(
        agent=agent,
        ship_type=ship_type,
        role=role,
        place=place,
        why=why[:200],
        ordered_at=clock.now(),
    )


def cancel(row: ShipOrder, *, why: str) -> None:
    """Withdraw an order that is not being executed."""
    ShipOrder.objects.filter(pk=row.pk, status=ShipOrder.Status.OPEN).update(
        status=ShipOrder.Status.CANCELLED, verdict=why[:200], decided_at=clock.now()
    )


def execute(row: ShipOrder, *, api: Client) -> Ship | None:
    """Buy the ordered ship if the guard lets us and one of our ships is at a yard that has it.

    Otherwise the order stays open with the reason, and a fresh look is wished for where that
    would help.
    """
    agent = row.agent
    if said := controls.no_new_work(agent.pk):
        return _refuse(row, said)
    stop = protection.standing(agent.pk)
    if stop is not None:
        return _refuse(row, stop.words)
    agent.refresh_from_db(fields=["credits"])
    offers = list(
        ShipyardOffer.objects.filter(
            waypoint__era=agent.era_id,
            waypoint__system=agent.home,  # where it is wanted, and where somebody can buy it
            ship_type=row.ship_type,
        ).select_related("waypoint")
    )
    if not offers:
        return _refuse(row, f"no shipyard we know of sells {row.ship_type}")
    offer = min(offers, key=lambda each: (each.price is None, each.price or 0, each.pk))
    if not present(agent, offer.waypoint):
        _wish(offer, row)
        return _refuse(row, WAITING.format(offer.waypoint))
    params = parameters.resolve(PurchaseParams, "purchases", agent=agent)
    if _age(offer) is None or _age(offer) > wishes.FRESH:  # type: ignore[operator]
        sync.look_at_shipyard(offer.waypoint, api=api)
        offer.refresh_from_db()
    refusal = purchases.refusal(
        purchases.Offer(offer.price, _age(offer)),
        purchases.Treasury(
            credits=agent.credits,
            floor=params.cash_floor + treasury.earmarked(agent),
            share=params.share,
            max_age=params.max_price_age,
            earns_an_hour=_expected_income(row),
            hours_left=hours_left(agent),
            last_hours=params.last_hours,
        ),
    )
    if refusal:
        return _refuse(row, refusal)
    if said := controls.watching(agent.pk):
        return _refuse(row, f"{said}: would buy it at {offer.waypoint} for {offer.price:,}")
    return _buy(row, offer, api=api)


def wanted_here(ship: Ship) -> bool:
    """Whether an order only waits for a ship at this yard; the conductor is rung if so."""
    waiting = _waiting.first(agent=ship.agent_id, verdict=WAITING.format(ship.waypoint))
    if waiting is not None:
        alarms.nudge("fleet.conductor", ship.agent_id, trigger=f"{ship} is at {ship.waypoint}")
    return waiting is not None


def _expected_income(row: ShipOrder) -> float | None:
    """Credits an hour its vacancy promises a ship, None where nobody can say."""
    vacancy = Vacancy.objects.filter(agent=row.agent, role=row.role, place=row.place).first()
    return (vacancy.value_per_hour or None) if vacancy else None


def hours_left(agent: Agent) -> float | None:
    """Game hours until the next reset, None when none is announced."""
    ends = agent.era.next_reset_at
    return -clock.elapsed(ends) / 3600 if ends else None


def present(agent: Agent, waypoint: Waypoint) -> bool:
    """Whether a ship of ours is at a waypoint right now (an arrival is noticed lazily).

    One in the middle of a step does not count: it may be leaving.
    """
    at = clock.now()
    here = Ship.objects.filter(
        agent=agent, waypoint=waypoint.symbol, lost_at__isnull=True, stepping__isnull=True
    )
    return any(not ship.in_transit(at) for ship in here.only("nav_status", "arrives_at"))


def _age(offer: ShipyardOffer) -> float | None:
    return clock.elapsed(offer.seen_at) if offer.seen_at else None


def _wish(offer: ShipyardOffer, row: ShipOrder) -> None:
    wishes.wish(
        offer.waypoint, Wish.What.SHIPYARD, why=f"to buy {row.ship_type}: {row.why}", value=1e6
    )


def _refuse(row: ShipOrder, why: str) -> Ship | None:
    """Keep the order open with the reason; the same reason twice is one refusal. No ship."""
    if row.verdict != why:
        row.verdict, row.refusals = why[:200], row.refusals + 1
        row.decided_at = clock.now()
        row.save(update_fields=["verdict", "refusals", "decided_at"])
    return None


def _buy(row: ShipOrder, offer: ShipyardOffer, *, api: Client) -> Ship | None:
    """Buy once: the order says BUYING before the game is asked, so that nobody asks twice."""
    begun = clock.now()
    mine = ShipOrder.objects.filter(pk=row.pk, status=ShipOrder.Status.OPEN)
    if not mine.update(
        status=ShipOrder.Status.BUYING,
        waypoint=offer.waypoint.symbol,
        price=offer.price,
        decided_at=begun,
    ):
        return None
    try:
        with ledger.moving(row.agent_id) as move:
            bought = api.purchase_ship(row.ship_type, offer.waypoint.symbol)
            ship = _book(row, bought)
    except errors.OutcomeUnknown:
        raise  # the order stays BUYING until `settle_purchases` has looked
    except errors.SpaceTradersError as error:
        ShipOrder.objects.filter(pk=row.pk).update(status=ShipOrder.Status.OPEN)
        row.refresh_from_db()
        _refuse(row, f"the shipyard refused: {error}")
        if isinstance(error, errors.Refused):
            return None
        raise
    move.settle(bought.credits)
    sync.look_at_shipyard(offer.waypoint, api=api)
    return ship


def _book(row: ShipOrder, bought: payloads.ShipPurchase) -> Ship:
    with transaction.atomic():
        return _enlist(row, bought.ship, bought.transaction)


def _enlist(row: ShipOrder, told: payloads.Ship, paid: payloads.ShipyardTransaction) -> Ship:
    """Write the new ship, what it cost, and the end of its order."""
    ship = sync.store_ship(
        row.agent,
        told,
        type=row.ship_type,
        price_paid=paid.price,
        roles=[row.role],
        place=row.place,
        role_why=row.why,
    )
    _book_price(row, paid, ship=ship)
    ShipOrder.objects.filter(pk=row.pk).update(
        status=ShipOrder.Status.BOUGHT,
        ship=ship,
        price=paid.price,
        verdict=f"bought for {paid.price:,} credits",
        decided_at=clock.now(),
    )
    logger.info("%s bought %s for %s credits: %s", row.agent, ship, paid.price, row.why)
    return ship


def _give_up(row: ShipOrder, paid: payloads.ShipyardTransaction) -> None:
    """A ship that was paid for and that the game cannot show: its price is booked."""
    _book_price(row, paid)
    ShipOrder.objects.filter(pk=row.pk).update(
        status=ShipOrder.Status.CANCELLED,
        verdict=f"paid {paid.price:,} credits for a ship the game fails to show",
        decided_at=clock.now(),
    )


def _book_price(
    row: ShipOrder, paid: payloads.ShipyardTransaction, *, ship: Ship | None = None
) -> None:
    ledger.book(
        row.agent_id,
        LedgerEntry.Kind.SHIP,
        -paid.price,
        ship=ship,
        behaviour="conductor",
        good=row.ship_type,
        units=1,
        price=paid.price,
        waypoint=paid.waypoint,
        game_at=paid.at,
    )


def settle_purchases(agent: Agent, *, api: Client) -> int:
    """Look what became of purchases whose answer was lost; answers how many were settled.

    A bought ship shows as one in the game's list that we do not have, and as a transaction at
    the yard. Without both the order opens again, but not while the request may be on its way;
    one that was paid for and cannot be shown is booked, and not bought a second time.
    """
    settled, at = 0, clock.now()
    for row in _being_bought.all(agent=agent.pk):
        begun = row.decided_at or row.ordered_at
        if at - begun < healing.IN_FLIGHT:
            continue
        row.agent = agent
        ours = set(Ship.objects.filter(agent=agent).values_list("symbol", flat=True))
        seen = muster.muster(agent.symbol, api=api)
        fresh = [told for told in seen.ships if told.symbol not in ours]
        paid = _paid(row, since=begun, api=api)
        with transaction.atomic():
            if fresh and paid:
                _enlist(row, fresh[0], paid)
            elif paid and seen.unreadable:
                _give_up(row, paid)
            else:
                ShipOrder.objects.filter(pk=row.pk).update(
                    status=ShipOrder.Status.OPEN, verdict="the purchase never reached the game"
                )
        settled += 1
    return settled


def _paid(
    row: ShipOrder, *, since: datetime, api: Client
) -> payloads.ShipyardTransaction | None:
    """The yard's own record of our purchase, not yet in the ledger."""
    booked = set(
        LedgerEntry.objects.filter(agent=row.agent, kind=LedgerEntry.Kind.SHIP).values_list(
            "game_at", "price"
        )
    )
    yard = api.get_shipyard(row.waypoint)
    for trade in sorted(yard.transactions or (), key=lambda each: each.at):
        ours = trade.agent == row.agent.symbol and trade.ship_type == row.ship_type
        if (
            ours
            and trade.at >= since - healing.MARGIN
            and (trade.at, trade.price) not in booked
        ):
            return trade
    return None
