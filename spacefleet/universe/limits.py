"""The request limit: two pools for every account and for every address.

A request is taken from the static pool (2 per second) first and then from the burst pool (30
per minute). A pool refills completely once its period has passed since its first use. Both are
documented; the header names were recorded. With a time factor both pools grow by the factor,
because the fleet has that much more to do in a second.
"""

from dataclasses import dataclass

from .timeline import iso

STATIC_LIMIT, STATIC_MS = 2, 1_000
BURST_LIMIT, BURST_MS = 30, 60_000

ADDRESS, ACCOUNT = "IP Address", "Account"


class Pool:
    """So many requests within a period that begins with the first of them."""

    __slots__ = ("limit", "period", "reset_at", "used")

    def __init__(self, limit: int, period: int) -> None:
        self.limit = limit
        self.period = period
        self.used = 0
        self.reset_at = 0

    def left(self, now: int) -> int:
        if now >= self.reset_at:
            self.used = 0
        return self.limit - self.used

    def take(self, now: int) -> None:
        if now >= self.reset_at:
            self.used = 0
        if not self.used:
            self.reset_at = now + self.period
        self.used += 1


class Bucket:
    """Both pools of one account or address."""

    __slots__ = ("burst", "kind", "static")

    def __init__(self, kind: str, factor: float) -> None:
        self.kind = kind
        self.static = Pool(max(1, round(STATIC_LIMIT * factor)), STATIC_MS)
        self.burst = Pool(max(1, round(BURST_LIMIT * factor)), BURST_MS)

    def open_pool(self, now: int) -> Pool | None:
        if self.static.left(now) > 0:
            return self.static
        return self.burst if self.burst.left(now) > 0 else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request may pass, and what the headers say about the tightest bucket."""

    allowed: bool
    kind: str
    burst_limit: int
    static_limit: int
    remaining: int
    reset_at: int
    retry_after: float

    def headers(self) -> dict[str, str]:
        fields = {
            "x-ratelimit-type": self.kind,
            "x-ratelimit-limit-burst": str(self.burst_limit),
            "x-ratelimit-limit-per-second": str(self.static_limit),
            "x-ratelimit-remaining": str(self.remaining),
            "x-ratelimit-reset": iso(self.reset_at),
        }
        if not self.allowed:
            fields["retry-after"] = f"{self.retry_after:.3f}"
        return fields

    def data(self) -> dict[str, object]:
        return {
            "type": self.kind,
            "retryAfter": self.retry_after,
            "limitBurst": self.burst_limit,
            "limitPerSecond": self.static_limit,
            "remaining": self.remaining,
            "reset": iso(self.reset_at),
        }


class Limiter:
    """All buckets of a world. Instants are wall milliseconds."""

    def __init__(self, factor: float) -> None:
        self.factor = factor
        self._buckets: dict[tuple[str, str], Bucket] = {}

    def check(self, now: int, *, address: str, account: str | None) -> Verdict:
        """Take a request from every bucket it belongs to, or from none."""
        buckets = [self._bucket(ADDRESS, address)]
        if account is not None:
            buckets.append(self._bucket(ACCOUNT, account))
        pools = []
        for bucket in buckets:
            pool = bucket.open_pool(now)
            if pool is None:
                return _refused(bucket, now)
            pools.append(pool)
        for pool in pools:
            pool.take(now)
        tightest = min(buckets, key=lambda bucket: bucket.burst.left(now))
        return _passed(tightest, now)

    def _bucket(self, kind: str, name: str) -> Bucket:
        bucket = self._buckets.get((kind, name))
        if bucket is None:
            bucket = self._buckets[kind, name] = Bucket(kind, self.factor)
        return bucket


def _passed(bucket: Bucket, now: int) -> Verdict:
    remaining = bucket.static.left(now) + bucket.burst.left(now)
    pool = bucket.static if bucket.static.left(now) > 0 else bucket.burst
    reset_at = pool.reset_at if pool.used else now
    return Verdict(
        True,
        bucket.kind,
        bucket.burst.limit,
        bucket.static.limit,
        remaining,
        reset_at,
        0.0,
    )


def _refused(bucket: Bucket, now: int) -> Verdict:
    reset_at = min(bucket.static.reset_at, bucket.burst.reset_at)
    return Verdict(
        False,
        bucket.kind,
        bucket.burst.limit,
        bucket.static.limit,
        0,
        reset_at,
        max(1, reset_at - now) / 1000,
    )
