"""Traits and modifiers of waypoints, and what can be dug out where.

Deposit sets are community tables; only the common metal row was measured. Weights are unknown
and uniform by default (`UniverseRules.deposit_weights`).
"""

_TRAITS = """
ASH_CLOUDS|Ash Clouds|Ash hangs in the air and in every filter.
BARREN|Barren|Bare rock, no water, nothing that grows.
BLACK_MARKET|Black Market|Goods change hands here without papers.
BREATHABLE_ATMOSPHERE|Breathable Atmosphere|Air that needs no mask.
BUREAUCRATIC|Bureaucratic|Every landing takes a form.
CANYONS|Canyons|Deep valleys cut the surface.
COMMON_METAL_DEPOSITS|Common Metal Deposits|Ores of iron, copper and aluminum.
CORROSIVE_ATMOSPHERE|Corrosive Atmosphere|The air eats seals and paint.
CORRUPT|Corrupt|Officials here have a price.
CRUSHING_GRAVITY|Crushing Gravity|Gravity that few hulls stand.
DEBRIS_CLUSTER|Debris Cluster|Rubble drifts around this place.
DEEP_CRATERS|Deep Craters|Old impacts laid open the deep layers.
DIVERSE_LIFE|Diverse Life|Many kinds of life share this world.
DRY_SEABEDS|Dry Seabeds|Plains where oceans used to be.
EXPLORATION_OUTPOST|Exploration Outpost|A base for those who go further out.
EXPLOSIVE_GASES|Explosive Gases|Pockets of gas that a spark can set off.
EXTREME_PRESSURE|Extreme Pressure|Pressure that only heavy hulls endure.
EXTREME_TEMPERATURES|Extreme Temperatures|Frost by night, furnace by day.
FOSSILS|Fossils|Remains of what lived here once.
FROZEN|Frozen|Ice from pole to pole.
HIGH_TECH|High-Tech|A centre of advanced industry.
HOLLOWED_INTERIOR|Hollowed Interior|Tunnelled through and through.
ICE_CRYSTALS|Ice Crystals|Crystals of frozen water and gases.
INDUSTRIAL|Industrial|Factories cover the ground.
JOVIAN|Jovian|A giant of gas with bands of cloud.
JUNGLE|Jungle|Hot, wet and overgrown.
MAGMA_SEAS|Magma Seas|Lakes of molten rock.
MARKETPLACE|Marketplace|A market for travelling traders.
MEGA_STRUCTURES|Mega Structures|Buildings visible from orbit.
METHANE_POOLS|Methane Pools|Pools of liquid methane.
MICRO_GRAVITY_ANOMALIES|Micro-Gravity Anomalies|Gravity that shifts without warning.
MILITARY_BASE|Military Base|A garrison and its stores.
MINERAL_DEPOSITS|Mineral Deposits|Crystals, sand, ice and stones.
MUTATED_FLORA|Mutated Flora|Plants changed by what fell here.
OCEAN|Ocean|Water over almost all of it.
OUTPOST|Outpost|A small settlement far from the next.
OVERCROWDED|Overcrowded|More people than room.
PERPETUAL_DAYLIGHT|Perpetual Daylight|The sun never sets here.
PERPETUAL_OVERCAST|Perpetual Overcast|The clouds never part.
PIRATE_BASE|Pirate Base|Home of those who live by raiding.
PRECIOUS_METAL_DEPOSITS|Precious Metal Deposits|Ores of gold, silver and platinum.
RADIOACTIVE|Radioactive|Counters tick without pause.
RARE_METAL_DEPOSITS|Rare Metal Deposits|Ores of uranite and meritium.
RESEARCH_FACILITY|Research Facility|Laboratories and their guests.
ROCKY|Rocky|Stone, ridges and scree.
SALT_FLATS|Salt Flats|White plains of salt.
SCARCE_LIFE|Scarce Life|Little lives here, and that is small.
SCATTERED_SETTLEMENTS|Scattered Settlements|Villages with much land between.
SHALLOW_CRATERS|Shallow Craters|The marks of many small impacts.
SHIPYARD|Shipyard|Ships are sold, refitted and repaired here.
SPRAWLING_CITIES|Sprawling Cities|Cities that have grown into one.
STRIPPED|Stripped|Worked out: little is left to take.
STRONG_GRAVITY|Strong Gravity|Heavier than most crews like.
STRONG_MAGNETOSPHERE|Strong Magnetosphere|A magnetic field that troubles sensors.
SUPERVOLCANOES|Supervolcanoes|Volcanoes that could end the settlement.
SURVEILLANCE_OUTPOST|Surveillance Outpost|Somebody watches from here.
SWAMP|Swamp|Mud, reeds and rising gas.
TEMPERATE|Temperate|Mild seasons.
TERRAFORMED|Terraformed|Made habitable by long work.
THIN_ATMOSPHERE|Thin Atmosphere|Air too thin to breathe for long.
TOXIC_ATMOSPHERE|Toxic Atmosphere|Air that poisons.
TRADING_HUB|Trading Hub|Routes from many systems meet here.
UNCHARTED|Uncharted|Nobody has charted this place yet.
UNDER_CONSTRUCTION|Under Construction|Something is being built here.
UNSTABLE_COMPOSITION|Unstable Composition|A rock that may come apart.
VAST_RUINS|Vast Ruins|The remains of a large city.
VIBRANT_AURORAS|Vibrant Auroras|Lights move across the night.
VOLCANIC|Volcanic|Eruptions shape the land.
WEAK_GRAVITY|Weak Gravity|A jump carries far here.
"""

