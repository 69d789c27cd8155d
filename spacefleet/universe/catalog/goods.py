"""Trade goods: their names, the price everything else is derived from, the size of a lot.

Bases marked `fitted` reproduce recorded prices to the credit (four home systems of 2025 and a
fifth of another year). The others were never seen on a market we could invert: `guess`.
"""

from dataclasses import dataclass
from typing import Literal

Confidence = Literal["fitted", "guess", "untraded"]

EXCHANGE_VOLUME = 180
"""Units per transaction at exchange markets, measured; antimatter is the exception."""

ANTIMATTER_VOLUME = 18
RAW_VOLUME = 60
"""Ores, gases, metals, food, fabrics and other bulk goods at the start of an era, measured."""

MADE_VOLUME = 20
RARE_VOLUME = 6
"""Ship parts, ship plating and the expensive specialities, measured."""


@dataclass(frozen=True, slots=True)
class Good:
    """One tradable good. `base` is in credits per unit, `volume` the lot at the era's start."""

    symbol: str
    name: str
    description: str
    base: int
    volume: int
    confidence: Confidence


# symbol | name | base | starting trade volume | description
_FITTED = """
ADVANCED_CIRCUITRY|Advanced Circuitry|5200|20|Dense circuit boards for drives, scanners and gates.
ALUMINUM|Aluminum|200|60|Light sheet metal for hulls and casings.
ALUMINUM_ORE|Aluminum Ore|60|60|Unrefined rock rich in aluminum.
AMMONIA_ICE|Ammonia Ice|40|60|Frozen ammonia, feedstock of the chemical trades.
AMMUNITION|Ammunition|1400|20|Rounds for small arms and ship guns.
ANTIMATTER|Antimatter|5000|18|Bottled annihilation; a jump burns one unit.
ASSAULT_RIFLES|Assault Rifles|3400|20|Infantry weapons in sealed crates.
BIOCOMPOSITES|Biocomposites|4800|20|Grown fibres, stronger than most alloys.
BOTANICAL_SPECIMENS|Botanical Specimens|14000|6|Living plants from worlds with laboratories to match.
CLOTHING|Clothing|4000|20|Garments for every climate and gravity.
COPPER|Copper|240|60|Refined copper for wiring and cooling.
COPPER_ORE|Copper Ore|55|60|Unrefined rock rich in copper.
DIAMONDS|Diamonds|90|60|Uncut stones for jewellers and laser makers.
DRUGS|Pharmaceuticals|4200|20|Restricted compounds, wanted where nobody asks.
ELECTRONICS|Electronic Components|2200|20|Chips, relays and boards by the crate.
EQUIPMENT|Equipment|2600|20|Tools and fittings for workshops and crews.
EXOTIC_MATTER|Exotic Matter|24000|6|Matter with properties nobody fully explains.
EXPLOSIVES|Explosives|140|20|Charges for mines and demolition.
FABRICS|Synthetic Fabrics|2000|60|Bolts of woven polymer.
FAB_MATS|Fabrication Materials|1600|20|Prefabricated parts for large construction.
FERTILIZERS|Fertilizers|180|60|Nitrogen for hydroponic halls.
FIREARMS|Galactic Arms|3200|20|Sidearms and hunting guns.
FOOD|Galactic Cuisine|1800|60|Preserved meals and staples.
FUEL|Fuel|70|60|A cell that fills a ship's tank by a hundred units.
GOLD|Gold|300|60|Refined gold in bars.
GOLD_ORE|Gold Ore|85|60|Unrefined rock with veins of gold.
HYDROCARBON|Hydrocarbons|45|60|Raw hydrocarbons, the source of fuel.
ICE_WATER|Fresh Water|15|60|Clean water ice.
IRON|Iron|120|60|Refined iron in ingots.
IRON_ORE|Iron Ore|50|60|Unrefined rock rich in iron.
JEWELRY|Jewelry|2800|20|Rings, chains and settings.
LAB_INSTRUMENTS|Lab Instruments|4600|20|Precision devices for research.
LASER_RIFLES|Laser Rifles|22000|6|Beam weapons few yards can build.
LIQUID_HYDROGEN|Liquid Hydrogen|25|60|Hydrogen kept cold and liquid.
LIQUID_NITROGEN|Liquid Nitrogen|30|60|Nitrogen kept cold and liquid.
MACHINERY|Machinery|2400|20|Presses, pumps and heavy machine parts.
MEDICINE|Medicine|3800|20|Treatments and vaccines.
MERITIUM_ORE|Meritium Ore|1200|60|Unrefined rock with traces of meritium.
MICROPROCESSORS|Microprocessors|3000|20|Computing cores for everything that thinks.
MODULE_MICRO_REFINERY_I|Micro Refinery|58000|6|A small refinery for a ship's module bay.
MODULE_SHIELD_GENERATOR_I|Shield Generator|120000|6|A generator for a ship's shields.
MOOD_REGULATORS|Mood Regulators|28000|6|Implants that soften long voyages.
MOUNT_TURRET_I|Rotary Cannon|7200|6|A rotary cannon for a mounting point.
NANOBOTS|Nanobots|32000|6|Swarms of machines too small to see.
PLASTICS|Plastics|160|60|Polymer granulate.
PLATINUM|Platinum|280|60|Refined platinum in bars.
PLATINUM_ORE|Platinum Ore|80|60|Unrefined rock with traces of platinum.
POLYNUCLEOTIDES|Polynucleotides|220|20|Chains of nucleotides for medicine and fibres.
PRECIOUS_STONES|Precious Stones|75|60|Rough gems of many colours.
QUARTZ_SAND|Quartz Sand|20|60|Sand for glass and fabrication.
SHIP_PARTS|Ship Parts|5600|6|Pumps, valves and spares for shipyards.
SHIP_PLATING|Ship Plating|5400|6|Armoured sheets for hulls.
SILICON_CRYSTALS|Silicon Crystals|35|60|Crystals grown or mined for chips.
SILVER|Silver|260|60|Refined silver in bars.
SILVER_ORE|Silver Ore|65|60|Unrefined rock with veins of silver.
SUPERGRAINS|Supergrains|20000|6|Grains bred to feed cities from a crate.
URANITE|Uranite|3600|60|Refined uranite for reactors.
URANITE_ORE|Uranite Ore|320|60|Unrefined rock that warms the hand.
"""

