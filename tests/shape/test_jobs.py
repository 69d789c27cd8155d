"""Everything that runs on its own, on one page (spacefleet.jobs): each name leads somewhere."""

import inspect
from dataclasses import fields, is_dataclass

import pytest

from spacefleet import jobs, parameters
from spacefleet.parameters import load

WHOLE_OR_WORDS = (bool, int, float, str, list)


@pytest.mark.parametrize("role", jobs.ROLES)
def test_every_role_has_a_life(role):
    loop = load(jobs.ROLES[role].loop)

    assert list(inspect.signature(loop).parameters) == ["ship", "api", "at"]
    assert 0 <= jobs.ROLES[role].priority <= 4
    assert jobs.ROLES[role].meaning


@pytest.mark.parametrize("name", jobs.EVALUATORS)
def test_every_evaluator_runs(name):
    every = jobs.EVALUATORS[name]
    run = load(every.run)

    assert list(inspect.signature(run).parameters) == ["agent", "api", "trigger"]
    assert every.seconds > 0
    assert every.why


@pytest.mark.parametrize("path", jobs.HEALERS)
def test_every_healer_heals(path):
    wanted = ["ship", "before", "since", "api"]

    assert list(inspect.signature(load(path)).parameters) == wanted


@pytest.mark.parametrize("name", jobs.HOUSEKEEPING)
def test_every_job_of_housekeeping_runs_without_arguments(name):
    job = jobs.HOUSEKEEPING[name]
    asked = [
        each
        for each in inspect.signature(load(job.run)).parameters.values()
        if each.default is inspect.Parameter.empty
    ]

    assert asked == []
    assert job.minutes > 0


@pytest.mark.parametrize("behaviour", jobs.PARAMETERS)
def test_every_parameter_has_a_meaning_and_a_default_within_its_limits(behaviour):
    kind = parameters.parameter_class(behaviour)

    assert is_dataclass(kind)
    assert kind()
    for row in parameters.describe(behaviour):
        assert row.meaning, row.name
        assert isinstance(row.default, WHOLE_OR_WORDS), row.name
        text = ",".join(row.default) if isinstance(row.default, list) else str(row.default)
        assert parameters.parse(behaviour, row.name, text) == row.default, row.name


@pytest.mark.parametrize("behaviour", jobs.PARAMETERS)
def test_every_parameter_is_a_field_made_by_param(behaviour):
    for spec in fields(parameters.parameter_class(behaviour)):
        assert {"meaning", "unit", "low", "high", "choices"} <= set(spec.metadata), spec.name


def test_every_role_a_vacancy_asks_for_is_on_the_page():
    from allocation.services import staffing as couriers
    from fleet import conductor
    from fleet.services import exploring
    from inventory.services import capacity
    from mining.services import manning, receiving
    from sales.services import building, merchants, staffing

    stated = set()
    for module in (conductor, exploring, capacity, couriers, manning, staffing, merchants):
        source = inspect.getsource(module)
        stated |= {role for role in jobs.ROLES if f'role="{role}"' in source}

    behaviour = next(each for each in parameters.describe("sites") if each.name == "behaviour")
    stated |= {role for role in behaviour.choices if role in jobs.ROLES}
    stated |= {receiving.RECEIVER, building.ROLE, "miner"}
    assert stated == set(jobs.ROLES)
    assert "courier" in conductor.FURTHER_DUTIES
