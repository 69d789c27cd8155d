"""Writing into our rows what the game told us of ships and places."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import transaction

from fleet.models import Agent, MarketGood, Ship, ShipPrice, ShipyardOffer, Waypoint, Wish
from spacefleet import clock
from spacefleet.spacetraders import Client, payloads
from spacefleet.statements import Select, Update

from . import alarms, novelties

ALARMING = {"wake_at", "excluded", "lost_at"}
"""Columns that decide whether and when a ship steps."""

SHIP_FIELDS = [
    "frame",
    "registration",
    "nav_status",
    "system",
    "waypoint",
    "origin",
    "departed_at",
    "arrives_at",
    "flight_mode",
    "fuel",
    "fuel_capacity",
    "speed",
    "cargo",
    "cargo_units",
    "cargo_capacity",
    "cooldown_ends_at",
    "laser_strength",
    "siphon_strength",
    "survey_strength",
    "mounts",
    "modules",
    "condition",
    "seen_at",
]


def ship_fields(told: payloads.Ship, *, at: datetime) -> dict[str, Any]:
    """The columns of a ship as the game tells them."""
    return {
        "frame": told.frame.symbol,
        "registration": told.role,
        "system": told.nav.system,
        **nav_fields(told.nav),
        "fuel": told.fuel.current,
        "fuel_capacity": told.fuel.capacity,
        "speed": max(1, told.speed),
        **cargo_fields(told.cargo),
        "cargo_capacity": told.cargo.capacity,
        "cooldown_ends_at": told.cooldown_ends_at,
        "laser_strength": _strength(told, "MOUNT_MINING_LASER", "MODULE_MINERAL_PROCESSOR"),
        "siphon_strength": _strength(told, "MOUNT_GAS_SIPHON", "MODULE_GAS_PROCESSOR"),
        "survey_strength": _strength(told, "MOUNT_SURVEYOR", ""),
        "mounts": [mount.symbol for mount in told.mounts],
        "modules": [module.symbol for module in told.modules],
        "condition": told.condition,
        "seen_at": at,
    }


def nav_fields(nav: payloads.Nav) -> dict[str, Any]:
    return {
        "nav_status": nav.status,
        "waypoint": nav.waypoint,
        "origin": nav.origin,
        "departed_at": nav.departed_at,
        "arrives_at": nav.arrives_at,
        "flight_mode": nav.flight_mode,
    }


def cargo_fields(cargo: payloads.Cargo) -> dict[str, Any]:
    return {"cargo": dict(cargo.goods), "cargo_units": cargo.units}


def _strength(told: payloads.Ship, mount: str, module: str) -> int:
    """Summed strength of its mounts of one kind, 0 without the module they need."""
    if module and not any(each.symbol.startswith(module) for each in told.modules):
        return 0
    return sum(each.strength or 0 for each in told.mounts if each.symbol.startswith(mount))


def write(ship: Ship, **fields: Any) -> None:
    """Change some columns of a ship, in memory and in the database, and nothing else.

    What `note` left unwritten goes with it.
    """
    for name, value in fields.items():
        setattr(ship, name, value)
    if ship.unwritten:
        fields = ship.unwritten | fields
        ship.unwritten = {}
    _columns(tuple(sorted(fields))).run(pk=ship.pk, **fields)
    if not ALARMING.isdisjoint(fields):
        alarms.ring()


def note(ship: Ship, **fields: Any) -> None:
    """Change some columns in memory; they are written with the next `write` or, at the latest,
    with the end of the step.

    For what the game said of the ship alone, no other row must agree with, and nobody else
    waits for: should the process die before, the step's mark makes the ship suspect, and it is
    read anew before it acts. Outside of a step it is written at once.
    """
    if ship.unwritten is None:
        write(ship, **fields)
        return
    for name, value in fields.items():
        setattr(ship, name, value)
    ship.unwritten.update(fields)


@lru_cache(maxsize=256)
def _columns(names: tuple[str, ...]) -> Update:
    return Update(lambda pk: (Ship.objects.filter(pk=pk), {}), also=names)


def store_ship(agent: Agent, told: payloads.Ship, *, type: str = "", **extra: Any) -> Ship:
    """Create or renew the row of a ship from the game's full answer."""
    at = clock.now()
    fields = ship_fields(told, at=at)
    novelties.of_ship(agent.era_id, told)
    ship = Ship.objects.filter(agent=agent, symbol=told.symbol).first()
    if ship is None:
        alarms.ring()
        return Ship.objects.create(
            agent=agent,
            symbol=told.symbol,
            type=type,
            wake_at=at,
            joined_at=at,
            **fields,
            **extra,
        )
    write(ship, **fields, **extra)
    return ship


def reread(ship: Ship, *, api: Client) -> Ship:
    """Ask the game for everything about one ship."""
    told = api.get_ship(ship.symbol)
    novelties.of_ship(ship.agent.era_id, told)
    write(ship, **ship_fields(told, at=clock.now()))
    return ship