_GUESSED = """
AI_MAINFRAMES|AI Mainframes|30000|6|Machines that reason about other machines.
CYBER_IMPLANTS|Cyber Implants|26000|6|Replacement senses and limbs.
ENGINE_HYPER_DRIVE_I|Hyper Drive|480000|6|An engine for the largest hulls.
ENGINE_IMPULSE_DRIVE_I|Impulse Drive I|9000|6|The slow, cheap drive of drones.
ENGINE_ION_DRIVE_I|Ion Drive I|42000|6|The drive of shuttles and light freighters.
ENGINE_ION_DRIVE_II|Ion Drive II|160000|6|The drive of frigates and heavy freighters.
GENE_THERAPEUTICS|Gene Therapeutics|24000|6|Cures written for one patient at a time.
GRAVITON_EMITTERS|Graviton Emitters|30000|6|Devices that pull without touching.
HOLOGRAPHICS|Holographics|18000|6|Projectors for light that stays in place.
MERITIUM|Meritium|9000|60|Refined meritium, wanted by drive makers.
MICRO_FUSION_GENERATORS|Micro Fusion Generators|28000|6|A star in a suitcase.
MILITARY_EQUIPMENT|Military Gear|3600|20|Armour, optics and field kit.
MODULE_CARGO_HOLD_I|Cargo Hold|18000|6|Room for fifteen units.
MODULE_CARGO_HOLD_II|Expanded Cargo Hold|52000|6|Room for forty units.
MODULE_CARGO_HOLD_III|Advanced Cargo Hold|110000|6|Room for seventy-five units.
MODULE_CREW_QUARTERS_I|Crew Quarters|12000|6|Bunks for forty.
MODULE_ENVOY_QUARTERS_I|Envoy Quarters|36000|6|Rooms fit for a delegation.
MODULE_FUEL_REFINERY_I|Fuel Refinery|90000|6|Turns hydrocarbons into fuel on board.
MODULE_GAS_PROCESSOR_I|Gas Processor|14000|6|Sorts and bottles siphoned gas.
MODULE_JUMP_DRIVE_I|Jump Drive I|150000|6|A jump drive of short reach.
MODULE_JUMP_DRIVE_II|Jump Drive II|300000|6|A jump drive of middle reach.
MODULE_JUMP_DRIVE_III|Jump Drive III|600000|6|A jump drive of long reach.
MODULE_MINERAL_PROCESSOR_I|Mineral Processor|14000|6|Crushes and sorts mined rock.
MODULE_ORE_REFINERY_I|Ore Refinery|95000|6|Smelts ore on board.
MODULE_PASSENGER_CABIN_I|Passenger Cabin|24000|6|Cabins for paying guests.
MODULE_SCIENCE_LAB_I|Science Lab|80000|6|A laboratory between the stars.
MODULE_SHIELD_GENERATOR_II|Advanced Shield Generator|240000|6|A stronger shield generator.
MODULE_WARP_DRIVE_I|Warp Drive I|200000|6|Carries a ship between neighbouring systems.
MODULE_WARP_DRIVE_II|Warp Drive II|420000|6|Carries a ship between distant systems.
MODULE_WARP_DRIVE_III|Warp Drive III|900000|6|Carries a ship across an arm of the galaxy.
MOUNT_GAS_SIPHON_I|Gas Siphon I|9000|6|Draws gas from a giant.
MOUNT_GAS_SIPHON_II|Gas Siphon II|24000|6|Draws gas at twice the rate.
MOUNT_GAS_SIPHON_III|Gas Siphon III|64000|6|Draws gas in torrents.
MOUNT_LASER_CANNON_I|Laser Cannon|32000|6|A beam weapon for a mounting point.
MOUNT_MINING_LASER_I|Mining Laser I|10000|6|Cuts rock, slowly.
MOUNT_MINING_LASER_II|Mining Laser II|30000|6|Cuts rock at a profit.
MOUNT_MINING_LASER_III|Mining Laser III|80000|6|Cuts rock like bread.
MOUNT_MISSILE_LAUNCHER_I|Missile Launcher|16000|6|Launches missiles from a mounting point.
MOUNT_SENSOR_ARRAY_I|Sensor Array I|11000|6|Sees what is near.
MOUNT_SENSOR_ARRAY_II|Sensor Array II|36000|6|Sees what is far.
MOUNT_SENSOR_ARRAY_III|Sensor Array III|90000|6|Sees what hides.
MOUNT_SURVEYOR_I|Surveyor I|12000|6|Maps the deposits of a rock.
MOUNT_SURVEYOR_II|Surveyor II|34000|6|Maps deposits in finer detail.
MOUNT_SURVEYOR_III|Surveyor III|88000|6|Maps deposits others overlook.
NEURAL_CHIPS|Neural Chips|26000|6|Processors modelled on brains.
NOVEL_LIFEFORMS|Novel Lifeforms|20000|6|Creatures without a name yet.
QUANTUM_DRIVES|Quantum Drives|34000|6|Drives that choose where to be.
QUANTUM_STABILIZERS|Quantum Stabilizers|40000|6|Keep a jump gate's ring in phase.
REACTOR_ANTIMATTER_I|Antimatter Reactor I|400000|6|The strongest reactor built.
REACTOR_CHEMICAL_I|Chemical Reactor I|20000|6|Modest power for small hulls.
REACTOR_FISSION_I|Fission Reactor I|80000|6|Steady power for working ships.
REACTOR_FUSION_I|Fusion Reactor I|200000|6|Ample power for large hulls.
REACTOR_SOLAR_I|Solar Reactor I|8000|6|Panels for a probe.
RELIC_TECH|Relic Tech|30000|6|Devices whose makers are gone.
ROBOTIC_DRONES|Robotic Drones|22000|6|Workers that need no air.
VIRAL_AGENTS|Viral Agents|24000|6|Engineered viruses in triple glass.
"""