TRAITS: dict[str, tuple[str, str]] = {
    symbol: (name, description)
    for symbol, name, description in (line.split("|") for line in _TRAITS.strip().splitlines())
}
"""Symbol → name, description."""

MODIFIERS = {
    "STRIPPED": ("Stripped", "Worked out: little is left to take."),
    "UNSTABLE": ("Unstable", "Overworked; extraction can fail until it settles."),
    "RADIATION_LEAK": ("Radiation Leak", "Something spills radiation here."),
    "CRITICAL_LIMIT": ("Critical Limit", "Worked harder than the rock can bear for long."),
    "CIVIL_UNREST": ("Civil Unrest", "The settlement is not at peace."),
}

DEPOSITS: dict[str, tuple[str, ...]] = {
    "COMMON_METAL_DEPOSITS": (
        "ALUMINUM_ORE",
        "COPPER_ORE",
        "IRON_ORE",
        "ICE_WATER",
        "SILICON_CRYSTALS",
        "QUARTZ_SAND",
    ),
    "MINERAL_DEPOSITS": (
        "SILICON_CRYSTALS",
        "QUARTZ_SAND",
        "AMMONIA_ICE",
        "ICE_WATER",
        "IRON_ORE",
        "PRECIOUS_STONES",
    ),
    "PRECIOUS_METAL_DEPOSITS": (
        "PLATINUM_ORE",
        "GOLD_ORE",
        "SILVER_ORE",
        "ALUMINUM_ORE",
        "COPPER_ORE",
        "ICE_WATER",
        "QUARTZ_SAND",
        "SILICON_CRYSTALS",
    ),
    "RARE_METAL_DEPOSITS": ("URANITE_ORE", "MERITIUM_ORE"),
    "METHANE_POOLS": ("HYDROCARBON",),
    "ICE_CRYSTALS": ("ICE_WATER", "AMMONIA_ICE", "LIQUID_HYDROGEN", "LIQUID_NITROGEN"),
    "FROZEN": ("ICE_WATER", "AMMONIA_ICE"),
    "EXPLOSIVE_GASES": ("HYDROCARBON",),
    "SWAMP": ("HYDROCARBON",),
    "STRONG_MAGNETOSPHERE": ("EXOTIC_MATTER", "GRAVITON_EMITTERS"),
}
"""Trait → what lies in it. A place holds the union over its traits."""

DIAMOND_TRAITS = ("MINERAL_DEPOSITS", "PRECIOUS_METAL_DEPOSITS")
"""Guess: where a surveyor of the second kind finds diamonds, which no plain extraction does."""

GASES = ("HYDROCARBON", "LIQUID_HYDROGEN", "LIQUID_NITROGEN")
"""What a gas giant yields, community tables."""

MINEABLE_TYPES = frozenset({"ASTEROID", "ASTEROID_FIELD", "ENGINEERED_ASTEROID"})
SIPHONABLE_TYPES = frozenset({"GAS_GIANT"})
ENGINEERED_ASTEROID_TRAITS = ("COMMON_METAL_DEPOSITS", "STRIPPED", "MARKETPLACE")

WAYPOINT_TYPES = (
    "PLANET",
    "GAS_GIANT",
    "MOON",
    "ORBITAL_STATION",
    "JUMP_GATE",
    "ASTEROID_FIELD",
    "ASTEROID",
    "ENGINEERED_ASTEROID",
    "ASTEROID_BASE",
    "NEBULA",
    "DEBRIS_FIELD",
    "GRAVITY_WELL",
    "ARTIFICIAL_GRAVITY_WELL",
    "FUEL_STATION",
)
