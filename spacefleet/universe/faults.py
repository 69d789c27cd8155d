"""Scripted trouble: answers that fail, vanish or dawdle, by rule and by seed.

A rule is one line:  METHOD PATH KIND WHEN

    POST /my/ships/*/sell lost 5%          the sale happens, the answer does not arrive
    * * 502 every 50                       every fiftieth call never reaches the game
    GET /my/ships hang 3                   the third such call is never answered
    * /my/* slow:2.5 0.1                   one call in ten takes 2.5 seconds longer

METHOD and PATH may be `*`; PATH is a shell pattern for the path below /v2. KIND is a status from
500 to 599, `html429` (the proxy's own limiter, HTML without headers), `lost` (applied, the
connection breaks), `hang` (not applied, never answered), `slow:SECONDS` (wall time),
`malformed` (applied, the JSON is cut off) or `corrupt:SHIP` (applied, but an answer that would
show that ship is a 500, as has happened on the real server). WHEN is a rate (`5%`, `0.05`), the number of the one
call to hit, or `every N`.
"""

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from .chance import Stream
from .response import Response

HANG, LOST, MALFORMED, SLOW, HTML_429 = "hang", "lost", "malformed", "slow", "html429"
CORRUPT = "corrupt"
_KINDS = (HANG, LOST, MALFORMED, SLOW, HTML_429, CORRUPT)

MIXED = {
    "GET": ("502", "503", "slow:0.5", HTML_429, HANG),
    "POST": ("502", "503", "slow:0.5", HTML_429, LOST, MALFORMED, HANG),
    "PATCH": ("502", "503", "slow:0.5", HTML_429, LOST, MALFORMED, HANG),
}
"""Kinds of trouble for reads and for changes."""

RARE = 20
"""A call that is never answered, which costs its caller's patience, is so many times rarer
than each other kind."""

_HTML_429 = b'<!doctype html><meta charset="utf-8"><title>429</title>429 Too Many Requests\n'


class FaultError(ValueError):
    """A rule that cannot be read; the message says what was expected."""


@dataclass(slots=True)
class Rule:
    """One kind of trouble. Exactly one of `rate`, `nth` and `every` is above zero."""

    method: str
    path: str
    kind: str
    status: int = 0
    seconds: float = 0.0
    ship: str = ""
    rate: float = 0.0
    nth: int = 0
    every: int = 0
    seen: int = 0

    def matches(self, method: str, path: str) -> bool:
        return self.method in ("*", method) and fnmatchcase(path, self.path)

    @property
    def keeps_the_call(self) -> bool:
        """Whether the game still sees the call, and only its answer suffers."""
        return self.kind in (LOST, SLOW, MALFORMED, CORRUPT)


class Faults:
    """The rules in force. None by default: no trouble."""

    def __init__(self, seed: int) -> None:
        self.chance = Stream(seed, "faults")
        self.rules: list[Rule] = []

    def add(self, text: str) -> Rule:
        rule = parse(text)
        self.rules.append(rule)
        return rule

    def clear(self) -> None:
        self.rules.clear()

    def pick(self, method: str, path: str) -> Rule | None:
        """The first rule that strikes this call; every matching rule counts it."""
        struck = None
        for rule in self.rules:
            if rule.matches(method, path) and self._strikes(rule) and struck is None:
                struck = rule
        return struck

    def _strikes(self, rule: Rule) -> bool:
        rule.seen += 1
        if rule.nth:
            return rule.seen == rule.nth
        if rule.every:
            return rule.seen % rule.every == 0
        return self.chance.random() < rule.rate


def parse(text: str) -> Rule:
    """A rule from its line; raises `FaultError`."""
    words = text.split()
    if len(words) < 4:
        raise FaultError(f"{text!r}: expected METHOD PATH KIND WHEN")
    method, path, kind, *when = words
    name, _, value = kind.partition(":")
    rule = Rule(method.upper(), path, name)
    if name.isdigit() and 500 <= int(name) <= 599:
        rule = replace(rule, kind="status", status=int(name))
    elif name not in _KINDS:
        raise FaultError(f"{kind!r}: expected a status of 500 to 599 or {', '.join(_KINDS)}")
    if name == SLOW:
        rule.seconds = _number(value, "slow:SECONDS")
    if name == CORRUPT:
        if not value:
            raise FaultError(f"{kind!r}: expected corrupt:SHIP")
        rule.ship = value.upper()
    _read_when(rule, when)
    return rule


def mixed(percent: float) -> list[str]:
    """Rules that together spoil so many percent of the reads and of the changes, below 100.

    Each rule draws for itself and the first that strikes counts, so the shares are such that
    as many calls as asked escape all of them.
    """
    if percent <= 0:
        return []
    found = []
    for method, kinds in MIXED.items():
        parts = len(kinds) - 1 + 1 / RARE
        for kind in kinds:
            part = (1 / RARE if kind == HANG else 1.0) / parts
            share = 100 * (1 - (1 - percent / 100) ** part)
            found.append(f"{method} * {kind} {share:.6g}%")
    return found


def _read_when(rule: Rule, words: list[str]) -> None:
    text = " ".join(words)
    if words[0] == "every" and len(words) == 2:
        rule.every = int(_number(words[1], "every N"))
    elif text.endswith("%"):
        rule.rate = _number(text[:-1], "a rate such as 5%") / 100
    elif text.isdigit():
        rule.nth = int(text)
    else:
        rule.rate = _number(text, "a rate such as 0.05, a number, or every N")
    if not (rule.every or rule.nth or rule.rate):
        raise FaultError(f"{text!r}: the rule would never strike")


def _number(text: str, expected: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise FaultError(f"{text!r}: expected {expected}") from None


def instead(rule: Rule) -> Response:
    """The answer to a call that the game never sees."""
    if rule.kind == HTML_429:
        return Response(429, {"content-type": "text/html; charset=utf-8"}, _HTML_429)
    if rule.kind == HANG:
        return Response(0, {}, b"", fate=HANG)
    body = f"<html><head><title>{rule.status}</title></head></html>\n".encode()
    return Response(rule.status, {"content-type": "text/html"}, body)


def spoil(rule: Rule, answer: Response) -> Response:
    """What arrives of an answer the game has given."""
    if rule.kind == LOST:
        return replace(answer, fate=LOST)
    if rule.kind == SLOW:
        return replace(answer, delay=rule.seconds)
    if rule.kind == CORRUPT:
        return _unless_it_shows(rule.ship, answer)
    return replace(answer, body=answer.body[: len(answer.body) // 2])


def _unless_it_shows(ship: str, answer: Response) -> Response:
    """The answer, or the server's own failure when a corrupt ship is among what it tells of."""
    if f'"{ship}"'.encode() not in answer.body:
        return answer
    return Response(500, {"content-type": "application/json"}, _BROKEN)


_BROKEN = b'{"error":{"code":3000,"message":"Failed to serialize the response."}}'
