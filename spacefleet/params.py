"""Numbers of taste of the installation itself."""

from dataclasses import dataclass

from spacefleet.parameters import param


@dataclass(frozen=True)
class RetentionParams:
    """How long detail is kept, in days of wall time; set for the installation as a whole.

    An era of the real game lasts one to two weeks: with these defaults all of it stays in detail.
    """

    minutes: int = param(
        2,
        "requests by minute and ship, then by the hour; lines of the ships' and the workers' logs",
        unit="days",
        low=1,
        high=365,
    )
    requests: int = param(90, "requests by the hour", unit="days", low=1, high=3_650)
    readings: int = param(
        3, "credits of each minute, then of each hour", unit="days", low=1, high=365
    )
    ledger: int = param(
        30, "single ledger entries, then sums of a day", unit="days", low=7, high=3_650
    )
    prices: int = param(
        30, "price history of goods and ships, market indices", unit="days", low=1, high=3_650
    )
    rejected: int = param(7, "decisions to keep a good", unit="days", low=1, high=365)
    work: int = param(
        14,
        "loads, surveys, transfers, changes in the queue: what ships did one by one",
        unit="days",
        low=1,
        high=365,
    )
    deals: int = param(
        90,
        "ended sales, trips, contracts' requests, trade runs, orders, cleared alerts",
        unit="days",
        low=7,
        high=3_650,
    )
    trail: int = param(
        730, "who changed what, in the audit and in the admin", unit="days", low=30, high=3_650
    )
