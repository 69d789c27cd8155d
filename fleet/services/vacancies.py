"""Stating vacancies: what a domain wants ships for, where, and what they would be worth there."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from fleet.models import Agent, Vacancy
from spacefleet import clock


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


@transaction.atomic
def state(agent: Agent, stated_by: str, wanted: Iterable[Wanted]) -> None:
    """Replace everything `stated_by` wanted before; what is unchanged is not written."""
    standing = {(row.role, row.place): row for row in Vacancy.objects.filter(agent=agent)}
    kept = set()
    for want in wanted:
        columns = want.columns(stated_by)
        row = standing.get((want.role, want.place))
        kept.add((want.role, want.place))
        if row is None:
            Vacancy.objects.create(
                agent=agent,
                role=want.role,
                place=want.place,
                stated_at=clock.now(),
                **columns,
            )
        elif any(getattr(row, name) != value for name, value in columns.items()):
            Vacancy.objects.filter(pk=row.pk).update(stated_at=clock.now(), **columns)
    dropped = [
        row.pk
        for key, row in standing.items()
        if key not in kept and row.stated_by == stated_by
    ]
    if dropped:
        Vacancy.objects.filter(pk__in=dropped).delete()
