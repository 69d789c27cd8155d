"""Whoever does nothing says why: all reasons of loops, refusals and verdicts, found and read.

The walk reads the sources: wherever a step ends or a wish is refused, the words are a sentence, or
come from something that is listed here together with what makes sure that it speaks.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from allocation.rules import judging
from fleet.rules import purchases
from fleet.rules.orders import SAID, STRICTNESS, Order
from sales.models import Opportunity
from sales.rules import deciding
from sales.rules.deciding import Criterion, Failed, Look

ROOT = Path(__file__).parents[2]
APPS = ("fleet", "mining", "sales", "allocation", "inventory")
WHY = {"idle": 0, "no_work": 0, "wake_in": 1, "Wake": 1, "_refuse": 1, "keep": 1}
"""Which argument says why, of the calls that end a step or refuse something."""

Reason = tuple[str, ast.expr]


def reasons() -> Iterator[Reason]:
    """Where each reason stands, and the expression that makes it."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                if not isinstance(node, ast.Call):
                    continue
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                place = WHY.get(name)
                if place is not None and len(node.args) > place:
                    where = f"{path.relative_to(ROOT)}:{node.lineno}"
                    yield where, node.args[place]


def words(reason: ast.expr) -> str | None:
    """What is certainly said; None where it is somebody else's sentence."""
    if isinstance(reason, ast.Constant):
        return str(reason.value)
    if isinstance(reason, ast.JoinedStr):
        literal = [part.value for part in reason.values if isinstance(part, ast.Constant)]
        return "".join(map(str, literal))
    if isinstance(reason, ast.Subscript):  # cut to its column
        return words(reason.value)
    if isinstance(reason, ast.Call) and getattr(reason.func, "id", "") == "redact":
        return words(reason.args[0])
    if isinstance(reason, ast.BoolOp):  # one that falls back on words
        return words(reason.values[-1])
    return None


BORROWED = {
    # an order of the owner, and what an exception of ours says (fleet.rules.orders, .watching)
    *("order.said", "said", "str(stop)", "stop.said()", "stop.said(ship.waypoint)"),
    # the order by which a ship begins nothing: asked only where it is not empty
    "ship.holds_back",
    # what a step or a shorter function said before: its own words are walked where they are made
    *(
        "wake.why",
        "ship.why",
        "why",
        "plan.why",
        "verdict.reason",
        "message",
        "refusal",
    ),
    *("' · '.join(dict.fromkeys((w.why for w in idle)))", "str(said or 'done')", "stop.words"),
    *("building.supply(ship, gate, api=api)", "loads.refusal(ship)", "_not_now(chosen)"),
    # kept in a row together with the decision it explains
    *("contract.judgement", "site.why"),
    # a template and a choice between two texts
    *(
        "WAITING.format(offer.waypoint)",
        "f'looked at the {looked}' if looked else 'all prices are fresh'",
    ),
}
"""Expressions that are no words themselves: each passes on what others were made to say."""


def test_every_reason_that_is_written_out_says_something() -> None:
    found = [(where, words(reason)) for where, reason in reasons()]
    written = [(where, said) for where, said in found if said is not None]

    assert len(written) > 80
    silent = [where for where, said in written if not any(map(str.isalpha, said))]
    assert silent == []
    shouted = [where for where, said in written if said.isupper() or "_" in said]
    assert shouted == [], "codes are not for people"


def test_every_other_reason_passes_on_words_that_were_made_elsewhere() -> None:
    others = [(where, reason) for where, reason in reasons() if words(reason) is None]
    bare = [
        (where, ast.unparse(reason.value if isinstance(reason, ast.Subscript) else reason))
        for where, reason in others
    ]

    assert [one for one in bare if one[1] not in BORROWED] == []


# orders of the owner


@pytest.mark.parametrize("mode", STRICTNESS)
def test_every_order_is_said_in_words(mode: str) -> None:
    assert Order(mode).said == SAID[mode]
    assert len(SAID[mode]) > 5


# sales


