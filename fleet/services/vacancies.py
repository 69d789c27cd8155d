"""Stating vacancies: what a domain wants ships for, where, and what they would be worth there."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from fleet.models import Agent, Vacancy
from spacefleet import clock
from spacefleet.statements import Select


@dataclass(frozen=True, slots=True)
class Wanted:
    """A vacancy as a domain states it. `rank_step` makes each further ship less urgent."""

    role: str
    place: str
    needs: str
    wanted: int
    why: str
    rank: int
    rank_step: int = 0
    ship_type: str = ""
    value_per_hour: float = 0.0
    goods: tuple[str, ...] = ()

    def columns(self, stated_by: str) -> dict[str, Any]:
        return {
            "stated_by": stated_by,
            "needs": self.needs,
            "goods": list(self.goods),
            "ship_type": self.ship_type,
            "rank": self.rank,
            "rank_step": self.rank_step,
            "wanted": self.wanted,
            "value_per_hour": self.value_per_hour,
            "why": self.why[:200],
        }


_vacancies = Select(lambda agent: Vacancy.objects.filter(agent=agent).order_by("pk"))


def standing(agent: Agent) -> list[Vacancy]:
    """All vacancies of an agent, the oldest first."""
    return _vacancies.all(agent=agent.pk)


def state(agent: Agent, stated_by: str, wanted: Iterable[Wanted]) -> None:
    """Replace everything `stated_by` wanted before; what is unchanged is not written."""
    rows = {(row.role, row.place): row for row in standing(agent)}
    wishes = {(want.role, want.place): want for want in wanted}
    changed = [want for key, want in wishes.items() if _differs(rows.get(key), want, stated_by)]
    dropped = [
        row.pk for key, row in rows.items() if key not in wishes and row.stated_by == stated_by
    ]
    if changed or dropped:
        _replace(agent, stated_by, changed, dropped)


def _differs(row: Vacancy | None, want: Wanted, stated_by: str) -> bool:
    return row is None or any(
        getattr(row, name) != value for name, value in want.columns(stated_by).items()
    )


@transaction.atomic
def _replace(
    agent: Agent, stated_by: str, changed: Iterable[Wanted], dropped: Collection[int]
) -> None:
    for want in changed:
        Vacancy.objects.update_or_create(
            agent=agent,
            role=want.role,
            place=want.place,
            defaults={"stated_at": clock.now(), **want.columns(stated_by)},
        )
    Vacancy.objects.filter(pk__in=dropped).delete()
