"""Surveys as JSON text."""

from typing import TYPE_CHECKING

from spacefleet.universe.api.call import array
from spacefleet.universe.state import Survey

if TYPE_CHECKING:
    from spacefleet.universe.world import World


def survey(world: "World", found: Survey) -> str:
    deposits = array(f'{{"symbol":"{good}"}}' for good in found.deposits)
    return (
        f'{{"signature":"{found.signature}","symbol":"{found.waypoint}",'
        f'"deposits":{deposits},"expiration":"{world.stamp(found.expires_at)}",'
        f'"size":"{found.size}"}}'
    )
