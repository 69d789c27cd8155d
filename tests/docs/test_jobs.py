"""Roles, evaluators, healers and housekeeping: the documents list what the page of jobs lists."""

from spacefleet import jobs
from spacefleet.management.commands import document_parameters
from tests.docs import shelf


def test_architecture_lists_every_role_with_its_loop_and_priority() -> None:
    rows = shelf.table(shelf.text("docs/architecture.md"), "Roles")

    told = {name: (loop, int(priority)) for name, loop, priority, _ in rows}

    assert told == {name: (role.loop, role.priority) for name, role in jobs.ROLES.items()}


def test_architecture_lists_every_evaluator_with_its_function_and_period() -> None:
    rows = shelf.table(shelf.text("docs/architecture.md"), "Evaluators")

    told = {name: (run, int(seconds)) for name, run, seconds, _ in rows}

    assert told == {name: (job.run, job.seconds) for name, job in jobs.EVALUATORS.items()}


def test_money_names_every_healer() -> None:
    named = set(shelf.dotted_names(shelf.text("docs/money.md")))

    assert set(jobs.HEALERS) <= named


def test_operations_names_every_housekeeping_job() -> None:
    named = set(shelf.dotted_names(shelf.text("docs/operations.md")))

    assert {job.run for job in jobs.HOUSEKEEPING.values()} <= named


def test_page_of_parameters_is_what_the_command_prints() -> None:
    assert shelf.text("docs/parameters.md") == document_parameters.page()


def test_page_of_parameters_has_a_section_for_each_behaviour() -> None:
    sections = shelf.headings(shelf.text("docs/parameters.md"))[1:]

    assert sections == sorted(jobs.PARAMETERS)
