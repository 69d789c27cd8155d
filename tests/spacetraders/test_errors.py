"""What each failure becomes (errors, refusals), seen from a call."""

import json
import pickle
from datetime import UTC, datetime

import httpx
import pytest

from spacefleet import clock
from spacefleet.spacetraders import errors
from tests.spacetraders import openapi
from tests.spacetraders.games import Script, client, refusal

NOON = datetime(2026, 7, 6, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon():
    with clock.frozen_at(NOON):
        yield


def failure(*answers, read: bool = False) -> errors.SpaceTradersError:
    """What a call raises that is answered so."""
    api = client(Script(*answers))
    with pytest.raises(errors.SpaceTradersError) as caught:
        api.get_ship("RED-1") if read else api.dock("RED-1")
    return caught.value


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (409, 4000, errors.CooldownActive),
        (400, 4001, errors.NotVisible),
        (400, 4203, errors.InsufficientFuel),
        (400, 4204, errors.AlreadyThere),
        (400, 4214, errors.ShipInTransit),
        (400, 4216, errors.InsufficientCredits),
        (400, 4600, errors.InsufficientCredits),
        (400, 4217, errors.CargoFull),
        (400, 4228, errors.CargoFull),
        (400, 4218, errors.CargoMissing),
        (400, 4219, errors.CargoMissing),
        (400, 4220, errors.SurveyUnusable),
        (400, 4221, errors.SurveyUnusable),
        (409, 4224, errors.SurveyUnusable),
        (400, 4270, errors.SurveyUnusable),
        (400, 4234, errors.WrongPlace),
        (400, 4236, errors.WrongStatus),
        (400, 4244, errors.WrongStatus),
        (400, 4271, errors.WrongStatus),
        (400, 4253, errors.UnstableAsteroid),
        (400, 4502, errors.ContractRefused),
        (400, 4511, errors.ExistingContract),
        (400, 4602, errors.NotTraded),
        (400, 4604, errors.TradeLimit),
        (400, 4801, errors.ConstructionRefused),
        (400, 4230, errors.AlreadyCharted),
        (409, 4111, errors.RegistrationRefused),
        (500, 4112, errors.RegistrationRefused),
        (404, 404, errors.NotFound),
        (422, 3001, errors.InvalidRequest),
        (400, 9999, errors.Refused),
    ],
)
def test_refusal_is_sorted_by_its_code(status, code, kind):
    raised = failure((status, refusal(code)))

    assert type(raised) is kind
    assert raised.code == code


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        pytest.param((401, refusal(4103)), errors.Unauthorized, id="no token"),
        pytest.param((403, refusal(4114)), errors.Unauthorized, id="wrong kind of token"),
        pytest.param((401, {}), errors.Unauthorized, id="no code"),
        pytest.param((401, refusal(4113)), errors.GameReset, id="other reset date"),
        pytest.param((401, refusal(4109)), errors.GameReset, id="other version"),
        pytest.param((503, refusal(3100)), errors.Maintenance, id="maintenance"),
        pytest.param((500, refusal(3000)), errors.OutcomeUnknown, id="answer broken"),
        pytest.param((500, refusal(500)), errors.OutcomeUnknown, id="server broken"),
        pytest.param((502, "<html>"), errors.OutcomeUnknown, id="proxy"),
        pytest.param((504, {}), errors.OutcomeUnknown, id="proxy gave up"),
        pytest.param((302, {}), errors.OutcomeUnknown, id="sent elsewhere"),
        pytest.param(
            (404, {"statusCode": 404, "message": "no"}), errors.NotFound, id="no route"
        ),
        pytest.param((200, {"nothing": 1}), errors.OutcomeUnknown, id="unreadable"),
        pytest.param(
            httpx.Response(200, text="<html>"), errors.OutcomeUnknown, id="not even JSON"
        ),
        pytest.param(httpx.ReadTimeout("slow"), errors.OutcomeUnknown, id="no answer"),
        pytest.param(httpx.ReadError("gone"), errors.OutcomeUnknown, id="connection dropped"),
        pytest.param(httpx.RemoteProtocolError("gone"), errors.OutcomeUnknown, id="cut off"),
        pytest.param(httpx.WriteError("gone"), errors.OutcomeUnknown, id="half sent"),
        pytest.param(httpx.ConnectError("no"), errors.ServerUnavailable, id="no connection"),
        pytest.param(httpx.ConnectTimeout("no"), errors.ServerUnavailable, id="no handshake"),
        pytest.param(httpx.ProxyError("no"), errors.ServerUnavailable, id="no way out"),
    ],
)
def test_change_that_fails_says_whether_it_may_have_happened(answer, kind):
    assert type(failure(answer)) is kind


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param((500, refusal(3000)), id="answer broken"),
        pytest.param((502, {}), id="proxy"),
        pytest.param((503, {}), id="overloaded"),
        pytest.param(httpx.ReadTimeout("slow"), id="no answer"),
        pytest.param(httpx.ConnectError("no"), id="no connection"),
    ],
)
def test_read_that_fails_may_be_tried_again(answer):
    raised = failure(answer, answer, answer, read=True)

    assert type(raised) is errors.ServerUnavailable


