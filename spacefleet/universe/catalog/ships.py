"""Ships that yards sell and agents start with: loadout, role, base price.

Bases are for the export curve with a trade volume of two (see `physics.shipyards`). Those
marked fitted reproduce recorded yard prices to the credit; the others are guesses from quoted
prices, or from nothing at all.
"""

from dataclasses import dataclass

from . import components


@dataclass(frozen=True, slots=True)
class ShipModel:
    """A type of ship. `base` is None where it is not sold; `fitted` says how sure the base is."""

    type: str
    name: str
    role: str
    frame: str
    reactor: str
    engine: str
    modules: tuple[str, ...]
    mounts: tuple[str, ...]
    base: int | None
    fitted: bool
    description: str

    @property
    def fuel_capacity(self) -> int:
        return components.FRAMES[self.frame].fuel_capacity

    @property
    def speed(self) -> int:
        return components.ENGINES[self.engine].speed

    @property
    def cargo_capacity(self) -> int:
        return cargo_capacity(self.modules)

    @property
    def crew_required(self) -> int:
        return crew_required(
            self.frame, self.reactor, self.engine, modules=self.modules, mounts=self.mounts
        )

    @property
    def crew_capacity(self) -> int:
        return crew_capacity(self.modules)


def cargo_capacity(modules: tuple[str, ...] | list[str]) -> int:
    """Units of all cargo holds together."""
    return sum(
        components.MODULES[symbol].capacity or 0
        for symbol in modules
        if symbol.startswith("MODULE_CARGO_HOLD")
    )


def crew_capacity(modules: tuple[str, ...] | list[str]) -> int:
    """Berths of all crew quarters together."""
    quarters = sum(1 for symbol in modules if symbol.startswith("MODULE_CREW_QUARTERS"))
    return quarters * components.PER_CREW_QUARTERS


def crew_required(
    frame: str,
    reactor: str,
    engine: str,
    *,
    modules: tuple[str, ...] | list[str],
    mounts: tuple[str, ...] | list[str],
) -> int:
    """The sum over all parts, never below zero (a drone's automation saves more than it needs)."""
    need = (
        components.FRAMES[frame].crew
        + components.REACTORS[reactor].crew
        + components.ENGINES[engine].crew
        + sum(components.MODULES[symbol].crew for symbol in modules)
        + sum(components.MOUNTS[symbol].crew for symbol in mounts)
    )
    return max(0, need)


def power_used(
    frame: str, engine: str, *, modules: tuple[str, ...] | list[str], mounts: list[str]
) -> int:
    """Power drawn by frame, engine, modules and mounts."""
    return (
        components.FRAMES[frame].power
        + components.ENGINES[engine].power
        + sum(components.MODULES[symbol].power for symbol in modules)
        + sum(components.MOUNTS[symbol].power for symbol in mounts)
    )


_HOLD_1 = "MODULE_CARGO_HOLD_I"
_HOLD_2 = "MODULE_CARGO_HOLD_II"
_HOLD_3 = "MODULE_CARGO_HOLD_III"
_CREW = "MODULE_CREW_QUARTERS_I"
_MINERALS = "MODULE_MINERAL_PROCESSOR_I"
_GASES = "MODULE_GAS_PROCESSOR_I"
_TURRET = "MOUNT_TURRET_I"
_CHEMICAL, _FISSION, _FUSION = "REACTOR_CHEMICAL_I", "REACTOR_FISSION_I", "REACTOR_FUSION_I"
_IMPULSE, _ION_1, _ION_2 = "ENGINE_IMPULSE_DRIVE_I", "ENGINE_ION_DRIVE_I", "ENGINE_ION_DRIVE_II"

