"""Which ship to ask for when depots are crowded, and what became of it (inventory.rules.room)."""

import pytest

from inventory.rules.room import Verdict, choose, outcome

HEAVY, LIGHT = "SHIP_HEAVY_FREIGHTER", "SHIP_LIGHT_HAULER"
USUAL = {"depots": 2, "at_most": 6, "buys": True, "place": "X1-AA1-A1"}


@pytest.mark.parametrize(
    ("verdicts", "chosen"),
    [
        pytest.param([(HEAVY, None), (LIGHT, None)], HEAVY, id="the most wanted"),
        pytest.param([(HEAVY, "too dear"), (LIGHT, None)], LIGHT, id="the next one allowed"),
    ],
)
def test_the_first_type_the_guard_lets_through_is_asked_for(verdicts, chosen):
    found = choose(verdicts, **USUAL)

    assert (found.ship_type, found.refusal) == (chosen, "")


@pytest.mark.parametrize(
    ("verdicts", "circumstances", "says"),
    [
        pytest.param(
            [(HEAVY, "too dear"), (LIGHT, "nobody sells it")],
            {},
            "heavy freighter: too dear; light hauler: nobody sells it",
            id="nothing the guard lets through",
        ),
        pytest.param([(LIGHT, None)], {"depots": 6}, "6 at most", id="enough depots"),
        pytest.param([(LIGHT, None)], {"buys": False}, "switched off", id="no buying"),
        pytest.param([(LIGHT, None)], {"place": ""}, "no depot has parked", id="no depot"),
        pytest.param([], {}, "no type to expand with", id="no types"),
    ],
)
def test_a_refusal_names_its_reason(verdicts, circumstances, says):
    found = choose(verdicts, **(USUAL | circumstances))

    assert found.ship_type == ""
    assert says in found.refusal


def test_one_below_the_limit_may_still_be_asked_for():
    assert choose([(LIGHT, None)], **(USUAL | {"depots": 5})).ship_type == LIGHT


@pytest.mark.parametrize(
    ("seen", "ends"),
    [
        pytest.param({}, None, id="nothing happened yet"),
        pytest.param({"ship": "A-9"}, Verdict("granted", "A-9 stores there"), id="it stands"),
        pytest.param({"status": "open"}, None, id="ordered"),
        pytest.param(
            {"status": "open", "verdict": "waiting for a ship of ours at X1-AA1-C3"},
            None,
            id="on the way to the yard",
        ),
        pytest.param(
            {"status": "open", "verdict": "would leave less than the cash floor"},
            Verdict("refused", "would leave less than the cash floor"),
            id="the guard refused",
        ),
        pytest.param(
            {"status": "cancelled", "verdict": "no longer needed"},
            Verdict("failed", "the order was withdrawn: no longer needed"),
            id="withdrawn",
        ),
        pytest.param({"status": "bought"}, None, id="flies to its place"),
        pytest.param(
            {"waited": 1_800},
            Verdict("failed", "nothing came of it in time: no order was made"),
            id="patience is over",
        ),
        pytest.param({"waited": 1_799}, None, id="patience is not over yet"),
        pytest.param(
            {"waited": 1_800, "status": "bought"},
            Verdict("failed", "the ship was bought but did not get there in time"),
            id="too far away",
        ),
    ],
)
def test_what_became_of_it(seen, ends):
    facts = {"ship": "", "status": "", "verdict": "", "waited": 0, "patience": 1_800} | seen

    assert outcome(**facts) == ends
