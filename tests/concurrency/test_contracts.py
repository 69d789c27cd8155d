"""Several ships that hear of one contract at once, on whichever database the suite runs on."""

from datetime import timedelta

import pytest

from allocation.models import Contract
from allocation.services import contracts
from spacefleet.spacetraders import payloads
from tests.concurrency.test_claims import together
from tests.factories import NOON, AgentFactory

pytestmark = pytest.mark.django_db(transaction=True)
SHIPS = 8


def test_a_contract_that_all_hear_of_at_once_is_written_down_once(noon):
    agent = AgentFactory()
    told = payloads.Contract.from_json(
        {
            "id": "the-one",
            "factionSymbol": "COSMIC",
            "type": "PROCUREMENT",
            "accepted": False,
            "fulfilled": False,
            "deadlineToAccept": (NOON + timedelta(hours=24)).isoformat(),
            "terms": {
                "deadline": (NOON + timedelta(days=7)).isoformat(),
                "payment": {"onAccepted": 2_000, "onFulfilled": 9_000},
                "deliver": [
                    {
                        "tradeSymbol": "IRON_ORE",
                        "destinationSymbol": "X1-AA1-A1",
                        "unitsRequired": 60,
                        "unitsFulfilled": 0,
                    }
                ],
            },
        }
    )

    together(SHIPS, lambda number: contracts.store(agent, told))

    assert Contract.objects.get().game_id == "the-one"
