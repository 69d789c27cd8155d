"""What a ship can be used for (fleet.rules.roles)."""

import pytest

from fleet.rules.roles import SMALL_HOLD, Abilities, able

HULLS = {
    "frigate": Abilities(laser=5, siphon=0, survey=2, hold=40, speed=36, fuel_capacity=400),
    "mining drone": Abilities(laser=3, siphon=0, survey=0, hold=15, speed=9, fuel_capacity=80),
    "siphon drone": Abilities(laser=0, siphon=10, survey=0, hold=15, speed=9, fuel_capacity=80),
    "surveyor": Abilities(laser=0, siphon=0, survey=1, hold=0, speed=9, fuel_capacity=80),
    "shuttle": Abilities(laser=0, siphon=0, survey=0, hold=40, speed=15, fuel_capacity=100),
    "probe": Abilities(laser=0, siphon=0, survey=0, hold=0, speed=9, fuel_capacity=0),
}
ABLE = {
    "siphon": {"siphon drone"},
    "laser": {"frigate", "mining drone"},
    "survey": {"surveyor"},
    "hold": {"shuttle"},
    "allround": {"frigate"},
    "probe": {"probe"},
    "telepathy": set(),
}


@pytest.mark.parametrize("needs", ABLE)
@pytest.mark.parametrize("hull", HULLS)
def test_a_hull_fills_the_vacancies_it_is_made_for(hull, needs):
    assert able(needs, HULLS[hull]) is (hull in ABLE[needs])


@pytest.mark.parametrize(("hold", "enough"), [(SMALL_HOLD - 1, False), (SMALL_HOLD, True)])
def test_a_freighter_needs_a_hold_worth_the_trip(hold, enough):
    hull = Abilities(laser=0, siphon=0, survey=0, hold=hold, speed=15, fuel_capacity=100)

    assert able("hold", hull) is enough


@pytest.mark.parametrize("needs", ["laser", "siphon"])
def test_a_mount_without_a_hold_mines_nothing(needs):
    hull = Abilities(laser=3, siphon=3, survey=0, hold=0, speed=9, fuel_capacity=80)

    assert not able(needs, hull)
