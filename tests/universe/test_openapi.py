"""Every operation of the published API, answered and refused, held against its schema.

Two descriptions exist: the official file and a dump of the live server's own. Where the official
one contradicts what the live server answers, the live server is right (`_mend`). Neither speaks
of refusals: their shape is that of recorded ones.
"""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("openapi_schema_validator")
from openapi_schema_validator import OAS30Validator, oas30_format_checker

from spacefleet.universe.api.errors import REFUSALS

from .conftest import recorded
from .walk import Answer, Walk

OFFICIAL, LIVE = "openapi_official_2.3.0_bundled.json", "openapi_live_2025-06_repaired.json"
NOT_ANSWERED = {"GET /my/socket.io"}
"""A websocket, named in the live dump only."""


REFUSAL: dict[str, Any] = {
    "type": "object",
    "required": ["error"],
    "additionalProperties": False,
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "requestId"],
            "additionalProperties": False,
            "properties": {
                "code": {"type": "integer"},
                "message": {"type": "string", "minLength": 1},
                "data": {"type": "object"},
                "requestId": {"type": "string", "format": "uuid"},
            },
        }
    },
}


def described(name: str) -> dict[str, Any]:
    document = copy.deepcopy(recorded(name))
    if name == OFFICIAL:
        _mend(document)
    idle = document["paths"]["/my/ships/{shipSymbol}/cooldown"]["get"]["responses"]["204"]
    idle.pop("content", None)  # one of the two speaks of a body; the status rules it out
    return document


def _mend(document: dict[str, Any]) -> None:
    """Required members that the live server stopped sending, or never sent."""
    schemas = document["components"]["schemas"]
    schemas["ShipNavRoute"]["required"].remove("departure")
    schemas["ShipyardShip"]["required"].remove("symbol")
    answer = document["paths"]["/register"]["post"]["responses"]["201"]
    data = answer["content"]["application/json"]["schema"]["properties"]["data"]
    data["required"] = [{"ship": "ships"}.get(name, name) for name in data["required"]]


@pytest.fixture(scope="module")
def walk() -> Walk:
    return Walk()


def documented(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method in ("get", "post", "patch"):
                yield f"{method.upper()} {path}", operation


def unseen(document: dict[str, Any], answers: dict[str, list[Answer]]) -> set[str]:
    """Documented answers, as operation and status, that are not among these."""
    return {
        f"{operation} {status}"
        for operation, description in documented(document)
        for status in description["responses"]
        if operation not in NOT_ANSWERED
        and int(status) not in {seen for seen, _ in answers.get(operation, [])}
    }


def faults(schema: dict[str, Any], document: dict[str, Any], answer: Any) -> Iterator[str]:
    """What about an answer does not fit, with its place."""
    validator = OAS30Validator(
        {**schema, "components": document["components"]}, format_checker=oas30_format_checker
    )
    for error in validator.iter_errors(answer):
        yield f"{'/'.join(map(str, error.absolute_path))}: {error.message[:120]}"


@pytest.mark.parametrize("name", [OFFICIAL, LIVE])
def test_every_documented_answer_of_every_operation_is_seen(walk: Walk, name):
    assert unseen(described(name), walk.answers) == set()


def test_an_operation_left_out_of_the_walk_is_noticed(walk: Walk):
    document = described(LIVE)

    for operation, _ in documented(document):
        others = {key: value for key, value in walk.answers.items() if key != operation}
        left_out = {missing.rsplit(" ", 1)[0] for missing in unseen(document, others)}
        assert left_out == {operation} - NOT_ANSWERED


@pytest.mark.parametrize("name", [OFFICIAL, LIVE])
def test_every_answer_fits_its_schema(walk: Walk, name):
    document = described(name)
    found = set()

    for operation, description in documented(document):
        for status, answer in walk.answers.get(operation, []):
            response = description["responses"].get(str(status))
            assert response is not None, (operation, status)
            if answer is None:
                assert status == 204
                continue
            schema = response["content"]["application/json"]["schema"]
            found |= {f"{operation} {fault}" for fault in faults(schema, document, answer)}

    assert found == set()


@pytest.mark.parametrize("name", [OFFICIAL, LIVE])
def test_every_operation_is_refused_in_the_recorded_shape(walk: Walk, name):
    operations = {operation for operation, _ in documented(described(name))} - NOT_ANSWERED

    assert operations - set(walk.refusals) == set()
    for operation in operations:
        for status, answer in walk.refusals[operation]:
            assert list(faults(REFUSAL, {"components": {}}, answer)) == [], operation
            refusal = REFUSALS[answer["error"]["code"]]
            assert refusal.http == status, (operation, answer)


def test_no_answer_has_members_nobody_describes(walk: Walk):
    documents = [described(OFFICIAL), described(LIVE)]
    ours = {"GET /": {"timeFactor"}}
    found = set()

    for operation, answers in walk.answers.items():
        descriptions = [dict(documented(document)).get(operation) for document in documents]
        for status, answer in answers:
            known: set[str] = set(ours.get(operation, ()))
            for document, description in zip(documents, descriptions, strict=True):
                if description is not None and answer is not None:
                    schema = description["responses"][str(status)]["content"]
                    known |= _members(schema["application/json"]["schema"], document, ())
            if known:
                found |= {f"{operation} {name}" for name in _names(answer) - known}

    assert not {name for name in found if "supply-chain" not in name}


def _members(
    schema: dict[str, Any], document: dict[str, Any], seen: tuple[str, ...]
) -> set[str]:
    """All property names a schema speaks of, at any depth."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        if name in seen:
            return set()
        return _members(document["components"]["schemas"][name], document, (*seen, name))
    names = set(schema.get("properties", {}))
    parts = [*schema.get("properties", {}).values(), *schema.get("allOf", [])]
    parts += schema.get("anyOf", []) + schema.get("oneOf", [])
    if "items" in schema:
        parts.append(schema["items"])
    for part in parts:
        names |= _members(part, document, seen)
    return names


def _names(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {name for item in value.values() for name in _names(item)}
    if isinstance(value, list):
        return {name for item in value for name in _names(item)}
    return set()
