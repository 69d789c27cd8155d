"""Systems, waypoints and construction sites as JSON text."""

from typing import TYPE_CHECKING

from spacefleet.universe.api.call import encode
from spacefleet.universe.catalog import places
from spacefleet.universe.state import Construction, System, Waypoint

if TYPE_CHECKING:
    from spacefleet.universe.world import World


def system(star: System) -> str:
    if not star.text:
        star.text = encode(
            {
                "symbol": star.symbol,
                "sectorSymbol": star.symbol.partition("-")[0],
                "type": star.type,
                "x": star.x,
                "y": star.y,
                "waypoints": [_system_waypoint(place) for place in star.waypoints.values()],
                "factions": [{"symbol": symbol} for symbol in star.factions],
            }
        )
    return star.text


def _system_waypoint(place: Waypoint) -> dict[str, object]:
    fields: dict[str, object] = {
        "symbol": place.symbol,
        "type": place.type,
        "x": place.x,
        "y": place.y,
        "orbitals": [{"symbol": symbol} for symbol in place.orbitals],
    }
    if place.orbits is not None:
        fields["orbits"] = place.orbits
    return fields


def waypoint(world: "World", place: Waypoint) -> str:
    if not place.text:
        fields = _system_waypoint(place)
        fields["systemSymbol"] = place.system
        fields["traits"] = traits(place.traits if place.charted else ["UNCHARTED"])
        fields["modifiers"] = modifiers(place.modifiers)
        fields["isUnderConstruction"] = place.under_construction
        if place.charted:
            fields["chart"] = chart_fields(world, place)
            if place.faction is not None:
                fields["faction"] = {"symbol": place.faction}
        place.text = encode(fields)
    return place.text


def traits(symbols: list[str]) -> list[dict[str, str]]:
    return [
        {"symbol": symbol, "name": name, "description": description}
        for symbol, (name, description) in ((s, places.TRAITS[s]) for s in symbols)
    ]


def modifiers(symbols: list[str]) -> list[dict[str, str]]:
    return [
        {"symbol": symbol, "name": name, "description": description}
        for symbol, (name, description) in ((s, places.MODIFIERS[s]) for s in symbols)
    ]


def chart_fields(world: "World", place: Waypoint) -> dict[str, str]:
    return {
        "waypointSymbol": place.symbol,
        "submittedBy": place.charted_by or "",
        "submittedOn": world.stamp(place.charted_at),
    }


def construction(site: Construction) -> str:
    materials = [
        {"tradeSymbol": good, "required": required, "fulfilled": fulfilled}
        for good, (required, fulfilled) in site.materials.items()
    ]
    return encode(
        {"symbol": site.waypoint, "materials": materials, "isComplete": site.complete}
    )
