"""The figures of a run for a person at a terminal."""

from collections.abc import Iterator
from typing import Any

MOST_REASONS = 8


def report(found: dict[str, Any]) -> str:
    return "\n".join(
        [
            *_money(found),
            *_activities(found),
            *_requests(found),
            *_time(found),
            *_pipeline(found),
            *(f"  error: {text}" for text in found["errors"]),
            f"  took {found['wall_seconds']} s, "
            f"{found['wall_requests_per_second']:,} requests a second",
        ]
    )


def _line(name: str, value: str, remark: str = "") -> str:
    return f"  {name:<20} {value:>14}  {remark}".rstrip()


def _rate(value: float | None) -> str:
    return "unknown" if value is None else f"{value:,.1f}"


def _money(found: dict[str, Any]) -> Iterator[str]:
    chosen = f", {', '.join(found['parameters'])}" if found["parameters"] else ""
    share = "" if found["agent_share"] == 1 else f", {found['agent_share']:.0%} of the budget"
    faults = f", {found['faults']:g}% of calls spoiled" if found["faults"] else ""
    yield (
        f"{found['scenario']}, seed {found['seed']}, {found['game_hours']:g} game hours, "
        f"{found['ships']} ships at the end{share}{faults}{chosen}"
    )
    yield _line("credits", f"{found['credits_start']:,}", f"→ {found['credits_end']:,}")
    yield _line("net worth", f"{found['net_worth_start']:,}", f"→ {found['net_worth_end']:,}")
    yield _line(
        "net credits", f"{found['net_credits']:,}", f"{found['net_credits_per_hour']:,} an hour"
    )
    yield _line(
        "credits a request",
        _rate(found["net_credits_per_request"]),
        f"{_rate(found['net_credits_per_productive_request'])} a productive one",
    )
    agrees = "equals" if found["ledger_equals_balance"] else "DIFFERS FROM"
    yield _line("ledger drift", str(found["ledger_drift"]), f"the ledger {agrees} the balance")


def _activities(found: dict[str, Any]) -> Iterator[str]:
    for activity, sums in found["by_activity"].items():
        yield _line(
            f"· {activity}",
            f"{sums['net_credits']:,}",
            f"{sums['net_credits_per_hour']:,} an hour",
        )
    bound = found.get("bound")
    if bound and bound["share"] is not None:
        yield _line(
            "mining, at most",
            f"{bound['most']:,}",
            f"the fleet dug and sold for {bound['sold']:,}: {bound['share']:.1%} of it",
        )


def _requests(found: dict[str, Any]) -> Iterator[str]:
    requests = found["requests"]
    yield _line(
        "requests",
        f"{requests['total']:,}",
        f"{requests['wasted']:,} wasted, {requests['utilisation']:.1%} of the budget, "
        f"{_rate(requests['mean_wait_ms'])} ms in its queue",
    )
    for name in ("by_purpose", "by_endpoint"):
        for what, count in list(requests[name].items())[:MOST_REASONS]:
            wasted = requests["wasted_by_purpose"].get(what, 0) if name == "by_purpose" else 0
            yield _line("·", f"{count:,}", f"{what}, {wasted:,} wasted" if wasted else what)


def _time(found: dict[str, Any]) -> Iterator[str]:
    for name, hours in found["ship_hours"].items():
        yield _line(f"ships {name}"[:20], f"{hours:,.1f} h")
    avoidable = ", ".join(
        f"{why} {hours:,.1f} h" for why, hours in found["avoidable_idle_hours"].items()
    )
    yield _line("avoidable idle", f"{found['avoidable_idle_share']:.1%}", avoidable)
    for why, hours in list(found["idle_hours_by_reason"].items())[:MOST_REASONS]:
        yield _line("·", f"{hours:,.1f} h", why)


def _pipeline(found: dict[str, Any]) -> Iterator[str]:
    waits, moved = found["queue_waits"], found["transfers"]
    if waits["count"]:
        yield _line(
            "queue", f"{waits['count']:,}", f"waited {waits['p50']} s, 95th {waits['p95']} s"
        )
    if moved["success"] is not None:
        yield _line("transfers", f"{moved.get('confirmed', 0):,}", f"{moved['success']:.1%}")
