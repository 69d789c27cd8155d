"""The home system: the fixed layout every starting system of the game shares.

Read off nine captured systems of 2024 to 2026. Angles, extra moons, planet traits and the
speciality of the faction's station differ from system to system, everything here does not.
"""

from dataclasses import dataclass

CENTRE, ENGINEERED = "A", "ENG"


@dataclass(frozen=True, slots=True)
class Role:
    """A place every home system has.

    `angle` names another role whose direction from the star it shares; None draws one.
    `traits` are sure, `flavour` says from which pool a few more are drawn.
    """

    name: str
    band: str
    type: str
    radius: int
    parent: str | None = None
    angle: str | None = None
    traits: tuple[str, ...] = ()
    flavour: str | None = None
    exports: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    exchange: tuple[str, ...] = ("FUEL",)
    ships: tuple[str, ...] = ()


HEADQUARTERS = "headquarters"
MINING_YARD = "mining yard"
METAL_REFINERY = "metal refinery"
SPECIALITY = "speciality"
GATE = "gate"
GAS_GIANT = "gas giant"

_MARKET = "MARKETPLACE"
_YARD = "SHIPYARD"
_INDUSTRY = ("INDUSTRIAL", _MARKET)
_YARD_IMPORTS = ("SHIP_PLATING", "SHIP_PARTS")
_MINERALS = ("ICE_WATER", "AMMONIA_ICE", "QUARTZ_SAND", "SILICON_CRYSTALS")

