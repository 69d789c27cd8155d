"""A starting system: the template of the catalogue, with angles, moons and rocks of its own."""

from .catalog import home
from .catalog.supply_chain import RECIPES
from .chance import Stream
from .galaxy import Builder, Galaxy, Options, asteroid_traits, polar
from .state import System, Waypoint

BANDS = ("A", "ENG", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K")
"""Numbers count up through the whole system in this order, measured."""

CHART_LEAD_MS = 60_000
"""Home systems are charted by their faction about a minute into the era, measured."""


def drawing(galaxy: Galaxy, system: System, options: Options) -> "HomeDrawing":
    """What draws a starting system of the faction it is home of."""
    return HomeDrawing(galaxy, system, options)


class HomeDrawing:
    """Places the template's roles in the order their numbers count up."""

    def __init__(self, galaxy: Galaxy, system: System, options: Options) -> None:
        self.galaxy = galaxy
        self.system = system
        self.options = options

    def size(self) -> int:
        """Cheaper to draw than to foretell."""
        return len(self.system.waypoints)

    def draw(self) -> None:
        self.builder = Builder(self.galaxy, self.system)
        self.chance = Stream(self.galaxy.seed, "home", self.system.symbol)
        self.number = 0
        self.angles: dict[str, float] = {}
        self.placed: dict[str, Waypoint] = {}
        for role in home.ROLES:
            self.angles[role.name] = self.chance.uniform(0, 360)
        moons = self._extra_moons()
        for band in BANDS:
            for role in home.ROLES:
                if role.band == band:
                    self._place(role)
            for parent in moons.get(band, ()):
                self._extra_moon(band, self.placed[parent])
            if band in home.BELTS:
                self._belt(band)
        for waypoint in self.builder.placed:
            waypoint.faction = self.system.home_of
            waypoint.charted_by = self.system.home_of
            waypoint.charted_at = self.galaxy.start + CHART_LEAD_MS
        self.builder.construction(self.placed[home.GATE], complete=self.options.gate_open)

    def _next(self, band: str) -> str:
        self.number += 1
        if band == home.ENGINEERED:
            letters = "ABCDEFXZ"
            first, second, last = (self.chance.choice(letters) for _ in range(3))
            return f"{first}{second}{self.number}{last}"
        return f"{band}{self.number}"

    def _place(self, role: home.Role) -> None:
        if role.parent is not None:
            parent = self.placed[role.parent]
            x, y = parent.x, parent.y
        else:
            x, y = self._spot(role)
        name = self._next(role.band)
        waypoint = self.builder.place(name, role.type, x=x, y=y)
        if role.parent is not None:
            self.builder.orbit(waypoint, self.placed[role.parent])
        self.placed[role.name] = waypoint
        waypoint.traits = [*self._flavour(role.flavour), *role.traits]
        if role.exports or role.imports or role.exchange:
            self._market(role, waypoint.symbol)
        if role.ships:
            extras = self.options.also_sold if role.name == home.MINING_YARD else ()
            self.builder.yard(waypoint.symbol, (*role.ships, *extras))

    def _spot(self, role: home.Role) -> tuple[int, int]:
        angle = self.angles[role.angle or role.name]
        radius = role.radius + self.chance.uniform(-1, 1) * home.RADIUS_SPREAD / 2
        return polar(radius, angle)

    def _flavour(self, kind: str | None, *, settled: bool = True) -> list[str]:
        if kind is None:
            return []
        traits = []
        if kind in home.CLIMATES:
            traits.append(self.chance.choice(home.CLIMATES[kind]))
            if settled:
                traits.append(self.chance.choice(home.SETTLEMENTS))
        pool = home.FLAVOURS[kind]
        return traits + self.chance.sample(pool, self.chance.randint(0, min(3, len(pool))))

    def _market(self, role: home.Role, waypoint: str) -> None:
        exports, imports = role.exports, role.imports
        if role.name == home.SPECIALITY:
            exports = (self.chance.choice(home.SPECIALITIES),)
            imports = RECIPES[exports[0]]
        elif role.name == home.HEADQUARTERS:
            imports = (*imports, self.chance.choice(home.LUXURIES))
        self.builder.market(waypoint, exports=exports, imports=imports, exchange=role.exchange)

    def _extra_moons(self) -> dict[str, list[str]]:
        """Band → planets that get one more moon each time they are named."""
        planets = [role for role in home.ROLES if role.type == "PLANET" and role.band != "A"]
        moons: dict[str, list[str]] = {}
        for _ in range(self.chance.randint(*home.EXTRA_MOONS)):
            planet = self.chance.choice(planets)
            moons.setdefault(planet.band, []).append(planet.name)
        return moons

    def _extra_moon(self, band: str, parent: Waypoint) -> None:
        moon = self.builder.place(self._next(band), "MOON", x=parent.x, y=parent.y)
        moon.traits = self._flavour("MOON", settled=False)
        self.builder.orbit(moon, parent)

    def _belt(self, band: str) -> None:
        least, most, inner, outer = home.BELTS[band]
        for _ in range(self.chance.randint(least, most)):
            x, y = polar(self.chance.uniform(inner, outer), self.chance.uniform(0, 360))
            rock = self.builder.place(self._next(band), "ASTEROID", x=x, y=y)
            rock.traits = asteroid_traits(self.chance)
