"""Ordinary systems: nobody starts here, everything has to be charted.

Layout and counts follow 22 captured systems with a gate and a census of the live galaxy of two
eras; which goods a market deals in is drawn from what its inputs allow, because no ordinary
market was captured.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .catalog import home
from .catalog.supply_chain import RECIPES
from .chance import Stream
from .galaxy import Builder, Galaxy, asteroid_traits, polar
from .state import System, Waypoint

# --- how many of what --------------------------------------------------------------------------

TIERS = {"1": 100, "2": 100, "3": 50, "4": 20, "5": 20}
"""Weights of five hidden grades of development (a player's model that classifies well): a system
of grade t has about t + 1 planets."""

PLANET_SPREAD = 2.0
STATION_CHANCE = {1: 0.23, 2: 0.26, 3: 0.32, 4: 0.32, 5: 0.90}
"""Chance that a planet has an orbital station, by grade, of the same model."""

BARE_CHANCE = 0.07
"""Share of systems that are nothing but rocks. 3 of 22 captured ones, but then the planets of the
census do not come out."""

GAS_GIANTS = {"0": 42, "1": 15, "2": 18, "3": 22, "4": 3}
"""Weights of the number of gas giants: captured systems, thinned to the mean of the census."""

PLANET_MOONS = (46, 14, 13, 6, 1, 1)
GIANT_MOONS = (15, 5, 3, 4, 3, 2, 1)
"""How many captured planets and gas giants had 0, 1, 2 … moons."""

GIANT_STATION = 28 / 33
SECOND_STATION = 5 / 14
"""Share of gas giants with a station, and of systems with giants where one has a second."""

FAR_GIANT = 4 / 14
"""Share of systems with giants whose outermost circles far out."""

BASES_CHANCE = 0.28
BASES = (1, 5)
"""Share of systems with asteroid bases and how many; the others have one more fuel station.
10 of 22 captured, fewer by the census."""

INNER_BELT, OUTER_BELT = (11, 25), (17, 44)
OUTER_BELT_CHANCE = 0.28
"""Asteroids between the least and most captured; bare systems always have both belts. Others two
of 19 captured ones, but three in ten by the census."""

UNFINISHED_GATE_CHANCE = 306 / 3101
"""Share of live gates still being built a week into an era."""

STRAY_BODIES = {"0": 4, "1": 6, "2": 5, "3": 3, "4": 1}
"""Weights of the number of planets without a gate in their system. Guess: the galaxy's total of
157,000 waypoints leaves such systems about three on average."""

PLANET_MARKET = 0.80
MOON_MARKET = 0.70
STATION_MARKET = 0.89
STATION_YARD = 0.53
FUEL_STATION_MARKET = 0.95
GAS_GIANT_MARKET = 0.15
BASE_MARKET = 0.945
"""Census of two eras: share of each type that is a market or a yard. All gates are markets."""

# --- where -------------------------------------------------------------------------------------

FIRST_ORBIT, ORBIT_STEP = (8.0, 22.0), (9.0, 32.0)
"""Radius of the innermost body, and from one body to the next; captured systems."""

FAR_ORBIT = 410
GATE_ORBIT, GATE_FUEL_ORBIT = 450, 230
"""The gate's fuel station lies at the gate's angle, in all captured systems."""

BASE_ORBIT, BASE_FUEL_ORBIT, LONE_FUEL_ORBIT = 300, 200, 300
BASE_FUEL_ANGLE = 35.0
"""A base's own fuel station lies within so many degrees of it."""

WOBBLE = 2.0
INNER_RADII, OUTER_RADII = (309, 392), (710, 791)

# --- what for ----------------------------------------------------------------------------------

FACTORY_EXPORTS = [
    "IRON",
    "ALUMINUM",
    "COPPER",
    "SILVER",
    "GOLD",
    "PLATINUM",
    "PLASTICS",
    "FERTILIZERS",
    "FABRICS",
    "FOOD",
    "MACHINERY",
    "ELECTRONICS",
    "EQUIPMENT",
    "CLOTHING",
    "MEDICINE",
    "DRUGS",
    "FIREARMS",
    "AMMUNITION",
    "EXPLOSIVES",
    "JEWELRY",
    "MICROPROCESSORS",
    "FAB_MATS",
    "LAB_INSTRUMENTS",
    "BIOCOMPOSITES",
    "SHIP_PARTS",
    "SHIP_PLATING",
    "URANITE",
    "POLYNUCLEOTIDES",
    "ASSAULT_RIFLES",
]
FINE_EXPORTS = [
    "ADVANCED_CIRCUITRY",
    "AI_MAINFRAMES",
    "QUANTUM_DRIVES",
    "ROBOTIC_DRONES",
    "CYBER_IMPLANTS",
    "NANOBOTS",
    "GENE_THERAPEUTICS",
    "NEURAL_CHIPS",
    "MOOD_REGULATORS",
    "VIRAL_AGENTS",
    "MICRO_FUSION_GENERATORS",
    "SUPERGRAINS",
    "LASER_RIFLES",
    "HOLOGRAPHICS",
    "EXOTIC_MATTER",
    "RELIC_TECH",
    "NOVEL_LIFEFORMS",
    "BOTANICAL_SPECIMENS",
    "GRAVITON_EMITTERS",
    "QUANTUM_STABILIZERS",
    "MERITIUM",
]
FITTING_EXPORTS = [
    "MODULE_CARGO_HOLD_I",
    "MODULE_CARGO_HOLD_II",
    "MODULE_CARGO_HOLD_III",
    "MODULE_CREW_QUARTERS_I",
    "MODULE_MINERAL_PROCESSOR_I",
    "MODULE_GAS_PROCESSOR_I",
    "MODULE_ORE_REFINERY_I",
    "MODULE_FUEL_REFINERY_I",
    "MODULE_MICRO_REFINERY_I",
    "MODULE_WARP_DRIVE_I",
    "MODULE_WARP_DRIVE_II",
    "MODULE_SHIELD_GENERATOR_I",
    "MOUNT_MINING_LASER_I",
    "MOUNT_MINING_LASER_II",
    "MOUNT_GAS_SIPHON_I",
    "MOUNT_GAS_SIPHON_II",
    "MOUNT_SURVEYOR_I",
    "MOUNT_SURVEYOR_II",
    "MOUNT_SENSOR_ARRAY_I",
    "MOUNT_SENSOR_ARRAY_II",
    "MOUNT_TURRET_I",
    "MOUNT_MISSILE_LAUNCHER_I",
]
CONSUMED = ("FOOD", "CLOTHING", "MEDICINE", "EQUIPMENT", "JEWELRY", "DRUGS", "FIREARMS")
YARD_TYPES = {
    "SHIP_PROBE": 0.6,
    "SHIP_LIGHT_SHUTTLE": 0.5,
    "SHIP_LIGHT_HAULER": 0.5,
    "SHIP_ORE_HOUND": 0.4,
    "SHIP_EXPLORER": 0.35,
    "SHIP_INTERCEPTOR": 0.25,
    "SHIP_REFINING_FREIGHTER": 0.25,
    "SHIP_HEAVY_FREIGHTER": 0.3,
    "SHIP_BULK_FREIGHTER": 0.2,
}
"""Guess: chance that a yard away from home sells a type. Live the large ones are sold there."""
BASE_EXCHANGE = (
    "ICE_WATER",
    "AMMONIA_ICE",
    "QUARTZ_SAND",
    "SILICON_CRYSTALS",
    "DIAMONDS",
    "IRON_ORE",
    "COPPER_ORE",
    "ALUMINUM_ORE",
    "URANITE_ORE",
    "PRECIOUS_STONES",
    "FUEL",
)

LETTERS = "ABCDEFXZ"


@dataclass(frozen=True, slots=True)
class Body:
    """A planet or gas giant to be placed, with so many moons and stations."""

    type: str
    moons: int
    stations: int


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of everything a system has."""

    bodies: tuple[Body, ...]
    far: bool
    gate: bool
    bases: int
    lone_fuel: bool
    second_station: bool
    inner: int
    outer: int

    def size(self) -> int:
        bodies = sum(1 + body.moons + body.stations for body in self.bodies)
        posts = 2 * self.gate + 2 * self.bases + self.lone_fuel + self.second_station
        return bodies + posts + self.inner + self.outer


def plan(chance: Stream, *, gate: bool) -> Plan:
    if not gate:
        return _stray(chance)
    tier = int(chance.weighted(list(TIERS), list(TIERS.values())))
    bare = chance.random() < BARE_CHANCE
    bodies = () if bare else (*_planets(tier, chance), *_giants(chance))
    giants = any(body.type == "GAS_GIANT" for body in bodies)
    bases = chance.randint(*BASES) if chance.random() < BASES_CHANCE else 0
    outer = bare or chance.random() < OUTER_BELT_CHANCE
    return Plan(
        bodies=bodies,
        far=giants and chance.random() < FAR_GIANT,
        gate=True,
        bases=bases,
        lone_fuel=not bases,
        second_station=giants and chance.random() < SECOND_STATION,
        inner=chance.randint(*INNER_BELT),
        outer=chance.randint(*OUTER_BELT) if outer else 0,
    )


def _stray(chance: Stream) -> Plan:
    planets = int(chance.weighted(list(STRAY_BODIES), list(STRAY_BODIES.values())))
    bodies = tuple(Body("PLANET", _moons(PLANET_MOONS, chance), 0) for _ in range(planets))
    return Plan(bodies, False, False, 0, False, False, 0, 0)


def _planets(tier: int, chance: Stream) -> Iterator[Body]:
    for _ in range(max(0, round(chance.normal(tier + 1, PLANET_SPREAD)))):
        station = chance.random() < STATION_CHANCE[tier]
        yield Body("PLANET", _moons(PLANET_MOONS, chance), int(station))


def _giants(chance: Stream) -> Iterator[Body]:
    for _ in range(int(chance.weighted(list(GAS_GIANTS), list(GAS_GIANTS.values())))):
        station = chance.random() < GIANT_STATION
        yield Body("GAS_GIANT", _moons(GIANT_MOONS, chance), int(station))


def _moons(weights: tuple[int, ...], chance: Stream) -> int:
    return chance.choices(range(len(weights)), weights)[0]


def drawing(galaxy: Galaxy, system: System, *, gate: bool) -> "OrdinaryDrawing":
    """What draws a system nobody starts in."""
    return OrdinaryDrawing(galaxy, system, gate=gate)


class OrdinaryDrawing:
    """Draws one system, outwards from its star."""

    def __init__(self, galaxy: Galaxy, system: System, *, gate: bool) -> None:
        self.galaxy = galaxy
        self.system = system
        self.gate = gate

    def plan(self) -> Plan:
        return plan(Stream(self.galaxy.seed, "plan", self.system.symbol), gate=self.gate)

    def size(self) -> int:
        return self.plan().size()

    def draw(self) -> None:
        self.builder = Builder(self.galaxy, self.system)
        self.chance = Stream(self.galaxy.seed, "ordinary", self.system.symbol)
        self.number = 0
        plan = self.plan()
        giants = self._bodies(plan)
        belts_first = not plan.bodies
        if plan.gate and not belts_first:
            self._gate()
        self._belt(plan.inner, INNER_RADII)
        self._posts(plan)
        if plan.second_station:
            self._station(self.chance.choice(giants))
        if plan.gate and belts_first:
            self._gate()
        self._belt(plan.outer, OUTER_RADII)
        faction = self.system.factions[0] if self.system.factions else None
        for waypoint in self.builder.placed:
            waypoint.faction = faction

    def _happens(self, probability: float) -> bool:
        return self.chance.random() < probability

    # --- bodies ------------------------------------------------------------------------------

    def _bodies(self, plan: Plan) -> list[Waypoint]:
        """Places planets and giants with what circles them; the giants."""
        radius = self.chance.uniform(*FIRST_ORBIT)
        giants = []
        for index, body in enumerate(plan.bodies):
            far = plan.far and index == len(plan.bodies) - 1
            here = self._place(body.type, self._near(FAR_ORBIT) if far else radius)
            radius += self.chance.uniform(*ORBIT_STEP)
            if body.type == "GAS_GIANT":
                giants.append(here)
                here.traits = self._sample(home.FLAVOURS["GAS_GIANT"], 1)
                self._trade(here, GAS_GIANT_MARKET, exchange=("HYDROCARBON", "FUEL"))
            else:
                self._inhabit(here, PLANET_MARKET, most=3)
            for _ in range(body.stations):
                self._station(here)
            for _ in range(body.moons):
                self._inhabit(self._place("MOON", 0, parent=here), MOON_MARKET, most=2)
        return giants

    def _inhabit(self, here: Waypoint, share: float, *, most: int) -> None:
        """A climate, settlers, and perhaps makers of up to `most` goods."""
        here.traits = [
            self._pick(home.CLIMATES[here.type]),
            self._pick(home.SETTLEMENTS),
            *self._sample(home.FLAVOURS[here.type], 2),
        ]
        self._trade(here, share, exports=self._exports(FACTORY_EXPORTS, most))

    def _station(self, parent: Waypoint) -> None:
        station = self._place("ORBITAL_STATION", 0, parent=parent)
        station.traits = [self._pick(("OUTPOST", "INDUSTRIAL", "HIGH_TECH"))]
        exports = self._exports(FINE_EXPORTS, 1) + self._exports(FITTING_EXPORTS, 4)
        if self._happens(STATION_YARD):
            types = tuple(t for t, share in YARD_TYPES.items() if self._happens(share))
            self.builder.yard(station.symbol, types or ("SHIP_PROBE",))
            station.traits.append("SHIPYARD")
        self._trade(
            station, STATION_MARKET, exports=exports, imports=("SHIP_PARTS", "SHIP_PLATING")
        )

    # --- posts and rocks ---------------------------------------------------------------------

    def _gate(self) -> None:
        """Every gate is a market, by the census."""
        angle = self.chance.uniform(0, 360)
        gate = self._place("JUMP_GATE", self._near(GATE_ORBIT), angle=angle)
        self._trade(gate, 1.0, exchange=("ANTIMATTER", "FUEL"))
        self._fuel(GATE_FUEL_ORBIT, angle)
        if self._happens(UNFINISHED_GATE_CHANCE):
            self.builder.construction(gate, complete=False)

    def _fuel(self, orbit: float, angle: float) -> None:
        station = self._place("FUEL_STATION", self._near(orbit), angle=angle)
        self._trade(station, FUEL_STATION_MARKET)

    def _posts(self, plan: Plan) -> None:
        if plan.lone_fuel:
            self._fuel(LONE_FUEL_ORBIT, self.chance.uniform(0, 360))
        for _ in range(plan.bases):
            angle = self.chance.uniform(0, 360)
            self._fuel(BASE_FUEL_ORBIT, angle + BASE_FUEL_ANGLE * self.chance.uniform(-1, 1))
            base = self._place("ASTEROID_BASE", self._near(BASE_ORBIT), angle=angle)
            base.traits = ["HOLLOWED_INTERIOR", "OUTPOST"]
            self._trade(base, BASE_MARKET, exchange=BASE_EXCHANGE)

    def _belt(self, count: int, radii: tuple[int, int]) -> None:
        for _ in range(count):
            rock = self._place("ASTEROID", self.chance.uniform(*radii))
            rock.traits = asteroid_traits(self.chance)

    # --- placing -----------------------------------------------------------------------------

    def _near(self, orbit: float) -> float:
        return orbit + self.chance.uniform(-WOBBLE, WOBBLE)

    def _place(
        self,
        kind: str,
        radius: float,
        *,
        angle: float | None = None,
        parent: Waypoint | None = None,
    ) -> Waypoint:
        self.number += 1
        first, last = self._pick(LETTERS), self._pick(LETTERS)
        if self.number < 10:
            first += self._pick(LETTERS)
        if parent is not None:
            x, y = parent.x, parent.y
        else:
            x, y = polar(radius, self.chance.uniform(0, 360) if angle is None else angle)
        waypoint = self.builder.place(f"{first}{self.number}{last}", kind, x=x, y=y)
        if parent is not None:
            self.builder.orbit(waypoint, parent)
        return waypoint

    def _pick(self, options: Sequence[str]) -> str:
        return options[int(self.chance.random() * len(options))]

    def _sample(self, options: Sequence[str], count: int) -> list[str]:
        return self.chance.sample(options, count)

    def _exports(self, pool: list[str], most: int) -> tuple[str, ...]:
        return tuple(self.chance.sample(pool, self.chance.randint(1, most)))

    def _trade(
        self,
        waypoint: Waypoint,
        share: float,
        *,
        exports: tuple[str, ...] = (),
        imports: tuple[str, ...] = (),
        exchange: tuple[str, ...] = ("FUEL",),
    ) -> None:
        """Make it a market, perhaps: what it exports, what that takes, what people consume."""
        if not self._happens(share):
            return
        inputs = tuple(name for export in exports for name in RECIPES[export])
        wanted = tuple(self.chance.sample(CONSUMED, 2)) if exports else ()
        waypoint.traits.append("MARKETPLACE")
        self.builder.market(
            waypoint.symbol,
            exports=exports,
            imports=(*inputs, *imports, *wanted),
            exchange=exchange,
        )
