"""The documents speak of the product only: no private place, nothing left to do."""

import re
from pathlib import Path

import pytest

from tests.docs import shelf

PRIVATE_FOLDERS = ("Users", "home", "root", "tmp")
UNFIT = [
    re.compile(rf"(?<![\w.:/])/(?:{'|'.join(PRIVATE_FOLDERS)})/"),
    re.compile(r"\b(?:TODO|FIXME|XXX)\b"),
]


def unfit(told: str) -> list[str]:
    return [match[0] for pattern in UNFIT for match in pattern.finditer(told)]


@pytest.mark.parametrize("document", shelf.documents(), ids=shelf.name_of)
def test_document_speaks_of_the_product_only(document: Path) -> None:
    assert unfit(document.read_text(encoding="utf-8")) == []


def test_unfit_words_are_noticed() -> None:
    told = "see /home/me/notes; a FIXME"

    assert unfit(told) == ["/home/", "FIXME"]
