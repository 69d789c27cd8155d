"""What a request comes back with."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP answer. A scripted fault may delay it (wall seconds) or say it never arrives."""

    status: int
    headers: dict[str, str]
    body: bytes
    delay: float = 0.0
    fate: str = ""
    """Empty, or `hang` or `lost`: see `faults`."""
