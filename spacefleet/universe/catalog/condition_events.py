"""What can happen to a ship at work or under way."""

from dataclasses import dataclass

NAVIGATION, EXTRACTION = "navigation", "extraction"


@dataclass(frozen=True, slots=True)
class ConditionEvent:
    """An event that wears one part, and on which occasions it can happen."""

    symbol: str
    component: str
    occasions: tuple[str, ...]
    name: str
    description: str


# symbol | component | occasions (n, e) | name | description
_EVENTS = """
ATMOSPHERIC_ENTRY_HEAT|FRAME|n|Atmospheric Entry Heat|The hull ran hot on the way down.
BEARING_LUBRICATION_FADE|ENGINE|n|Bearing Lubrication Fade|The engine's bearings run dry.
COOLANT_LEAK|REACTOR|ne|Coolant System Leak Detected|The reactor loses coolant.
COOLANT_SYSTEM_AGEING|ENGINE|n|Coolant System Ageing|The engine's coolant lines age.
CORROSIVE_MINERAL_CONTAMINATION|FRAME|e|Corrosive Mineral Contamination|Dust from the rock eats at the hull.
DUST_MICROABRASIONS|ENGINE|n|Microabrasions from Cosmic Dust|Dust scoured the engine.
ELECTROMAGNETIC_FIELD_INTERFERENCE|FRAME|e|Electromagnetic Field Interference|A field from the laser upset the hull's monitors.
ELECTROMAGNETIC_SURGE_EFFECTS|FRAME|n|Electromagnetic Surge Effects|A surge arced over the hull.
ENERGY_SPIKE_FROM_MINERAL|REACTOR|e|Energy Spike from Unstable Minerals|A mineral's discharge hit the reactor.
EXHAUST_PORT_CLOGGING|ENGINE|n|Exhaust Port Clogging|Residue clogs the exhaust.
FUEL_EFFICIENCY_DEGRADATION|ENGINE|n|Fuel Efficiency Degradation|Sediment built up in the fuel lines.
HULL_MICROMETEORITE_DAMAGE|FRAME|n|Hull Micrometeorite Damage|A grain of rock scarred the hull.
HULL_MICROMETEORITE_STRIKES|FRAME|n|Micrometeorite Strikes on Hull|A swarm of grains pierced the hull.
IMPACT_WITH_EXTRACTED_DEBRIS|FRAME|e|Impact with Extracted Debris|A loosened boulder struck the hull.
MAGNETIC_FIELD_DISRUPTION|REACTOR|e|Magnetic Field Disruption by Asteroid Composition|The rock's field disturbed the reactor.
POWER_DISTRIBUTION_FLUCTUATION|REACTOR|e|Power Distribution Fluctuation|Power wavered while the laser ran.
PRESSURE_DIFFERENTIAL_STRESS|FRAME|n|Pressure Differential Stress|A cloud of gas strained the hull.
REACTOR_OVERLOAD|REACTOR|e|Reactor Overload Incident|Dense rock drew more than the reactor gives.
SENSOR_CALIBRATION_DRIFT|ENGINE|n|Sensor Calibration Drift|The engine's sensors drifted.
SOLAR_FLARE_INTERFERENCE|REACTOR|ne|Solar Flare Interference with Reactor Operations|A flare disturbed the reactor.
SPACE_DEBRIS_COLLISION|FRAME|n|Space Debris Collision|Drifting scrap struck the hull.
STRUCTURAL_STRESS_FRACTURES|FRAME|e|Structural Stress Fractures|Heavy loads cracked a frame.
THERMAL_EXPANSION_MISMATCH|FRAME|e|Thermal Expansion Mismatch|Heat bent parts of the hull.
THERMAL_STRESS|FRAME|n|Thermal Stress|Heat and cold strained the hull.
THRUSTER_NOZZLE_WEAR|ENGINE|n|Thruster Nozzle Wear|A nozzle wore thin.
VIBRATION_DAMAGE_FROM_DRILLING|FRAME|e|Vibration Damage from Drilling Operations|Drilling shook joints loose.
VIBRATION_OVERLOAD|FRAME|n|Vibration Overload|The engine's hum worked on the joints.
"""

_OCCASIONS = {"n": NAVIGATION, "e": EXTRACTION}


def _read() -> list[ConditionEvent]:
    events = []
    for line in _EVENTS.strip().splitlines():
        symbol, component, occasions, name, description = line.split("|")
        when = tuple(_OCCASIONS[letter] for letter in occasions)
        events.append(ConditionEvent(symbol, component, when, name, description))
    return events


EVENTS = _read()
