"""Steering with the keyboard alone."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from fleet.models import Agent, Control
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.usefixtures("signed_in")
def test_agent_is_paused_with_the_keyboard_alone(page: Page, live_server: Any) -> None:
    make.ShipFactory(symbol="MAGPIE-1", agent__symbol="MAGPIE")
    page.goto(f"{live_server.url}/control/?agent=MAGPIE")

    tab_to(page, "Pause new work")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Reason")).to_be_visible()
    tab_to(page, "", "why")
    page.keyboard.type("tea time")
    tab_to(page, "Pause new work")
    page.keyboard.press("Enter")

    expect(page.locator(".notice").first).to_be_visible()
    order = Control.objects.get()
    assert (order.mode, order.agent, order.why) == ("pause", Agent.objects.get(), "tea time")


def tab_to(page: Page, words: str, name: str = "") -> None:
    """Press Tab until what has the focus says these words, or is the field of that name."""
    for _ in range(150):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "[document.activeElement.textContent.trim(), document.activeElement.name || '']"
        )
        if (focused[1] == name) if name else (focused[0] == words):
            return
    raise AssertionError(f"no way to {words or name} with the Tab key")
