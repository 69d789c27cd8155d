"""Telling people of what the game added: symbols its published description does not name.

Whatever is unknown is played on with as if it were nothing special. Asking costs no statement
unless something is new.
"""

from collections.abc import Iterable

from fleet.models import Novelty
from spacefleet import clock
from spacefleet.spacetraders import payloads
from spacefleet.spacetraders.vocabulary import GOODS, MODIFIERS, PLACES, TRAITS

Kind = Novelty.Kind

KNOWN = {
    Kind.SHIP: GOODS,
    Kind.PART: GOODS,
    Kind.GOOD: GOODS,
    Kind.PLACE: PLACES,
    Kind.TRAIT: TRAITS,
    Kind.MODIFIER: MODIFIERS,
}


def notice(era: int, seen_on: str, kind: Novelty.Kind, symbols: Iterable[str]) -> None:
    """Write down what of `symbols` is new; what was seen before keeps where it was first."""
    new = set(symbols) - KNOWN[kind]
    if not new:
        return
    at = clock.now()
    width = Novelty._meta.get_field("symbol").max_length
    rows = [
        Novelty(era_id=era, kind=kind, symbol=one[:width], seen_on=seen_on, seen_at=at)
        for one in sorted(new)
    ]
    Novelty.objects.bulk_create(rows, ignore_conflicts=True)


def of_ship(era: int, told: payloads.Ship) -> None:
    notice(era, told.symbol, Kind.PART, _parts(told))
    notice(era, told.symbol, Kind.GOOD, told.cargo.goods)


def of_place(era: int, told: payloads.Waypoint) -> None:
    notice(era, told.symbol, Kind.PLACE, [told.type])
    notice(era, told.symbol, Kind.TRAIT, told.traits)
    notice(era, told.symbol, Kind.MODIFIER, told.modifiers)


def of_market(era: int, told: payloads.Market) -> None:
    visible = (good.symbol for good in told.goods or ())
    listed = (*told.imports, *told.exports, *told.exchange)
    notice(era, told.symbol, Kind.GOOD, {*visible, *listed})


def of_shipyard(era: int, told: payloads.Shipyard) -> None:
    offers = told.offers or ()
    notice(era, told.symbol, Kind.SHIP, {*told.ship_types, *(one.type for one in offers)})
    notice(era, told.symbol, Kind.PART, {part for one in offers for part in _parts(one)})


def _parts(told: payloads.Ship | payloads.ShipyardOffer) -> set[str]:
    fixed = {told.frame.symbol, told.reactor.symbol, told.engine.symbol}
    return fixed | {part.symbol for part in (*told.mounts, *told.modules)}
