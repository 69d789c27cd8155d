"""Addresses of pages: the README lists every page, and every address named is one."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from tests.docs import shelf

NO_PAGES = ("panels/", "charts/", "admin/", "login/", "logout/", "health/", "metrics")


def routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, route)
        else:
            yield route


def pages() -> set[str]:
    """Addresses of whole pages that need no name of a ship."""
    return {
        f"/{route}"
        for route in routes(get_resolver().url_patterns)
        if not any(part in f"{route}" for part in NO_PAGES) and "<" not in route
    }


def test_readme_lists_every_page() -> None:
    rows = shelf.table(shelf.text("README.md"), "Where to look")

    told = {row[0] for row in rows}

    assert pages() <= told


@pytest.mark.parametrize("document", shelf.documents(), ids=shelf.name_of)
def test_every_address_in_a_document_is_one_of_ours(document: Path) -> None:
    told = document.read_text(encoding="utf-8")
    wrong = []

    for span in shelf.spans(told):
        if not re.fullmatch(r"/(?:[a-z-]+/)*", span) or span.startswith(("/my/", "/systems/")):
            continue
        try:
            resolve(span)
        except Resolver404:
            wrong.append(span)

    assert wrong == []