def test_cooldown_tells_when_it_ends():
    cooldown = {"expiration": "2026-07-06T12:01:10.000Z", "remainingSeconds": 70}

    raised = failure((409, refusal(4000, cooldown=cooldown)))

    assert raised.until == datetime(2026, 7, 6, 12, 1, 10, tzinfo=UTC)


def test_refusal_without_data_has_no_times_and_does_not_break():
    body = {"error": {"code": 4000, "message": "Ship action is still on cooldown."}}

    assert failure((409, body)).until is None


def test_flying_ship_tells_when_it_arrives():
    path = openapi.FOLDER / "samples" / "2024_ship_already_in_transit.json"
    if not path.exists():
        pytest.skip("recorded answers are not beside the project")

    raised = failure((400, json.loads(path.read_text())))

    assert type(raised) is errors.ShipInTransit
    assert raised.arrives_at == datetime(2024, 2, 7, 3, 7, 52, 784_000, tzinfo=UTC)


def test_trade_limit_is_read_from_the_message_when_the_data_lacks_it():
    message = "Trade good IRON has a limit of 20 units per transaction."

    assert failure((400, refusal(4604, message))).trade_volume == 20
    assert failure((400, refusal(4604, message, tradeVolume=60))).trade_volume == 60


def test_contract_in_the_way_is_named():
    assert failure((400, refusal(4511, contractId="abc"))).contract_id == "abc"


def test_reset_tells_both_dates():
    raised = failure((401, refusal(4113, expected="2026-07-12", actual="2026-07-05")))

    assert (raised.expected, raised.actual) == ("2026-07-12", "2026-07-05")


@pytest.mark.parametrize(
    "error",
    [
        errors.RateLimited(1.5),
        errors.CooldownActive(4000, "Still hot.", {"cooldown": {}}),
        errors.Unauthorized(4103, "No token."),
        errors.GameReset("Over.", "a", "b"),
        errors.OutcomeUnknown("Lost."),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_travel_between_processes(error):
    copy = pickle.loads(pickle.dumps(error))

    assert (type(copy), str(copy), vars(copy)) == (type(error), str(error), vars(error))


def test_every_code_of_the_game_has_a_sentence_on_what_to_do():
    """Codes without a class of their own are plain refusals; these are all of them."""
    path = openapi.FOLDER / "catalog" / "error_codes.json"
    if not path.exists():
        pytest.skip("the table of codes is not beside the project")
    table = json.loads(path.read_text())["codes"]
    plain = {
        entry["code"]
        for entry in table
        if entry["live_2026_09"] and type(failure(_answer(entry))) is errors.Refused
    }

    assert plain == {4206, 4232, 4233, 4237, 4238, 4260, 4269}


def _answer(entry):
    return entry["http"] or 500, refusal(entry["code"])
