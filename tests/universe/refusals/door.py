"""Refusals at the door: tokens, accounts, bodies, limits."""

import base64
import json

from tests.universe.play import Player

from .scenes import Ask, act, change_rules, other_player, scene


def claims(player: Player, **changed: object) -> str:
    """The player's token with other claims; its signature then fits no more."""
    head, payload, signature = player.token.split(".")
    told = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))) | changed
    kept = {name: value for name, value in told.items() if value is not None}
    again = base64.urlsafe_b64encode(json.dumps(kept).encode()).decode().rstrip("=")
    return f"{head}.{again}.{signature}"


@scene(404)
def _(player: Player) -> Ask:
    return Ask("GET", "/my/ships/BADGER-9")


@scene(429)
def _(player: Player) -> Ask:
    world = player.world
    while world.limiter.check(world.wall, address="127.0.0.1", account=None).allowed:
        pass
    change_rules(player, rate_limited=True)
    return Ask("GET", "/my/agent")


@scene(3001)
def _(player: Player) -> Ask:
    return act(player, "navigate", {})


@scene(3100)
def _(player: Player) -> Ask:
    player.world.maintenance = True
    return Ask("GET", "/my/agent")


@scene(4100)
def _(player: Player) -> Ask:
    return Ask("GET", "/my/agent", token=" ")


@scene(4101)
def _(player: Player) -> Ask:
    return Ask("GET", "/my/agent", token=claims(player, sub=None))


@scene(4102)
def _(player: Player) -> Ask:
    return Ask("GET", "/my/agent", token=claims(player, sub="pirate-token"))


@scene(4103)
def _(player: Player) -> Ask:
    return Ask("GET", "/my/agent", token="")


@scene(4104)
def _(player: Player) -> Ask:
    return Ask("GET", "/my/agent", token="nonsense")


@scene(4105)
def _(player: Player) -> Ask:
    return Ask("GET", "/my/agent", token=player.post("/accounts")["token"])


@scene(4106)
def _(player: Player) -> Ask:
    change_rules(player, open_registration=False)
    token = player.post("/accounts")["token"]
    player.world.accounts.popitem()
    return Ask("POST", "/register", {"symbol": "FOX", "faction": "COSMIC"}, token=token)


@scene(4107)
def _(player: Player) -> Ask:
    token = other_player(player).token
    del player.world.agents["FOX"]
    return Ask("GET", "/my/agent", token=token)


@scene(4109)
def _(player: Player) -> Ask:
    return Ask("GET", "/my/agent", token=claims(player, version="v2.1.0"))


@scene(4111)
def _(player: Player) -> Ask:
    return Ask("POST", "/register", {"symbol": "BADGER", "faction": "COSMIC"})


@scene(4112)
def _(player: Player) -> Ask:
    return Ask("POST", "/register", {"symbol": "FOX", "faction": "CULT"})


@scene(4113)
def _(player: Player) -> Ask:
    return Ask("GET", "/my/agent", token=claims(player, reset_date="2025-01-01"))


@scene(4116)
def _(player: Player) -> Ask:
    change_rules(player, open_registration=False)
    return Ask("POST", "/register", {"symbol": "FOX", "faction": "COSMIC"}, token="")


@scene(5000)
def _(player: Player) -> Ask:
    body = {"waypointSymbol": player.places()[1]}
    return Ask("POST", f"{player.frigate}/navigate", body, content_type="application/xml")
