"""From a request to its answer: faults, limits, identity, route, handler, and the refusals."""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import unquote

from . import faults
from .api import routes
from .api.call import Call, encode
from .api.errors import ApiError, refuse
from .limits import Verdict
from .response import Response
from .routing import HOLDER, PLAYER, Router
from .state import Account, Agent
from .tokens import ACCOUNT, AGENT

if TYPE_CHECKING:
    from .world import World

JSON_TYPE = "application/json; charset=utf-8"

_ROUTER = Router()
routes.add_to(_ROUTER)


def answer(
    world: "World",
    method: str,
    target: str,
    *,
    headers: Mapping[str, str],
    body: bytes,
    address: str,
) -> Response:
    path, _, query = target.partition("?")
    if "%" in path:
        path = unquote(path)
    fault = world.faults.pick(method, path) if world.faults.rules else None
    if fault is not None:
        kind = fault.status or fault.kind
        world.log.remark(world.wall, "fault", kind=kind, method=method, path=path)
        if not fault.keeps_the_call:
            return faults.instead(fault)
    response = _play(world, method, path, query, headers=headers, body=body, address=address)
    return response if fault is None else faults.spoil(fault, response)


def _play(
    world: "World",
    method: str,
    path: str,
    query: str,
    *,
    headers: Mapping[str, str],
    body: bytes,
    address: str,
) -> Response:
    """The game's own answer."""
    token = _bearer(headers)
    verdict = None
    try:
        if world.rules.rate_limited:
            verdict = world.limiter.check(
                world.wall, address=address, account=_account(world, token)
            )
            if not verdict.allowed:
                raise refuse(429, verdict.data())
        if world.maintenance:
            raise refuse(3100)
        route, params = _ROUTER.find(method, path)
        if route is None:
            return _no_route(world, method, path, verdict)
        account, agent = _caller(world, token, route.access)
        call = Call(
            world,
            params=params,
            query=query,
            body=body,
            content_type=_header(headers, "content-type"),
            agent=agent,
            account=account,
        )
        if world.rules.strict and method != "GET":
            call.refuse_empty_json()
        status, text = route.handler(call)
    except ApiError as error:
        return _refusal(world, error, verdict)
    return _response(status, text, verdict)


def _header(headers: Mapping[str, str], name: str) -> str:
    return headers.get(name) or headers.get(name.title()) or ""


def _bearer(headers: Mapping[str, str]) -> str | None:
    value = _header(headers, "authorization")
    if value[:7].lower() != "bearer ":
        return None
    return value[7:].strip()


def _account(world: "World", token: str | None) -> str | None:
    """The account a request counts against; a bad token counts against its address only."""
    if not token:
        return None
    try:
        subject, identifier = world.tokens.read(token)
    except ApiError:
        return None
    if subject == ACCOUNT:
        return identifier
    agent = world.agents.get(identifier)
    return agent.account_id if agent else None


def _caller(
    world: "World", token: str | None, access: str
) -> tuple[Account | None, Agent | None]:
    """Who asks, or the refusal that says why that is not enough for this endpoint."""
    if token is None:
        if access is PLAYER:
            raise refuse(4103, {})
        return None, None
    try:
        subject, identifier = world.tokens.read(token)
        if subject == ACCOUNT:
            return _holder(world, identifier, access), None
        agent = world.agents.get(identifier)
        if agent is None:
            raise refuse(4107, agent=identifier)
    except ApiError:
        if access is HOLDER and world.rules.open_registration:
            return None, None
        raise
    if agent.due_at and world.now >= agent.due_at:
        world.settle(agent)
    return world.accounts[agent.account_id], agent


def _holder(world: "World", identifier: str, access: str) -> Account | None:
    if access is PLAYER:
        raise refuse(4105, subject=ACCOUNT, expected=AGENT)
    account = world.accounts.get(identifier)
    if account is None and access is HOLDER:
        raise refuse(4106)
    return account


def _response(status: int, text: str, verdict: Verdict | None) -> Response:
    headers = verdict.headers() if verdict is not None else {}
    if text:
        headers["content-type"] = JSON_TYPE
    return Response(status, headers, text.encode(errors="replace"))


def _refusal(world: "World", error: ApiError, verdict: Verdict | None) -> Response:
    fields: dict[str, object] = {"code": error.refusal.code, "message": error.message}
    if error.data is not None:
        fields["data"] = error.data
    fields["requestId"] = _request_id(world)
    return _response(error.refusal.http, encode({"error": fields}), verdict)


def _request_id(world: "World") -> str:
    """A UUID of version 7: wall time first, then chance."""
    chance = world.chance("request ids")
    bits = (world.wall & 0xFFFFFFFFFFFF) << 80 | 0x7 << 76 | chance.getrandbits(12) << 64
    bits |= 0b10 << 62 | chance.getrandbits(62)
    text = f"{bits:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _no_route(world: "World", method: str, path: str, verdict: Verdict | None) -> Response:
    """Unknown routes are answered by the framework below the game, in its own words."""
    fields = {
        "message": f"Route {method}:/v2{path} not found",
        "error": "Not Found",
        "statusCode": 404,
    }
    return _response(404, encode(fields), verdict)