ROLES = (
    Role(
        HEADQUARTERS,
        CENTRE,
        "PLANET",
        25,
        traits=(_MARKET,),
        flavour="PLANET",
        imports=("FOOD", "MEDICINE", "CLOTHING", "EQUIPMENT", "JEWELRY"),
    ),
    Role(
        "general yard",
        CENTRE,
        "MOON",
        25,
        parent=HEADQUARTERS,
        traits=(_MARKET, _YARD),
        flavour="MOON",
        imports=_YARD_IMPORTS,
        ships=("SHIP_PROBE", "SHIP_LIGHT_SHUTTLE", "SHIP_LIGHT_HAULER"),
    ),
    Role(
        "chip works",
        CENTRE,
        "MOON",
        25,
        parent=HEADQUARTERS,
        traits=(_MARKET,),
        flavour="MOON",
        exports=("MICROPROCESSORS",),
        imports=("SILICON_CRYSTALS", "COPPER"),
    ),
    Role(
        SPECIALITY,
        CENTRE,
        "ORBITAL_STATION",
        25,
        parent=HEADQUARTERS,
        traits=("MILITARY_BASE", _MARKET),
    ),
    Role(
        "engineered asteroid",
        ENGINEERED,
        "ENGINEERED_ASTEROID",
        27,
        traits=("COMMON_METAL_DEPOSITS", "STRIPPED", _MARKET),
    ),
    Role("inner fuel", "B", "FUEL_STATION", 190, traits=(_MARKET,)),
    Role(
        "belt refinery",
        "B",
        "ASTEROID_BASE",
        345,
        traits=("HOLLOWED_INTERIOR", "OUTPOST", _MARKET),
        exports=("GOLD", "SILVER", "PLATINUM"),
        imports=("GOLD_ORE", "SILVER_ORE", "PLATINUM_ORE"),
        exchange=(
            *_MINERALS,
            "IRON_ORE",
            "COPPER_ORE",
            "ALUMINUM_ORE",
            "URANITE_ORE",
            "MERITIUM_ORE",
            "PRECIOUS_STONES",
            "DIAMONDS",
            "FUEL",
        ),
    ),
    Role(GAS_GIANT, "C", "GAS_GIANT", 155, flavour="GAS_GIANT", exchange=()),
    Role(
        "gas exchange",
        "C",
        "ORBITAL_STATION",
        155,
        parent=GAS_GIANT,
        traits=("OUTPOST", *_INDUSTRY, _YARD),
        exports=("LAB_INSTRUMENTS",),
        imports=("ELECTRONICS", "EQUIPMENT", *_YARD_IMPORTS),
        exchange=("HYDROCARBON", "LIQUID_HYDROGEN", "LIQUID_NITROGEN", "FUEL"),
        ships=("SHIP_PROBE", "SHIP_SIPHON_DRONE"),
    ),
    Role("giant fuel", "C", "FUEL_STATION", 115, angle=GAS_GIANT, traits=(_MARKET,)),
    Role(
        "ship parts works",
        "D",
        "PLANET",
        85,
        traits=_INDUSTRY,
        flavour="PLANET",
        exports=("SHIP_PARTS", "MEDICINE"),
        imports=("EQUIPMENT", "ELECTRONICS", "FABRICS", "POLYNUCLEOTIDES"),
    ),
    Role(
        "plating works",
        "D",
        "MOON",
        85,
        parent="ship parts works",
        traits=_INDUSTRY,
        flavour="MOON",
        exports=("SHIP_PLATING", "ADVANCED_CIRCUITRY"),
        imports=("ALUMINUM", "MACHINERY", "ELECTRONICS", "MICROPROCESSORS"),
    ),
    Role(
        "arms works",
        "E",
        "PLANET",
        55,
        traits=_INDUSTRY,
        flavour="PLANET",
        exports=("ASSAULT_RIFLES", "FIREARMS"),
        imports=("ALUMINUM", "AMMUNITION", "IRON"),
    ),
    Role(
        "machine works",
        "E",
        "MOON",
        55,
        parent="arms works",
        traits=_INDUSTRY,
        flavour="MOON",
        exports=("MACHINERY", "FABRICS", "POLYNUCLEOTIDES"),
        imports=("FERTILIZERS", "IRON", "LIQUID_HYDROGEN", "LIQUID_NITROGEN"),
    ),
    Role(
        "powder works",
        "F",
        "PLANET",
        75,
        traits=(_MARKET,),
        flavour="PLANET",
        exports=("AMMUNITION", "EXPLOSIVES"),
        imports=("IRON", "LIQUID_NITROGEN", "LIQUID_HYDROGEN"),
    ),
    Role(
        "fabrication station",
        "F",
        "ORBITAL_STATION",
        75,
        parent="powder works",
        traits=("HIGH_TECH", _MARKET),
        exports=("FAB_MATS", "ELECTRONICS"),
        imports=("IRON", "QUARTZ_SAND", "SILICON_CRYSTALS", "COPPER"),
    ),
    Role(
        "fuel refinery",
        "G",
        "PLANET",
        65,
        traits=_INDUSTRY,
        flavour="PLANET",
        exports=("FUEL", "PLASTICS", "FERTILIZERS"),
        imports=("HYDROCARBON", "LIQUID_HYDROGEN", "LIQUID_NITROGEN"),
        exchange=(),
    ),
    Role(
        METAL_REFINERY,
        "H",
        "PLANET",
        45,
        traits=_INDUSTRY,
        flavour="PLANET",
        exports=("IRON", "ALUMINUM", "COPPER"),
        imports=("DRUGS", "IRON_ORE", "ALUMINUM_ORE", "COPPER_ORE"),
    ),
    Role(
        MINING_YARD,
        "H",
        "MOON",
        45,
        parent=METAL_REFINERY,
        traits=("INDUSTRIAL", _YARD, _MARKET),
        flavour="MOON",
        imports=_YARD_IMPORTS,
        ships=("SHIP_MINING_DRONE", "SHIP_SURVEYOR"),
    ),
    Role(
        "mineral exchange",
        "H",
        "MOON",
        45,
        parent=METAL_REFINERY,
        traits=_INDUSTRY,
        flavour="MOON",
        exchange=(*_MINERALS, "FUEL"),
    ),
    Role(
        "jewellers",
        "H",
        "MOON",
        45,
        parent=METAL_REFINERY,
        traits=_INDUSTRY,
        flavour="MOON",
        exports=("JEWELRY",),
        imports=("GOLD", "SILVER", "PRECIOUS_STONES", "DIAMONDS"),
    ),
    Role(GATE, "I", "JUMP_GATE", 450, traits=(_MARKET,), exchange=("ANTIMATTER", "FUEL")),
    Role(
        "gate fuel",
        "I",
        "FUEL_STATION",
        230,
        angle=GATE,
        traits=(_MARKET,),
        exchange=("ANTIMATTER", "FUEL"),
    ),
    Role("outer fuel", "J", "FUEL_STATION", 600, angle=GATE, traits=(_MARKET,)),
    Role(
        "pirate base",
        "J",
        "ASTEROID_BASE",
        720,
        angle=GATE,
        traits=("HOLLOWED_INTERIOR", "PIRATE_BASE", _MARKET),
        exports=("IRON_ORE", "COPPER_ORE", "ALUMINUM_ORE", "DRUGS", "PRECIOUS_STONES"),
        imports=(
            "FOOD",
            "MEDICINE",
            "CLOTHING",
            "EQUIPMENT",
            "EXPLOSIVES",
            "AMMONIA_ICE",
            "POLYNUCLEOTIDES",
            "ASSAULT_RIFLES",
            "FIREARMS",
        ),
    ),
    Role(
        "consumer goods works",
        "K",
        "PLANET",
        105,
        traits=_INDUSTRY,
        flavour="PLANET",
        exports=("FOOD", "EQUIPMENT", "CLOTHING", "BIOCOMPOSITES"),
        imports=("FERTILIZERS", "ALUMINUM", "PLASTICS", "FABRICS", "POLYNUCLEOTIDES"),
    ),
)

