"""Parts of ships: frames, reactors, engines, modules and mounts.

Figures are those of 2025 production data unless a row says `guess`; power and crew are what
the part needs, a negative crew need is what automation saves.
"""

from dataclasses import dataclass

PER_CREW_QUARTERS = 40
"""Crew berths of one crew quarters module, from recorded ships."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A hull: room for modules and mounts, a tank, and what it takes to run it."""

    symbol: str
    name: str
    slots: int
    mounting_points: int
    fuel_capacity: int
    power: int
    crew: int
    quality: int
    description: str


@dataclass(frozen=True, slots=True)
class Reactor:
    """Where the power comes from."""

    symbol: str
    name: str
    output: int
    crew: int
    quality: int
    description: str


@dataclass(frozen=True, slots=True)
class Engine:
    """What moves the ship; `speed` divides every travel time."""

    symbol: str
    name: str
    speed: int
    power: int
    crew: int
    quality: int
    description: str


@dataclass(frozen=True, slots=True)
class Module:
    """Something inside the hull. `capacity` and `range` are None where they mean nothing."""

    symbol: str
    name: str
    power: int
    crew: int
    slots: int
    description: str
    capacity: int | None = None
    range: int | None = None


@dataclass(frozen=True, slots=True)
class Mount:
    """Something on the hull. `deposits` are what a surveyor can see."""

    symbol: str
    name: str
    power: int
    crew: int
    strength: int | None
    description: str
    deposits: tuple[str, ...] = ()


# symbol, name, slots, mounting points, fuel, power, crew, quality
FRAMES = {
    frame.symbol: frame
    for frame in (
        Frame("FRAME_PROBE", "Probe", 0, 0, 0, 1, 0, 1, "A sensor package with an engine."),
        Frame("FRAME_DRONE", "Drone", 3, 2, 80, 1, -4, 1, "A working hull without a crew."),
        Frame(
            "FRAME_INTERCEPTOR", "Interceptor", 2, 2, 160, 1, 5, 3, "A nimble hull for patrols."
        ),
        Frame(
            "FRAME_FRIGATE", "Frigate", 8, 5, 400, 8, 25, 4, "A hull that does a bit of all."
        ),
        Frame("FRAME_SHUTTLE", "Shuttle", 3, 1, 300, 1, 10, 3, "A short-haul hull."),
        Frame("FRAME_EXPLORER", "Explorer", 8, 2, 800, 5, 30, 5, "A hull for long voyages."),
        Frame("FRAME_MINER", "Miner", 5, 3, 300, 5, 15, 4, "A hull built around lasers."),
        Frame(
            "FRAME_LIGHT_FREIGHTER", "Light Freighter", 6, 1, 600, 5, 40, 5, "A trader's hull."
        ),
        Frame(
            "FRAME_HEAVY_FREIGHTER", "Heavy Freighter", 13, 3, 2300, 10, 100, 7, "A huge hull."
        ),
        # guess: exists in the API, nobody published its figures
        Frame(
            "FRAME_BULK_FREIGHTER", "Bulk Freighter", 16, 2, 2600, 9, 80, 6, "A hull of holds."
        ),
    )
}

REACTORS = {
    reactor.symbol: reactor
    for reactor in (
        Reactor("REACTOR_SOLAR_I", "Solar Reactor I", 3, 0, 1, "Panels and a battery."),
        Reactor("REACTOR_CHEMICAL_I", "Chemical Reactor I", 15, 3, 3, "Burns what it carries."),
        Reactor("REACTOR_FISSION_I", "Fission Reactor I", 31, 8, 5, "Splits heavy atoms."),
        Reactor("REACTOR_FUSION_I", "Fusion Reactor I", 40, 12, 7, "Joins light atoms."),
    )
}

ENGINES = {
    engine.symbol: engine
    for engine in (
        Engine(
            "ENGINE_IMPULSE_DRIVE_I", "Impulse Drive I", 9, 1, 0, 1, "Slow, cheap, reliable."
        ),
        Engine("ENGINE_ION_DRIVE_I", "Ion Drive I", 15, 3, 3, 3, "The common working drive."),
        Engine("ENGINE_ION_DRIVE_II", "Ion Drive II", 36, 6, 8, 4, "Fast and hungry."),
        # guess: nobody recorded its speed
        Engine("ENGINE_HYPER_DRIVE_I", "Hyper Drive", 72, 10, 12, 5, "Bends the way ahead."),
    )
}

