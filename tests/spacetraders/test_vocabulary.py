"""The symbols we know are those of the published descriptions, no more and no fewer."""

import json
from typing import Any

import pytest

from spacefleet.spacetraders import vocabulary
from tests.spacetraders import openapi

pytestmark = pytest.mark.skipif(
    not (openapi.OFFICIAL.exists() and openapi.LIVE.exists()),
    reason="the published descriptions are not here",
)

PARTS = ["ShipFrame", "ShipReactor", "ShipEngine", "ShipModule", "ShipMount"]


@pytest.fixture(scope="module", params=["OFFICIAL", "LIVE"])
def schemas(request: pytest.FixtureRequest) -> Any:
    return json.loads(getattr(openapi, request.param).read_text())["components"]["schemas"]


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("TradeSymbol", vocabulary.GOODS),
        ("WaypointTraitSymbol", vocabulary.TRAITS),
        ("WaypointType", vocabulary.PLACES),
        ("WaypointModifierSymbol", vocabulary.MODIFIERS),
    ],
)
def test_every_published_symbol_is_known(
    schemas: Any, name: str, known: frozenset[str]
) -> None:
    assert set(schemas[name]["enum"]) == known


def test_goods_name_every_ship_and_every_part(schemas: Any) -> None:
    parts = {each for one in PARTS for each in schemas[one]["properties"]["symbol"]["enum"]}

    assert parts | set(schemas["ShipType"]["enum"]) <= vocabulary.GOODS
