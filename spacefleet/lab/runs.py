"""A run of the lab, from its order to its figures; for a process whose database is a scratch."""

import time
from collections.abc import Callable
from typing import Any

from django.core.management import call_command

from fleet.models import Parameter
from spacefleet.lab.figures import figures, opening
from spacefleet.lab.orders import Order
from spacefleet.lab.play import playing
from spacefleet.lab.watch import Watch

Tell = Callable[[float], bool]  # hears the game hours played; True ends the run early


def play(order: Order, *, tell: Tell | None = None) -> dict[str, Any]:
    """Play `order` and answer its figures; the same order answers the same, but for `wall_`."""
    call_command("migrate", run_syncdb=True, verbosity=0)
    begun = time.monotonic()
    with playing(order.scenario, seed=order.seed) as lab:
        _choose(order)
        before = opening(lab.agent)
        watch = Watch(lab.agent, tell=tell)
        steps = lab.run(hours=order.hours, share=order.share, watch=watch)
        watch.close()
        found = figures(lab.agent, before, share=order.share)
    took = time.monotonic() - begun
    return {
        "scenario": order.scenario,
        "seed": order.seed,
        "hours": order.hours,
        "agent_share": order.share,
        "parameters": [str(choice) for choice in order.choices],
        "steps": steps,
        **found,
        **watch.figures(),
        "curve": watch.curve,
        "wall_seconds": round(took, 2),
        "wall_requests_per_second": round(found["requests"]["total"] / took, 1),
    }


def _choose(order: Order) -> None:
    for choice in order.choices:
        Parameter.objects.create(
            behaviour=choice.behaviour, name=choice.name, value=choice.value
        )
