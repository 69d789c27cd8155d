"""What the endpoints of every subject stand on: one call, a list, a page."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from spacefleet.spacetraders.calls import Caller, Request, Tags
from spacefleet.spacetraders.payloads import Page

T = TypeVar("T")

PAGE_LIMIT = 20
"""The largest page the game gives (documented)."""


class Endpoints:
    """Sends calls under fixed tags; the subjects add the methods."""

    def __init__(self, caller: Caller, tags: Tags) -> None:
        self._caller = caller
        self._tags = tags

    def _call(
        self,
        method: str,
        endpoint: str,
        read: Callable[[Any], T],
        *,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        **symbols: str,
    ) -> T:
        """Call, and read the whole body of the answer."""
        request = Request.to(method, endpoint, body=body, query=query, symbols=symbols)
        return self._caller.call(request, self._tags, read=read)

    def _ask(
        self,
        method: str,
        endpoint: str,
        read: Callable[[Any], T],
        *,
        body: Mapping[str, Any] | None = None,
        **symbols: str,
    ) -> T:
        """Call, and read what the answer's envelope holds."""
        return self._call(
            method,
            endpoint,
            lambda answer: read(answer["data"]),
            body=body,
            query=None,
            **symbols,
        )

    def _page(
        self,
        endpoint: str,
        read: Callable[[Any], T],
        *,
        page: int,
        limit: int,
        query: Mapping[str, Any] | None = None,
        **symbols: str,
    ) -> Page[T]:
        """Call, and read one page of a list."""

        def read_page(answer: Any) -> Page[T]:
            items = tuple(read(item) for item in answer["data"])
            meta = answer.get("meta") or {}
            return Page(
                items=items, total=meta.get("total", len(items)), page=page, limit=limit
            )

        asked = {"page": page, "limit": limit, **(query or {})}
        return self._call("GET", endpoint, read_page, body=None, query=asked, **symbols)


def every(read_page: Callable[[int], Page[T]]) -> Iterator[T]:
    """All items of a list, one page after the other, each asked for when it is needed."""
    number = 1
    while True:
        page = read_page(number)
        yield from page.items
        if page.is_last:
            return
        number += 1


def system_of(waypoint: str) -> str:
    """The system of a waypoint: its symbol without the last part."""
    return waypoint.rpartition("-")[0]