# symbol, name, power, crew, slots
MODULES = {
    module.symbol: module
    for module in (
        Module("MODULE_CARGO_HOLD_I", "Cargo Hold", 1, 0, 1, "A small hold.", 15),
        Module("MODULE_CARGO_HOLD_II", "Expanded Cargo Hold", 2, 2, 2, "A hold.", 40),
        Module("MODULE_CARGO_HOLD_III", "Advanced Cargo Hold", 4, 6, 3, "A large hold.", 75),
        Module("MODULE_CREW_QUARTERS_I", "Crew Quarters", 1, 2, 1, "Bunks and a galley.", 40),
        Module("MODULE_ENVOY_QUARTERS_I", "Envoy Quarters", 2, 5, 1, "Rooms of state.", 1),
        Module("MODULE_PASSENGER_CABIN_I", "Passenger Cabin", 2, 2, 1, "Cabins.", 30),
        Module("MODULE_MINERAL_PROCESSOR_I", "Mineral Processor", 1, 0, 2, "Crushes rock."),
        Module("MODULE_GAS_PROCESSOR_I", "Gas Processor", 1, 0, 2, "Separates gases."),
        Module("MODULE_ORE_REFINERY_I", "Ore Refinery", 9, 15, 3, "Smelts ore into metal."),
        # guess: power, crew and slots of the two other refineries follow the ore refinery
        Module("MODULE_MICRO_REFINERY_I", "Micro Refinery", 7, 8, 2, "Smelts in small lots."),
        Module("MODULE_FUEL_REFINERY_I", "Fuel Refinery", 8, 10, 3, "Cracks hydrocarbons."),
        Module("MODULE_SCIENCE_LAB_I", "Science Lab", 2, 6, 2, "Benches and instruments."),
        Module("MODULE_JUMP_DRIVE_I", "Jump Drive I", 4, 10, 1, "Jumps, a little.", range=500),
        Module(
            "MODULE_WARP_DRIVE_I", "Warp Drive I", 3, 2, 1, "Leaves the system.", range=2000
        ),
        Module("MODULE_WARP_DRIVE_II", "Warp Drive II", 5, 8, 2, "Goes far.", range=6000),
        # guess: the third warp drive continues the row
        Module("MODULE_WARP_DRIVE_III", "Warp Drive III", 8, 14, 3, "Goes on.", range=12000),
        Module("MODULE_SHIELD_GENERATOR_I", "Shield Generator", 3, 2, 1, "A shield."),
        # guess: twice the first generator
        Module("MODULE_SHIELD_GENERATOR_II", "Advanced Shield Generator", 6, 4, 2, "Shields."),
    )
}

_SEEN_BY_FIRST = (
    "QUARTZ_SAND",
    "SILICON_CRYSTALS",
    "PRECIOUS_STONES",
    "ICE_WATER",
    "AMMONIA_ICE",
    "IRON_ORE",
    "COPPER_ORE",
    "SILVER_ORE",
    "ALUMINUM_ORE",
    "GOLD_ORE",
    "PLATINUM_ORE",
)
_SEEN_BY_SECOND = (*_SEEN_BY_FIRST, "DIAMONDS", "URANITE_ORE")
# guess: the third surveyor sees all a survey may name
_SEEN_BY_THIRD = (*_SEEN_BY_SECOND, "MERITIUM_ORE")

# symbol, name, power, crew, strength
MOUNTS = {
    mount.symbol: mount
    for mount in (
        Mount("MOUNT_GAS_SIPHON_I", "Gas Siphon I", 1, 0, 10, "A hose into a giant."),
        Mount("MOUNT_GAS_SIPHON_II", "Gas Siphon II", 2, 2, 20, "A wider hose."),
        # guess: the third of each row continues it
        Mount("MOUNT_GAS_SIPHON_III", "Gas Siphon III", 4, 4, 30, "The widest hose."),
        Mount("MOUNT_MINING_LASER_I", "Mining Laser I", 1, 1, 3, "A cutting beam."),
        Mount("MOUNT_MINING_LASER_II", "Mining Laser II", 2, 2, 5, "A stronger beam."),
        Mount("MOUNT_MINING_LASER_III", "Mining Laser III", 4, 4, 10, "The strongest beam."),
        Mount("MOUNT_SURVEYOR_I", "Surveyor I", 1, 1, 1, "Finds deposits.", _SEEN_BY_FIRST),
        Mount("MOUNT_SURVEYOR_II", "Surveyor II", 3, 4, 2, "Finds more.", _SEEN_BY_SECOND),
        Mount("MOUNT_SURVEYOR_III", "Surveyor III", 5, 6, 3, "Finds all.", _SEEN_BY_THIRD),
        Mount("MOUNT_SENSOR_ARRAY_I", "Sensor Array I", 1, 0, 1, "Ears in the dark."),
        Mount("MOUNT_SENSOR_ARRAY_II", "Sensor Array II", 2, 2, 4, "Better ears."),
        Mount("MOUNT_SENSOR_ARRAY_III", "Sensor Array III", 4, 4, 8, "The best ears."),
        Mount("MOUNT_LASER_CANNON_I", "Laser Cannon", 2, 1, None, "A beam that bites."),
        Mount("MOUNT_MISSILE_LAUNCHER_I", "Missile Launcher", 1, 2, None, "Tubes."),
        Mount("MOUNT_TURRET_I", "Rotary Cannon", 1, 1, None, "A gun that turns."),
    )
}