_UNTRADED_WORDS = {
    "CULTURAL_ARTIFACTS": "Cultural Artifacts",
    "SHIP_SALVAGE": "Ship Salvage",
}
_FRAMES = [
    "PROBE",
    "DRONE",
    "INTERCEPTOR",
    "RACER",
    "FIGHTER",
    "FRIGATE",
    "SHUTTLE",
    "EXPLORER",
    "MINER",
    "LIGHT_FREIGHTER",
    "HEAVY_FREIGHTER",
    "TRANSPORT",
    "DESTROYER",
    "CRUISER",
    "CARRIER",
    "BULK_FREIGHTER",
]
_SHIPS = [
    "PROBE",
    "MINING_DRONE",
    "SIPHON_DRONE",
    "INTERCEPTOR",
    "LIGHT_HAULER",
    "COMMAND_FRIGATE",
    "EXPLORER",
    "HEAVY_FREIGHTER",
    "LIGHT_SHUTTLE",
    "ORE_HOUND",
    "REFINING_FREIGHTER",
    "SURVEYOR",
    "BULK_FREIGHTER",
]


def _read(table: str, confidence: Confidence) -> list[Good]:
    goods = []
    for line in table.strip().splitlines():
        symbol, name, base, volume, description = line.split("|")
        goods.append(Good(symbol, name, description, int(base), int(volume), confidence))
    return goods


def _untraded() -> list[Good]:
    """Symbols the API knows although no market lists them: hulls and whole ships."""
    names = dict(_UNTRADED_WORDS)
    names |= {f"FRAME_{word}": f"Frame {word.replace('_', ' ').title()}" for word in _FRAMES}
    names |= {f"SHIP_{word}": word.replace("_", " ").title() for word in _SHIPS}
    return [
        Good(symbol, name, f"{name}, not sold on markets.", 1000, RARE_VOLUME, "untraded")
        for symbol, name in names.items()
    ]


GOODS: dict[str, Good] = {
    good.symbol: good
    for good in (*_read(_FITTED, "fitted"), *_read(_GUESSED, "guess"), *_untraded())
}


def exchange_volume(symbol: str) -> int:
    """Units per transaction where the good is exchanged."""
    return ANTIMATTER_VOLUME if symbol == "ANTIMATTER" else EXCHANGE_VOLUME
