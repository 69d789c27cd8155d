"""Making surveys and sharing them with every ship of the era."""

from fleet.models import Ship
from fleet.services import navigation, sync
from mining.models import Survey
from spacefleet import clock
from spacefleet.spacetraders import Client


def survey(ship: Ship, *, api: Client) -> list[Survey]:
    """Survey the waypoint the ship is at; all ships may use what comes of it."""
    navigation.orbit(ship, api=api)
    answer = api.survey(ship.symbol)
    sync.write(ship, cooldown_ends_at=answer.cooldown_ends_at)
    at = clock.now()
    Survey.objects.bulk_create(
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
            )
            for told in answer.surveys
        ],
        ignore_conflicts=True,
    )
    return list(
        Survey.objects.filter(
            era=ship.agent.era_id, signature__in=[told.signature for told in answer.surveys]
        )
    )
