"""The server's request limit as the official docs tell it, written down without our budget."""

from dataclasses import dataclass, field


@dataclass
class StrictLimiter:
    """Two a second, then thirty a minute; a period starts with the first request in it."""

    per_second: int = 2
    burst: int = 30
    burst_seconds: int = 60
    _periods: dict[str, tuple[float, int]] = field(default_factory=dict)

    def admits(self, at_ms: float) -> bool:
        """Count a request that arrives at `at_ms`; False means 429."""
        return self._fits("steady", at_ms, self.per_second, 1000.0) or self._fits(
            "burst", at_ms, self.burst, self.burst_seconds * 1000.0
        )

    def _fits(self, name: str, at_ms: float, size: int, length: float) -> bool:
        start, count = self._periods.get(name, (at_ms, 0))
        if at_ms - start >= length:
            start, count = at_ms, 0
        if count == size:
            return False
        self._periods[name] = (start, count + 1)
        return True


@dataclass
class StrictServer:
    """One limiter for the address, one for each account; both must admit a request."""

    limits: dict[str, int] = field(default_factory=dict)
    refused: int = 0
    _limiters: dict[str, StrictLimiter] = field(default_factory=dict)

    def receive(self, account: str, at_ms: float) -> bool:
        verdicts = [
            self._limiters.setdefault(name, StrictLimiter(**self.limits)).admits(at_ms)
            for name in ("the address", f"account {account}")
        ]
        self.refused += not all(verdicts)
        return all(verdicts)
