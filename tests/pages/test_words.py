"""How pages write times, credits and fills (spacefleet.templatetags.pages)."""

from datetime import timedelta

import pytest

from spacefleet.templatetags import pages
from tests.factories import NOON


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (3660, "1 h 1 min"),
        (36_060, "10 h"),
        (172_799, "47 h"),
        (172_800, "2 d"),
    ],
)
def test_length_of_time_in_words(seconds: float, words: str) -> None:
    assert pages.span(seconds) == words


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (NOON, ">now<"),
        (NOON - timedelta(minutes=4), ">4 min ago<"),
        (NOON + timedelta(minutes=4), ">in 4 min<"),
    ],
    ids=["now", "past", "future"],
)
def test_moment_is_told_from_now(moment: object, words: str) -> None:
    assert words in pages.ago(moment)


def test_moment_keeps_its_exact_value_in_utc() -> None:
    told = pages.ago(NOON - timedelta(seconds=5))

    assert 'datetime="2026-03-01T11:59:55Z"' in told
    assert 'title="2026-03-01 11:59:55 UTC"' in told


def test_unknown_moment_is_a_word() -> None:
    assert pages.ago(None) == "never"
    assert pages.ago(None, "not yet") == "not yet"


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "unknown"), (0, "0 cr"), (1_234_567, "1,234,567 cr"), (-5, "−5 cr")],
)
def test_unknown_credits_are_not_zero(value: int | None, words: str) -> None:
    assert pages.in_credits(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "unknown"), (0, "0 cr"), (1_200, "+1,200 cr"), (-1_200, "−1,200 cr")],
)
def test_movements_carry_their_sign(value: int | None, words: str) -> None:
    assert pages.signed(value) == words


def test_fill_is_a_bar_with_its_figures() -> None:
    bar = pages.fill(1_200, 2_400, "cargo")

    assert 'max="2400" value="1200"' in bar
    assert "1,200/2,400" in bar


def test_ship_without_a_hold_has_no_bar() -> None:
    assert "progress" not in pages.fill(0, 0, "cargo")
