"""The site of the documents: every page has its place in it, and it needs nothing but Markdown."""

from typing import Any

import yaml

from tests.docs import shelf


def site() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(shelf.text("mkdocs.yml"))
    return found


def pages(nav: Any) -> list[str]:
    """The files of a navigation, however deep."""
    if isinstance(nav, str):
        return [nav]
    inside = nav.values() if isinstance(nav, dict) else nav
    return [page for each in inside for page in pages(each)]


def test_every_document_has_its_place_in_the_site() -> None:
    written = {
        str(path.relative_to(shelf.ROOT / "docs"))
        for path in shelf.documents()
        if path.parent == shelf.ROOT / "docs"
    }

    assert set(pages(site()["nav"])) == written | {"decisions/README.md"}


def test_no_page_stands_twice() -> None:
    named = pages(site()["nav"])

    assert len(named) == len(set(named))


def test_the_site_needs_no_plugins_and_nothing_from_elsewhere() -> None:
    found = site()

    assert "plugins" not in found
    assert "extra_javascript" not in found
    assert found["theme"]["font"] is False


def test_no_document_leads_out_of_the_site() -> None:
    out = {
        shelf.name_of(path): link
        for path in (shelf.ROOT / "docs").glob("*.md")
        for link in shelf.links(path.read_text(encoding="utf-8"))
        if link.startswith("../")
    }

    assert out == {}, "the site holds docs/ alone: name the file instead"
