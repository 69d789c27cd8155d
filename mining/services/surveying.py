"""Making surveys and sharing them with every ship of the era."""

from fleet.models import Ship
from fleet.services import navigation, sync
from mining.models import Survey
from spacefleet import clock
from spacefleet.spacetraders import Client


def survey(ship: Ship, *, api: Client, why: str = "") -> list[Survey]:
    """Survey the waypoint the ship is at; all ships may use what comes of it."""
    navigation.orbit(ship, api=api)
    answer = api.survey(ship.symbol)
    sync.note(ship, cooldown_ends_at=answer.cooldown_ends_at)
    at = clock.now()
    return Survey.objects.bulk_create(
        [
            Survey(
                era_id=ship.agent.era_id,
                waypoint=told.waypoint,
                signature=told.signature,
                deposits=list(told.deposits),
                size=told.size,
                raw=dict(told.raw),
                made_by=ship,
                made_at=at,
                expires_at=told.expires_at,
                why=why[:200],
            )
            for told in answer.surveys
        ],
        update_conflicts=True,
        unique_fields=["era", "signature"],
        update_fields=["expires_at"],
    )
