"""Links between the documents lead somewhere."""

import re
from pathlib import Path

import pytest

from tests.docs import shelf


def anchors(told: str) -> set[str]:
    """Anchors of headings, as forges make them: lower case, words joined by dashes."""
    bare = [re.sub(r"[^\w\s-]", "", heading.lower()) for heading in shelf.headings(told)]
    return {heading.strip().replace(" ", "-") for heading in bare}


def leads_nowhere(document: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (document.parent / path).resolve() if path else document
    if not target.exists():
        return True
    return bool(anchor) and anchor not in anchors(target.read_text(encoding="utf-8"))


@pytest.mark.parametrize("document", shelf.documents(), ids=shelf.name_of)
def test_every_link_between_documents_leads_somewhere(document: Path) -> None:
    inside = [
        link
        for link in shelf.links(document.read_text(encoding="utf-8"))
        if not link.startswith(("http://", "https://"))
    ]

    assert [link for link in inside if leads_nowhere(document, link)] == []


def test_every_document_can_be_reached_from_the_readme() -> None:
    seen: set[Path] = set()
    waiting = [shelf.ROOT / "README.md"]

    while waiting:
        document = waiting.pop()
        seen.add(document)
        for link in shelf.links(document.read_text(encoding="utf-8")):
            target = (document.parent / link.partition("#")[0]).resolve()
            if target.suffix == ".md" and target.exists() and target not in seen:
                waiting.append(target)

    assert {shelf.name_of(each) for each in set(shelf.documents()) - seen} == set()


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [
        int(path.name[:4]) for path in sorted((shelf.ROOT / "docs" / "decisions").glob("0*.md"))
    ]

    assert numbers == list(range(1, len(numbers) + 1))