LOOKS = {
    Failed.SURPLUS: Look(5, 5, 0, price=10, average=10.0, utilisation=0),
    Failed.FRESH_PRICE: Look(5, 0, 0, price=None, average=10.0, utilisation=0),
    Failed.SAMPLES: Look(5, 0, 0, price=10, average=None, utilisation=0),
    Failed.PRICE: Look(5, 0, 0, price=10, average=100.0, utilisation=0),
    Criterion.GOOD_PRICE: Look(5, 0, 0, price=200, average=100.0, utilisation=0),
    Criterion.CROWDED: Look(5, 0, 0, price=10, average=100.0, utilisation=95),
    Criterion.LAST_CALL: Look(5, 0, 0, price=10, average=100.0, utilisation=0, closing=True),
}


@pytest.mark.parametrize("what", LOOKS, ids=lambda what: what.name)
def test_every_verdict_on_a_sale_has_its_sentence(what: Failed | Criterion) -> None:
    verdict = deciding.judge(LOOKS[what], good_price=110, crowded_at=80)

    assert what in (verdict.failed, verdict.criterion)
    assert len(verdict.reason.split()) > 3


def test_no_verdict_on_a_sale_is_left_out_of_this_walk_and_the_rows_know_all() -> None:
    elsewhere = {Failed.NOTHING, Failed.WORTH, Criterion.NONE, Criterion.EMERGENCY}

    assert set(LOOKS) | elsewhere == {*Failed, *Criterion}
    assert {each.value for each in Failed} == set(Opportunity.Failed.values)
    assert {each.value for each in Criterion} == set(Opportunity.Criterion.values)
    full = Look(5, 0, 0, price=None, average=None, utilisation=99)
    assert "nothing else helped" in deciding.emergency(full).reason


# purchases of ships


GOOD = {
    "credits": 100_000,
    "floor": 1_000,
    "share": 50,
    "max_age": 600,
    "earns_an_hour": 9e3,
    "hours_left": 9,
}


@pytest.mark.parametrize(
    ("price", "age", "changed", "told"),
    [
        (None, None, {}, "price unknown"),
        (900, 6_000, {}, "a fresh look is needed"),
        (99_500, 1, {}, "cash floor"),
        (60_000, 1, {}, "more than 50 % of the treasury"),
        (900, 1, {"earns_an_hour": None, "last_hours": 12}, "nobody can say what it earns"),
        (900, 1, {"earns_an_hour": 0}, "earns nothing"),
        (900, 1, {"earns_an_hour": 1}, "pays back in"),
    ],
)
def test_every_refused_ship_has_its_sentence(
    price: int | None, age: float | None, changed: dict[str, float], told: str
) -> None:
    treasury = purchases.Treasury(**(GOOD | changed))  # type: ignore[arg-type]

    assert told in (purchases.refusal(purchases.Offer(price, age), treasury) or "")


# contracts


def way(**changed: float | str) -> judging.Way:
    told = {
        "source": "A1", "stored": 0, "bought": 10, "cost": 500, "to_pay": 500, "highest": 50.0, "seconds": 600.0,
        "requests": 9, "fresh": True,
    }  # fmt: skip
    return judging.Way(**(told | changed))  # type: ignore[arg-type]


def case(*ways: judging.Way, **changed: float | None) -> judging.Case:
    told = {
        "good": "IRON", "pays": 9_000, "advance": 0, "hours_left": 9.0, "blocked": 0.0, "rate": 0.0, "funds": 9_000,
        "mined": False,
    }  # fmt: skip
    return judging.Case(ways=ways, **(told | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("judged", "told"),
    [
        (case(), "nobody sells IRON"),
        (case(mined=True), "our mines bring IRON"),
        (case(way(seconds=90_000.0)), "to its deadline are too few"),
        (case(way(cost=90_000)), "would leave"),
        (case(way(), funds=None), "waits until the balance is certain"),
        (case(way(), funds=100), "credits, 100 may be spent"),
        (case(way()), "10 from A1 for at most 50"),
        (case(way(), funds=100, accepted=True), "2 of 10 for now"),
    ],
)
def test_every_judgement_on_a_contract_has_its_sentence(
    judged: judging.Case, told: str
) -> None:
    verdict = judging.judge(judged, judging.Bounds(freeing=100, a_request=10))

    assert told in verdict.reason