SHIPS = {
    model.type: model
    for model in (
        ShipModel(
            type="SHIP_COMMAND_FRIGATE",
            name="Command Frigate",
            role="COMMAND",
            frame="FRAME_FRIGATE",
            reactor=_FISSION,
            engine=_ION_2,
            modules=(_HOLD_2, _CREW, _CREW, _MINERALS, _GASES),
            mounts=(
                "MOUNT_SENSOR_ARRAY_II",
                "MOUNT_GAS_SIPHON_II",
                "MOUNT_MINING_LASER_II",
                "MOUNT_SURVEYOR_II",
            ),
            base=None,
            fitted=False,
            description="The flagship every agent starts with: fast, and able at every trade.",
        ),
        ShipModel(
            type="SHIP_PROBE",
            name="Probe Satellite",
            role="SATELLITE",
            frame="FRAME_PROBE",
            reactor="REACTOR_SOLAR_I",
            engine=_IMPULSE,
            modules=(),
            mounts=(),
            base=31_200,
            fitted=True,
            description="An eye that needs neither crew nor fuel.",
        ),
        ShipModel(
            type="SHIP_MINING_DRONE",
            name="Mining Drone",
            role="EXCAVATOR",
            frame="FRAME_DRONE",
            reactor=_CHEMICAL,
            engine=_IMPULSE,
            modules=(_HOLD_1, _MINERALS),
            mounts=("MOUNT_MINING_LASER_I",),
            base=56_200,
            fitted=True,
            description="A drone with a laser and a small hold.",
        ),
        ShipModel(
            type="SHIP_SIPHON_DRONE",
            name="Siphon Drone",
            role="EXCAVATOR",
            frame="FRAME_DRONE",
            reactor=_CHEMICAL,
            engine=_IMPULSE,
            modules=(_HOLD_1, _GASES),
            mounts=("MOUNT_GAS_SIPHON_I",),
            base=55_800,
            fitted=True,
            description="A drone that drinks from gas giants.",
        ),
        ShipModel(
            type="SHIP_SURVEYOR",
            name="Surveyor Craft",
            role="SURVEYOR",
            frame="FRAME_DRONE",
            reactor=_CHEMICAL,
            engine=_IMPULSE,
            modules=(),
            mounts=("MOUNT_SURVEYOR_I",),
            base=41_800,
            fitted=True,
            description="A drone that tells miners where to dig.",
        ),
        ShipModel(
            type="SHIP_LIGHT_SHUTTLE",
            name="Light Shuttle",
            role="TRANSPORT",
            frame="FRAME_SHUTTLE",
            reactor=_CHEMICAL,
            engine=_ION_1,
            modules=(_HOLD_2, _CREW),
            mounts=(_TURRET,),
            base=119_600,
            fitted=True,
            description="A small crewed carrier.",
        ),
        ShipModel(
            type="SHIP_LIGHT_HAULER",
            name="Light Hauler",
            role="HAULER",
            frame="FRAME_LIGHT_FREIGHTER",
            reactor=_CHEMICAL,
            engine=_ION_1,
            modules=(_HOLD_2, _HOLD_2, _CREW, _CREW),
            mounts=(_TURRET,),
            base=425_200,
            fitted=True,
            description="The trader's first real ship.",
        ),
        ShipModel(
            type="SHIP_ORE_HOUND",
            name="Ore Hound",
            role="EXCAVATOR",
            frame="FRAME_MINER",
            reactor=_FISSION,
            engine=_ION_1,
            modules=(_HOLD_2, _MINERALS, _CREW),
            mounts=("MOUNT_MINING_LASER_II", "MOUNT_SURVEYOR_I"),
            base=330_000,  # guess: no price of the current game version was published
            fitted=False,
            description="A crewed miner that surveys for itself.",
        ),
        ShipModel(
            type="SHIP_INTERCEPTOR",
            name="Interceptor",
            role="INTERCEPTOR",
            frame="FRAME_INTERCEPTOR",
            reactor=_CHEMICAL,
            engine=_ION_1,
            modules=(_CREW,),
            mounts=(_TURRET, "MOUNT_MISSILE_LAUNCHER_I"),
            base=320_000,  # guess
            fitted=False,
            description="A patrol ship without a hold.",
        ),
        ShipModel(
            type="SHIP_EXPLORER",
            name="Explorer",
            role="EXPLORER",
            frame="FRAME_EXPLORER",
            reactor=_FUSION,
            engine=_ION_2,
            modules=(_HOLD_2, _CREW, _CREW, "MODULE_WARP_DRIVE_I", _GASES),
            mounts=("MOUNT_SENSOR_ARRAY_II", "MOUNT_GAS_SIPHON_II"),
            base=1_180_000,  # guess: quoted prices of 723k to 850k at a typical level
            fitted=False,
            description="A ship that warps and refuels itself from gas giants.",
        ),
        ShipModel(
            type="SHIP_HEAVY_FREIGHTER",
            name="Heavy Freighter",
            role="HAULER",
            frame="FRAME_HEAVY_FREIGHTER",
            reactor=_FUSION,
            engine=_ION_2,
            modules=(_HOLD_3, _HOLD_3, _HOLD_3, _CREW, _CREW, _CREW, _CREW),
            mounts=(_TURRET, _TURRET, _TURRET),
            base=3_000_000,  # guess: one quoted price of 2.07M
            fitted=False,
            description="Two hundred units and more, fast.",
        ),
        ShipModel(
            type="SHIP_BULK_FREIGHTER",
            name="Bulk Freighter",
            role="HAULER",
            frame="FRAME_BULK_FREIGHTER",
            reactor=_FUSION,
            engine=_ION_1,
            modules=(_HOLD_3, _HOLD_3, _HOLD_3, _HOLD_3, _CREW, _CREW, _CREW, _CREW),
            mounts=(_TURRET,),
            base=2_400_000,  # guess: the API names the type, nobody published a loadout
            fitted=False,
            description="The most hold for the money, slowly.",
        ),
        ShipModel(
            type="SHIP_REFINING_FREIGHTER",
            name="Refining Freighter",
            role="REFINERY",
            frame="FRAME_HEAVY_FREIGHTER",
            reactor=_FUSION,
            engine=_ION_2,
            modules=(_HOLD_3, _HOLD_3, _CREW, _CREW, _CREW, _CREW, "MODULE_ORE_REFINERY_I"),
            mounts=(_TURRET, _TURRET, "MOUNT_MISSILE_LAUNCHER_I"),
            base=3_450_000,  # guess: one quoted price of 2.39M
            fitted=False,
            description="A freighter that smelts what it carries.",
        ),
    )
}
