"""What refineries make of what. The ratio is a parameter: sources contradict each other."""

ORES = {
    metal: f"{metal}_ORE"
    for metal in (
        "IRON",
        "COPPER",
        "SILVER",
        "GOLD",
        "ALUMINUM",
        "PLATINUM",
        "URANITE",
        "MERITIUM",
    )
}
SOURCES = {**ORES, "FUEL": "HYDROCARBON"}
"""Product → what it is made from, by the published list of products."""

MODULES = {
    "MODULE_ORE_REFINERY_I": frozenset(ORES),
    "MODULE_FUEL_REFINERY_I": frozenset({"FUEL"}),
    "MODULE_MICRO_REFINERY_I": frozenset({"IRON", "COPPER", "ALUMINUM", "FUEL"}),
}
"""Which module makes what; the micro refinery's list is a guess."""


def can_make(product: str, modules: list[str]) -> bool:
    return any(product in MODULES.get(name, ()) for name in modules)


def has_refinery(modules: list[str]) -> bool:
    return any(name in MODULES for name in modules)
