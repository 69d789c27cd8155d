"""A run of the lab, from its order to its figures; for a process whose database is a scratch."""

import time
from collections.abc import Callable
from typing import Any

from django.core.management import call_command

from fleet.models import Parameter
from spacefleet.lab import bound
from spacefleet.lab.figures import figures, mined, opening
from spacefleet.lab.orders import Order
from spacefleet.lab.play import playing
from spacefleet.lab.watch import Watch

LEEWAY = 0.1  # game hours that the last steps of a run may take beyond its end
Tell = Callable[[float], bool]  # hears the game hours played; True ends the run early


def play(order: Order, *, tell: Tell | None = None) -> dict[str, Any]:
    """Play `order` and answer its figures; the same order answers the same, but for `wall_`."""
    call_command("migrate", run_syncdb=True, verbosity=0)
    begun = time.monotonic()
    with playing(order.scenario, seed=order.seed) as lab:
        _choose(order)
        situation = bound.look(lab.world, lab.agent.symbol, hours=order.hours + LEEWAY)
        before = opening(lab.agent)
        watch = Watch(lab.agent, tell=tell)
        if order.faults:
            lab.trouble(order.faults)
        steps = lab.run(hours=order.hours, share=order.share, watch=watch)
        watch.close()
        found = figures(lab.agent, before, share=order.share)
        fleet = bound.of_ships(lab.world, lab.agent.symbol)
        found["bound"] = _possible(
            bound.most(situation, fleet, share=order.share),
            mined(lab.agent, before, {outlet.good for outlet in situation.outlets}),
        )
    took = time.monotonic() - begun
    return {
        "scenario": order.scenario,
        "seed": order.seed,
        "hours": order.hours,
        "agent_share": order.share,
        "faults": order.faults,
        "spoiled": dict(sorted(lab.spoiled.items())),
        "parameters": [str(choice) for choice in order.choices],
        "steps": steps,
        **found,
        **watch.figures(),
        "curve": watch.curve,
        "wall_seconds": round(took, 2),
        "wall_requests_per_second": round(found["requests"]["total"] / took, 1),
    }


def _possible(most: bound.Bound, sold: int) -> dict[str, Any]:
    """What was dug and sold, beside the most any fleet of these ships can get for it."""
    return {
        "sold": sold,
        "most": round(most.credits),
        "share": round(sold / most.credits, 4) if most.credits else None,
        "extractions": round(most.extractions),
        "requests": round(most.requests),
        "units": most.units,
    }


def _choose(order: Order) -> None:
    for choice in order.choices:
        Parameter.objects.create(
            behaviour=choice.behaviour, name=choice.name, value=choice.value
        )
