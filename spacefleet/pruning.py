"""The hourly round: old detail is added up, then dropped, by the ages the owner chose."""

from dataclasses import asdict
from datetime import datetime, timedelta

from fleet.services import parameters
from spacefleet import retention, rollups
from spacefleet.params import RetentionParams


def prune(*, at: datetime) -> str:
    """Everything once; says what became of how many rows."""
    ages = asdict(parameters.resolve(RetentionParams, "retention"))

    def since(name: str) -> datetime:
        return at - timedelta(days=ages[name])

    done = {
        "ledger entries added up": rollups.ledger(until=since("ledger")),
        "request counts added up": rollups.requests(until=since("minutes")),
        "readings thinned": rollups.readings(until=since("readings")),
    }
    for rule in retention.RULES:
        words = f"{rule.model._meta.verbose_name_plural} dropped"
        rows = retention.old(rule, days=ages.__getitem__, at=at)
        done[words] = done.get(words, 0) + retention.drop(rows)
    told = [f"{count:,} {words}" for words, count in done.items() if count]
    return ", ".join(told) or "nothing is old enough"
