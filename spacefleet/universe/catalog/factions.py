"""The nineteen factions and the traits they are described with."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FactionProfile:
    """A faction as the game describes it; `recruiting` ones take new agents."""

    symbol: str
    name: str
    traits: tuple[str, ...]
    recruiting: bool
    description: str


# symbol | name | recruiting | traits | description
_FACTIONS = """
COSMIC|Cosmic Engineers|1|INNOVATIVE BOLD VISIONARY CURIOUS|Builders who think in orbits.
VOID|Voidfarers|1|DARING EXPLORATORY RESOURCEFUL FLEXIBLE|Wanderers at home between stars.
GALACTIC|Galactic Alliance|1|COOPERATIVE UNITED STRATEGIC INTELLIGENT|A league of old worlds.
QUANTUM|Quantum Federation|1|RESEARCH_FOCUSED COLLABORATIVE PROGRESSIVE|Scholars with a fleet.
DOMINION|Stellar Dominion|1|MILITARISTIC TECHNOLOGICALLY_ADVANCED AGGRESSIVE|Order by strength.
ASTRO|Astro-Salvage Alliance|1|TREASURE_HUNTERS RESOURCEFUL DEXTEROUS|Nothing is scrap to them.
CORSAIRS|Seventh Space Corsairs|1|UNPREDICTABLE BRUTAL FLEETING|Raiders with a code.
OBSIDIAN|Obsidian Syndicate|1|SMUGGLERS SECRETIVE ADAPTABLE|Merchants of the unlit routes.
AEGIS|Aegis Collective|1|DEFENSIVE PROUD SELF_SUFFICIENT|A shield that takes orders from none.
UNITED|United Independent Settlements|1|DIVERSE INDEPENDENT LOCALIZED|Free towns in league.
SOLITARY|Solitary Systems Alliance|0|ISOLATED SELF_SUFFICIENT PEACEFUL|Neighbours who keep apart.
COBALT|Cobalt Traders Alliance|0|COMMERCIAL FREE_MARKETS ENTREPRENEURIAL|Everything has a price.
OMEGA|Omega Star Network|0|INESCAPABLE TECHNOLOGICALLY_ADVANCED|A network that is everywhere.
ECHO|Echo Technological Conclave|0|INNOVATIVE SECRETIVE INTELLIGENT|Inventors behind closed doors.
LORDS|Lords of the Void|0|IMPERIALISTIC DOMINANT PROUD|Houses that claim the dark.
CULT|Cult of the Machine|0|VISIONARY FRAGMENTED|They pray to engines.
ANCIENTS|Ancient Guardians|0|ESTABLISHED DEFENSIVE|Keepers of what was.
SHADOW|Shadow Stalkers|0|SECRETIVE RAIDERS|Seen only once.
ETHEREAL|Ethereal Enclave|0|PEACEFUL CURIOUS|Thinkers on quiet worlds.
"""


def _read() -> dict[str, FactionProfile]:
    profiles = {}
    for line in _FACTIONS.strip().splitlines():
        symbol, name, recruiting, traits, description = line.split("|")
        profiles[symbol] = FactionProfile(
            symbol, name, tuple(traits.split()), recruiting == "1", description
        )
    return profiles


FACTIONS = _read()


def trait_name(symbol: str) -> str:
    """The symbol in words, as the game writes it: FREE_MARKETS is "Free Markets"."""
    return symbol.replace("_", " ").title()


def trait_description(symbol: str) -> str:
    return f"They are known as {trait_name(symbol).lower()}."