def store_waypoints(agent: Agent, waypoints: Iterable[payloads.Waypoint]) -> None:
    """Create or renew waypoints of an agent's era."""
    at = clock.now()
    waypoints = list(waypoints)
    rows = [
        Waypoint(
            era_id=agent.era_id,
            system=told.system,
            symbol=told.symbol,
            type=told.type,
            x=told.x,
            y=told.y,
            orbits=told.orbits or "",
            traits=list(told.traits),
            modifiers=list(told.modifiers),
            faction=told.faction or "",
            charted=told.charted,
            under_construction=told.under_construction,
            market="MARKETPLACE" in told.traits,
            shipyard="SHIPYARD" in told.traits,
            seen_at=at,
        )
        for told in waypoints
    ]
    Waypoint.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["era", "symbol"],
        update_fields=[
            "traits",
            "modifiers",
            "faction",
            "charted",
            "under_construction",
            "market",
            "shipyard",
            "seen_at",
        ],
    )
    for told in waypoints:
        novelties.of_place(agent.era_id, told)


def look_at_market(waypoint: Waypoint, *, api: Client) -> bool:
    """Read a market into our rows; True when prices were visible (a ship of ours is there)."""
    market = api.get_market(waypoint.symbol)
    store_market(waypoint, market)
    return market.goods is not None


def store_market(waypoint: Waypoint, market: payloads.Market) -> None:
    at = clock.now()
    novelties.of_market(waypoint.era_id, market)
    if market.goods is None:
        _store_lists(waypoint, market)
        return
    rows = [
        MarketGood(
            waypoint=waypoint,
            good=good.symbol,
            kind=good.kind,
            we_receive=good.we_receive,
            we_pay=good.we_pay,
            trade_volume=good.trade_volume,
            supply=good.supply or "",
            activity=good.activity or "",
            seen_at=at,
        )
        for good in market.goods
    ]
    with transaction.atomic():
        MarketGood.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["waypoint", "good"],
            update_fields=[
                "kind",
                "we_receive",
                "we_pay",
                "trade_volume",
                "supply",
                "activity",
                "seen_at",
            ],
        )
        _answer(waypoint, Wish.What.MARKET, at)


def _store_lists(waypoint: Waypoint, market: payloads.Market) -> None:
    """Write which goods a market trades; prices seen earlier stay, with their age."""
    kinds = {
        MarketGood.Kind.EXPORT: market.exports,
        MarketGood.Kind.IMPORT: market.imports,
        MarketGood.Kind.EXCHANGE: market.exchange,
    }
    MarketGood.objects.bulk_create(
        [
            MarketGood(waypoint=waypoint, good=good, kind=kind)
            for kind, goods in kinds.items()
            for good in goods
        ],
        update_conflicts=True,
        unique_fields=["waypoint", "good"],
        update_fields=["kind"],
    )


def look_at_shipyard(waypoint: Waypoint, *, api: Client) -> bool:
    """Read a shipyard into our rows; True when prices were visible (a ship of ours is there)."""
    yard = api.get_shipyard(waypoint.symbol)
    store_shipyard(waypoint, yard)
    return yard.offers is not None


def store_shipyard(waypoint: Waypoint, yard: payloads.Shipyard) -> None:
    at = clock.now()
    novelties.of_shipyard(waypoint.era_id, yard)
    if yard.offers is None:
        ShipyardOffer.objects.bulk_create(
            [ShipyardOffer(waypoint=waypoint, ship_type=type) for type in yard.ship_types],
            ignore_conflicts=True,
        )
        return
    rows = [
        ShipyardOffer(
            waypoint=waypoint,
            ship_type=offer.type,
            price=offer.price,
            supply=offer.supply or "",
            details={
                "name": offer.name,
                "speed": offer.speed,
                "fuel_capacity": offer.fuel_capacity,
                "cargo_capacity": offer.cargo_capacity,
                "mounts": [mount.symbol for mount in offer.mounts],
                "modules": [module.symbol for module in offer.modules],
            },
            seen_at=at,
        )
        for offer in yard.offers
    ]
    with transaction.atomic():
        _sample(waypoint, rows, at=at)
        ShipyardOffer.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["waypoint", "ship_type"],
            update_fields=["price", "supply", "details", "seen_at"],
        )
        _answer(waypoint, Wish.What.SHIPYARD, at)


def _sample(waypoint: Waypoint, offers: list[ShipyardOffer], *, at: datetime) -> None:
    """Keep the prices that are not those of the look before."""
    known = dict(_known_prices.all(waypoint=waypoint.pk))
    ShipPrice.objects.bulk_create(
        ShipPrice(
            waypoint=waypoint,
            ship_type=offer.ship_type,
            price=offer.price,
            supply=offer.supply,
            at=at,
        )
        for offer in offers
        if offer.price is not None and offer.price != known.get(offer.ship_type)
    )


def _answer(waypoint: Waypoint, what: str, at: datetime) -> None:
    _answered.run(waypoint=waypoint.pk, what=what, at=at)


_known_prices: Select[tuple[str, int | None]] = Select(
    lambda waypoint: ShipyardOffer.objects.filter(waypoint=waypoint).values_list(
        "ship_type", "price"
    )
)


_answered = Update(
    lambda waypoint, what, at: (
        Wish.objects.filter(waypoint=waypoint, what=what, answered_at__isnull=True),
        {"answered_at": at},
    )
)
