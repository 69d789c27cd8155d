"""Taking goods out of rocks and gas giants, and the sessions that count them."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from fleet.models import LedgerEntry, Ship
from fleet.services import cargo, navigation, novelties, sync
from inventory.models import Transfer
from mining.models import Extraction, Jettison, Kind, Session, Site, Survey
from mining.selectors import stays
from spacefleet import clock
from spacefleet.spacetraders import Client, errors
from spacefleet.statements import Update

_used = Update(
    lambda pk, units: (
        Survey.objects.filter(pk=pk),
        {"uses": F("uses") + 1, "units": F("units") + units},
    )
)


def open_session(
    ship: Ship, site: Site, *, at: datetime, running: Session | None = None
) -> Session:
    """The running session of a ship at a site; a session elsewhere ends.

    `running` is what the caller knows to be running already.
    """
    running = running or stays.running(ship)
    if running and running.site_id == site.pk:
        running.ship, running.site = ship, site
        return running
    if running:
        end_session(ship, outcome="moved to another site", at=at)
    return Session.objects.create(ship=ship, site=site, started_at=at)


def end_session(ship: Ship, *, outcome: str, at: datetime) -> None:
    """End the running session of a ship, if there is one."""
    Session.objects.filter(ship=ship, ended_at__isnull=True).update(
        ended_at=at, outcome=outcome[:100]
    )


def take(
    ship: Ship,
    site: Site,
    *,
    survey: Survey | None,
    prices: Mapping[str, float],
    api: Client,
    at: datetime,
    stay: Session | None = None,
    why: str = "",
) -> Extraction | None:
    """Extract or siphon one load at the site and write it down.

    None when the survey turned out to be used up or expired; it is marked, pick the next.
    Raises CooldownActive, and UnstableAsteroid when the rock must rest.
    """
    navigation.orbit(ship, api=api)
    session = open_session(
        ship, site, at=at, running=stay
    )  # before the game is asked: `heal` goes by it
    try:
        if site.kind == Kind.SIPHON:
            answer = api.siphon(ship.symbol)
        else:
            answer = api.extract(ship.symbol, survey.raw if survey else None)
    except errors.SurveyUnusable:
        if survey is None:
            raise
        Survey.objects.filter(pk=survey.pk).update(exhausted_at=clock.now())
        return None
    novelties.notice(ship.agent.era_id, ship.waypoint, novelties.Kind.GOOD, [answer.good])
    with transaction.atomic():
        sync.write(
            ship,
            **sync.cargo_fields(answer.cargo),
            cooldown_ends_at=answer.cooldown_ends_at,
        )
        if survey:
            _used.run(pk=survey.pk, units=answer.units)
        return _write_down(
            session,
            good=answer.good,
            units=answer.units,
            survey=survey,
            prices=prices,
            why=why,
        )


def _write_down(
    session: Session,
    *,
    good: str,
    units: int,
    survey: Survey | None,
    prices: Mapping[str, float],
    why: str = "",
) -> Extraction:
    price = prices.get(good)
    return Extraction.objects.create(
        session=session,
        ship=session.ship,
        survey=survey,
        waypoint=session.site.waypoint.symbol,
        kind=session.site.kind,
        good=good,
        units=units,
        price=None if price is None else round(price),
        why=why[:200],
        at=clock.now(),
    )


def drop(
    ship: Ship, goods: Mapping[str, int], *, prices: Mapping[str, float], api: Client, why: str
) -> int:
    """Throw goods overboard, each with what it would have brought; answers the units."""
    for good, units in goods.items():
        cargo.jettison(ship, good, units, api=api)
        Jettison.objects.create(
            ship=ship,
            good=good,
            units=units,
            price=round(prices.get(good, 0)),
            why=why[:200],
            at=clock.now(),
        )
    return sum(goods.values())


def heal(ship: Ship, *, before: Mapping[str, int], since: datetime, api: Client) -> str:
    """Write down loads that came aboard, and goods thrown overboard, in calls whose answers were
    lost."""
    session = (
        Session.objects.filter(ship=ship, ended_at__isnull=True)
        .select_related("ship", "site__waypoint")
        .first()
    )
    digs = session is not None and session.site.waypoint.symbol == ship.waypoint
    said = []
    if session is not None and digs and (found := _heal_loads(session, ship, before)):
        said.append(f"extracted {', '.join(found)} unseen")
    if digs or "/jettison" in ship.suspect_why:
        said += _heal_jettisons(ship, before, since=since)
    return "; ".join(said)


def _heal_loads(session: Session, ship: Ship, before: Mapping[str, int]) -> list[str]:
    """What came aboard without anybody having handed it over."""
    handed = _handed_over(ship)
    found = []
    for good, units in ship.cargo.items():
        more = units - before.get(good, 0) - handed[good]
        if more > 0:
            _write_down(session, good=good, units=more, survey=None, prices={})
            found.append(f"{more} {good}")
    return found


def _heal_jettisons(ship: Ship, before: Mapping[str, int], *, since: datetime) -> list[str]:
    """Goods of a digging ship that are gone, and that nobody took or bought."""
    given = Counter[str]()
    for row in Transfer.objects.filter(giver=ship, status__in=Transfer.UNSETTLED):
        given[row.good] += row.units
    for good, units in LedgerEntry.objects.filter(
        ship=ship, kind=LedgerEntry.Kind.SALE, game_at__gte=since
    ).values_list("good", "units"):
        given[good] += units or 0
    found = []
    for good, units in before.items():
        gone = units - ship.cargo.get(good, 0) - given[good]
        if gone > 0:
            Jettison.objects.create(
                ship=ship,
                good=good,
                units=gone,
                price=0,
                why="thrown overboard, seen later: the answer was lost",
                at=clock.now(),
            )
            found.append(f"{gone} {good} thrown overboard unseen")
    return found


def _handed_over(ship: Ship) -> Counter[str]:
    """Units by good that other ships may have put aboard in transfers nobody wrote down."""
    unsettled = [Transfer.Status.RESERVED, Transfer.Status.UNKNOWN]
    handed: Counter[str] = Counter()
    for row in Transfer.objects.filter(receiver=ship, status__in=unsettled):
        handed[row.good] += row.units
    return handed
