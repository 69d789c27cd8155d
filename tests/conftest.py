"""What every test begins with: no tokens from outside, nothing remembered from the last test."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from spacefleet import clock
from tests.crew import Crew, crewed
from tests.factories import NOON

# No test is timed: how long an example takes says how busy the machine is.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


@pytest.fixture(autouse=True)
def _tokens_of_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test may speak for somebody's real agent."""
    for name in ("SPACETRADERS_TOKEN", "SPACETRADERS_ACCOUNT_TOKEN"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Places, parameters and the time factor are kept per process: forget them around a test."""
    from fleet.selectors import earnings
    from fleet.services import controls, navigation, parameters
    from spacefleet import metrics

    navigation.forget_places()
    parameters.forget()
    controls.forget()
    earnings.forget()
    metrics.forget()
    yield
    navigation.forget_places()
    parameters.forget()
    clock.set_factor(1.0)


@pytest.fixture
def noon() -> Iterator[clock.VirtualClock]:
    """The clock stands at noon; only sleeping moves it."""
    with clock.frozen_at(NOON) as stopped:
        yield stopped


@pytest.fixture
def crew(db: None) -> Iterator[Crew]:
    """A fleet in a universe of its own, its ships placed by hand."""
    with crewed() as found:
        yield found
