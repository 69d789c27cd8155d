"""Duties that exist in tests only, and a record of what they did."""

from collections.abc import Iterator

import pytest

from spacefleet import jobs
from tests.engine import duties


@pytest.fixture
def record(monkeypatch: pytest.MonkeyPatch) -> Iterator[duties.Record]:
    for name, role in duties.ROLES.items():
        monkeypatch.setitem(jobs.ROLES, name, role)
    for name, every in duties.EVALUATORS.items():
        monkeypatch.setitem(jobs.EVALUATORS, name, every)
    yield duties.renew()
    duties.renew()
