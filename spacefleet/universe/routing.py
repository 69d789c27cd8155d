"""Which handler a path belongs to, and who may call it."""

from collections.abc import Callable
from dataclasses import dataclass

from .api.call import Call, Reply

Handler = Callable[[Call], Reply]

PUBLIC = "public"
"""Anybody; an agent's token shows more."""
PLAYER = "player"
"""Needs an agent's token."""
HOLDER = "holder"
"""Concerns an account: its own token, one of its agents', or none where the world is open."""


@dataclass(frozen=True, slots=True)
class Route:
    """A handler and who may call it."""

    handler: Handler
    access: str


class Router:
    """Routes as a tree of path segments; `{}` matches any one segment."""

    def __init__(self) -> None:
        self._root: dict[str, object] = {}

    def add(self, method: str, pattern: str, handler: Handler, access: str) -> None:
        node = self._root
        for part in _segments(pattern):
            key = "{}" if part.startswith("{") else part
            node = node.setdefault(key, {})  # type: ignore[assignment]
        node[f" {method}"] = Route(handler, access)

    def find(self, method: str, path: str) -> tuple[Route | None, list[str]]:
        """The route of a path and its parameters. Empty segments are ignored, as live."""
        node: dict[str, object] = self._root
        params: list[str] = []
        for part in path.split("/"):
            if not part:
                continue
            below = node.get(part)
            if below is None:
                below = node.get("{}")
                if below is None:
                    return None, params
                params.append(part)
            node = below  # type: ignore[assignment]
        return node.get(f" {method}"), params  # type: ignore[return-value]


def _segments(path: str) -> list[str]:
    return [part for part in path.split("/") if part]
