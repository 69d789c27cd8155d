"""Why idle ships are idle, as codes of a closed list (fleet.rules.idleness)."""

import ast

import pytest

from fleet.rules.idleness import AVOIDABLE, UNAVOIDABLE, Idle, code
from tests.fleet.test_reasons import APPS, ROOT, words


def said_by_idle_ships():
    """What every loop says that has nothing to do, where it says it in words of its own."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                name = getattr(getattr(node, "func", None), "id", "")
                if name not in ("idle", "no_work") or not node.args:
                    continue
                if told := words(node.args[0]):
                    yield told


def test_every_word_of_an_idle_ship_is_on_one_of_the_two_lists():
    known = (*AVOIDABLE, *UNAVOIDABLE)
    found = list(said_by_idle_ships())

    assert len(found) > 20
    assert [told for told in found if not any(each in told for each in known)] == []


def test_the_list_is_closed_and_each_code_has_words():
    assert [each.value for each in Idle] == ["no vacancy", "no fuel", "no stock", "no plan"]
    assert set(AVOIDABLE.values()) == set(Idle)


@pytest.mark.parametrize(
    ("why", "found"),
    [
        ("no role yet: the conductor has no vacancy for it", Idle.NO_VACANCY),
        ("no fuel for any route to X1-AA1-B7", Idle.NO_FUEL),
        ("loading: waiting for miners", Idle.NO_STOCK),
        ("no sale to carry out · no lane pays: the best nets 3 credits/h", Idle.NO_STOCK),
        ("is on a trade run · no site in reach yet", Idle.NO_PLAN),
        ("contracts are switched off by a parameter", None),
        ("parked, storing for the fleet", None),
        ("all prices are fresh", None),
        ("", None),
    ],
)
def test_a_ship_is_idle_for(why, found):
    assert code(why) is found
