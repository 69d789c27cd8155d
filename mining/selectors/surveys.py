"""Which surveys are there, what they are worth, and what to do about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from fleet.models import Ship
from mining.models import Kind, Site, Survey
from mining.params import SurveyingParams
from mining.rules import aiming, deposits
from mining.rules.aiming import NOTHING, Aim, Digging, Policy
from spacefleet import clock
from spacefleet.statements import Select

FILL = 0.7  # share of its hold from which a miner hands over, unless an owner says otherwise
DRONE = 3  # units a load of the ships a surveyor works for
REQUESTS_A_LOAD = 2.5  # of digging, handing over and selling, for each extraction; in the lab

_usable = Select(
    lambda era, waypoint, until: Survey.objects.filter(
        era=era, waypoint=waypoint, expires_at__gt=until, exhausted_at__isnull=True
    ).order_by("expires_at", "pk")
)
_past = Select(
    lambda era, waypoint: (
        Survey.objects.filter(era=era, waypoint=waypoint)
        .order_by("-made_at", "-pk")
        .values_list("deposits", flat=True)[: aiming.HISTORY]
    )
)


def usable(
    era: int, waypoint: str, *, at: datetime, guard: float, max_uses: int = 0
) -> list[Survey]:
    """Surveys of a waypoint that will live for another `guard` game seconds.

    `max_uses` 0 uses them until the game says they give nothing more.
    """
    rows = _usable.all(era=era, waypoint=waypoint, until=at + clock.game(guard))
    return [row for row in rows if not max_uses or row.uses < max_uses]


@dataclass(frozen=True, slots=True)
class Outlook:
    """A site as a decision about surveys sees it.

    `aims` belong to `rows`, position by position; `worth` is what one list of deposits brings.
    """

    rows: list[Survey]
    aims: list[Aim]
    digging: Digging
    prices: dict[str, float]
    params: SurveyingParams

    def worth(self, listed: Sequence[str], aboard: Mapping[str, int] = NOTHING) -> float:
        thrift = self.params.thrift if self.params.policy == Policy.STOPPING else 0
        return aiming.net_value(
            listed, self.prices, self.digging, thrift=thrift / 100, aboard=aboard
        )


def outlook(
    ship: Ship, site: Site, params: SurveyingParams, *, at: datetime, max_uses: int = 0
) -> Outlook:
    """What can be dug at a site, with and without surveys, at the prices that `site` holds."""
    rows: list[Survey] = []
    if params.policy != Policy.NEVER and site.kind == Kind.EXTRACT:
        era, place = ship.agent.era_id, site.waypoint.symbol
        rows = usable(era, place, at=at, guard=params.guard, max_uses=max_uses)
    prices = site.prices if params.policy == Policy.STOPPING else site.shown
    goods = deposits.goods_of(site.waypoint.type, site.waypoint.traits)
    digging = _digging(ship, site, goods, rows, prices)
    bare = Outlook(rows, [], digging, prices, params)
    aims = [
        Aim(
            bare.worth(row.deposits),
            aiming.left(row.size, row.units),
            clock.elapsed(at, row.expires_at),
        )
        for row in rows
    ]
    return Outlook(rows, aims, replace(digging, blind=bare.worth(goods)), prices, params)


def _digging(
    ship: Ship,
    site: Site,
    goods: Sequence[str],
    rows: Sequence[Survey],
    prices: Mapping[str, float],
) -> Digging:
    share = 0.5 if "STRIPPED" in site.waypoint.traits else 1.0
    load = max(1.0, (ship.laser_strength or DRONE) * share)
    best = max(
        [deposits.mean_price(goods, prices)]
        + [deposits.survey_value(row.deposits, prices) for row in rows]
    )
    hold = max(load, FILL * (ship.cargo_capacity or 15))
    pace = site.pace or load / deposits.DRONE_CYCLE
    return Digging(0.0, pace, load, hold, best * load / REQUESTS_A_LOAD)


def pick(ship: Ship, site: Site, view: Outlook) -> tuple[Survey | None, str]:
    """The survey to dig by, None to dig without, and why."""
    if site.kind == Kind.SIPHON:
        return None, ""
    floor = _floor(ship, site, view) if view.rows else None
    aims, blind = view.aims, view.digging.blind
    if ship.cargo and view.params.policy == Policy.STOPPING:  # what is aboard is sorted anyway
        aims = [
            replace(aim, value=view.worth(row.deposits, ship.cargo))
            for aim, row in zip(view.aims, view.rows, strict=True)
        ]
        goods = deposits.goods_of(site.waypoint.type, site.waypoint.traits)
        blind = view.worth(goods, ship.cargo)
    chosen, why = aiming.pick(view.params.policy, aims, blind, floor=floor)
    return (None if chosen is None else view.rows[chosen]), why


def survey_again(ship: Ship, site: Site, view: Outlook) -> tuple[bool, str]:
    """Whether the ship should survey its site now, and why or why not.

    What it could dig in the time of a survey is what the survey costs beside the request.
    """
    digs = ship.extracts
    best = max([view.digging.blind, *(aim.value for aim in view.aims)])
    usual: Sequence[float] = ()
    if view.params.policy == Policy.STOPPING:
        usual = [view.worth(listed) for listed in _seen(ship, site)]
    return aiming.survey_again(
        view.params.policy,
        view.aims,
        usual,
        view.digging,
        digs=digs,
        instead=best * view.digging.load if digs else 0.0,
        floor=_floor(ship, site, view),
        foresight=view.params.foresight / 100,
    )


def _floor(ship: Ship, site: Site, view: Outlook) -> float | None:
    """From which value on a survey is a good one, for the policy that asks."""
    if view.params.policy != Policy.PERCENTILE:
        return None
    past = _past.all(era=ship.agent.era_id, waypoint=site.waypoint.symbol)
    return aiming.good_from([view.worth(each) for each in past], view.params.percentile)


def _seen(ship: Ship, site: Site) -> list[Sequence[str]]:
    """The last hundred surveys of a site, filled up with what is usual at such a place: of the
    goods this ship's surveyors can name."""
    past: list[Sequence[str]] = _past.all(era=ship.agent.era_id, waypoint=site.waypoint.symbol)
    goods = deposits.goods_of(site.waypoint.type, site.waypoint.traits)
    prior = aiming.typical(tuple(sorted(deposits.nameable(goods, ship.survey_strength))))
    return [*past, *prior[: aiming.HISTORY - len(past)]]