RADIUS_SPREAD = 2
"""Places lie within this of their band's radius."""

BELTS = {"B": (29, 33, 308, 390), "J": (19, 29, 710, 790)}
"""Band → least and most asteroids, inner and outer radius."""

EXTRA_MOONS = (0, 6)
"""Moons without a market, spread over the planets outside the centre."""

SPECIALITIES = ("BOTANICAL_SPECIMENS", "MOOD_REGULATORS", "SUPERGRAINS", "LASER_RIFLES")
LUXURIES = ("EXOTIC_MATTER", "NANOBOTS")
"""What the headquarters imports besides; one of them."""

DEPOSIT_TRAITS = {
    "MINERAL_DEPOSITS": 0.489,
    "COMMON_METAL_DEPOSITS": 0.38,
    "RARE_METAL_DEPOSITS": 0.081,
    "PRECIOUS_METAL_DEPOSITS": 0.05,
}
"""Every asteroid has exactly one of these; frequencies over 221 asteroids."""

OTHER_ASTEROID_TRAITS = {
    "EXPLOSIVE_GASES": 0.213,
    "RADIOACTIVE": 0.199,
    "SHALLOW_CRATERS": 0.195,
    "DEEP_CRATERS": 0.176,
    "UNSTABLE_COMPOSITION": 0.059,
    "HOLLOWED_INTERIOR": 0.05,
    "DEBRIS_CLUSTER": 0.05,
    "MICRO_GRAVITY_ANOMALIES": 0.036,
}

CLIMATES = {
    "PLANET": (
        "FROZEN",
        "ROCKY",
        "BARREN",
        "VOLCANIC",
        "TEMPERATE",
        "SWAMP",
        "JUNGLE",
        "OCEAN",
    ),
    "MOON": ("ROCKY", "FROZEN", "BARREN", "VOLCANIC"),
}
SETTLEMENTS = ("OUTPOST", "SCATTERED_SETTLEMENTS", "SPRAWLING_CITIES", "MEGA_STRUCTURES")
FLAVOURS = {
    "PLANET": (
        "SALT_FLATS",
        "MAGMA_SEAS",
        "FOSSILS",
        "THIN_ATMOSPHERE",
        "PERPETUAL_DAYLIGHT",
        "BREATHABLE_ATMOSPHERE",
        "DRY_SEABEDS",
        "CANYONS",
        "SCARCE_LIFE",
        "TOXIC_ATMOSPHERE",
        "STRONG_GRAVITY",
        "VIBRANT_AURORAS",
        "CORROSIVE_ATMOSPHERE",
    ),
    "MOON": (
        "TERRAFORMED",
        "CORROSIVE_ATMOSPHERE",
        "VIBRANT_AURORAS",
        "EXTREME_PRESSURE",
        "EXTREME_TEMPERATURES",
        "TOXIC_ATMOSPHERE",
        "THIN_ATMOSPHERE",
    ),
    "GAS_GIANT": ("STRONG_GRAVITY", "VIBRANT_AURORAS"),
}
"""None of these holds deposits that would change what a place is good for."""

GATE_BILL = {
    "FAB_MATS": (1600, 0),
    "ADVANCED_CIRCUITRY": (400, 0),
    "QUANTUM_STABILIZERS": (1, 1),
}
"""Good → required and already there, measured since 2025."""
