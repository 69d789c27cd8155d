"""Everything that runs on its own, on one page: what ships do, what comes round, what is tuned.

Dotted paths, so that this page depends on nothing and everything can read it.
"""

from typing import NamedTuple


class Role(NamedTuple):
    """What a ship in this role runs, and how urgent its requests are (0 is the most urgent)."""

    loop: str
    priority: int
    meaning: str


ROLES = {
    "miner": Role(
        "mining.loops.miner.mine", 3, "extracts or siphons, hands over to transports"
    ),
    "surveyor": Role("mining.loops.surveyor.survey", 3, "finds rich deposits for all miners"),
    "starter": Role(
        "mining.loops.starter.earn", 2, "mines and sells by itself, the first income"
    ),
    "extract_and_sell": Role(
        "mining.loops.logged.extract_and_sell", 3, "digs, carries to market and sells by itself"
    ),
    "extract_and_transfer": Role(
        "mining.loops.logged.extract_and_transfer", 3, "digs, hands over to a receiver"
    ),
    "extract_and_transfer_or_sell": Role(
        "mining.loops.logged.extract_and_transfer_or_sell",
        3,
        "digs, hands over to a receiver or sells by itself",
    ),
    "receive_and_fulfill": Role(
        "mining.loops.logged.receive_and_fulfill",
        2,
        "receives at a rock, serves contract and market",
    ),
    "transport": Role(
        "inventory.loops.transport.shuttle", 2, "carries from one site to a depot"
    ),
    "depot": Role("inventory.loops.depot.keep", 4, "stores goods at a fixed place"),
    "courier": Role(
        "allocation.loops.courier.deliver",
        2,
        "negotiates contracts, loads from the depots or buys, delivers",
    ),
    "trader": Role("sales.loops.trader.sell", 2, "takes goods from the depots to the markets"),
    "merchant": Role(
        "sales.loops.merchant.trade", 2, "buys where goods are cheap, sells where they are dear"
    ),
    "builder": Role(
        "sales.loops.builder.build", 3, "supplies the home gate with what it is built of"
    ),
    "scout": Role("fleet.loops.scout.look", 4, "keeps prices fresh at markets and shipyards"),
    "explorer": Role(
        "fleet.loops.explorer.explore", 3, "sees and charts the systems beyond the gate"
    ),
}


class Every(NamedTuple):
    """An evaluator of each agent: its period in game seconds, and what it is good for."""

    seconds: int
    run: str
    why: str


EVALUATORS = {
    "fleet.readings": Every(60, "fleet.services.readings.read", "credits over time"),
    "fleet.protection": Every(
        60, "fleet.services.protection.watch", "stop buying when spending runs away"
    ),
    "fleet.freshness": Every(
        300, "fleet.services.wishes.refresh", "look where a ship is anyway"
    ),
    "fleet.newcomers": Every(
        1_800, "fleet.services.newcomers.watch", "notice ships that another client bought"
    ),
    "fleet.exploration": Every(
        3_600, "fleet.services.exploring.watch", "leave home once the gate stands"
    ),
    "sales.construction": Every(
        900, "sales.services.building.watch", "build the home gate out of surplus"
    ),
    "sales.trading": Every(
        300, "sales.services.merchants.tend", "ships, looks and capital for trading"
    ),
    "sales.prices": Every(300, "sales.services.prices.observe", "feed the price history"),
    "mining.sites": Every(300, "mining.services.sites.open_sites", "choose where to mine"),
    "inventory.capacity": Every(
        300, "inventory.services.capacity.watch", "site depots, read fill"
    ),
    "allocation.contracts": Every(
        300, "allocation.services.contracts.watch", "end contracts, keep goods and credits"
    ),
    "allocation.queue": Every(
        60, "allocation.services.queue.tend", "serve and expire requests"
    ),
    "sales.opportunities": Every(
        900, "sales.services.deciding.evaluate", "sell at good prices"
    ),
    "fleet.conductor": Every(60, "fleet.conductor.conduct", "man every role, order ships"),
}

PARAMETERS = {
    "conductor": "fleet.params.ConductorParams",
    "requests": "fleet.params.RequestParams",
    "purchases": "fleet.params.PurchaseParams",
    "protection": "fleet.params.ProtectionParams",
    "steps": "fleet.params.StepParams",
    "navigation": "fleet.params.NavigationParams",
    "scout": "fleet.params.ScoutParams",
    "exploration": "fleet.params.ExplorationParams",
    "miner": "mining.params.MinerParams",
    "surveying": "mining.params.SurveyingParams",
    "starter": "mining.params.StarterParams",
    "extract_and_sell": "mining.params.DigParams",
    "extract_and_transfer": "mining.params.DigParams",
    "extract_and_transfer_or_sell": "mining.params.DigParams",
    "receive_and_fulfill": "mining.params.ReceiverParams",
    "sites": "mining.params.SiteParams",
    "transport": "inventory.params.TransportParams",
    "depot": "inventory.params.DepotParams",
    "queue": "allocation.params.QueueParams",
    "contracts": "allocation.params.ContractParams",
    "sales": "sales.params.SaleParams",
    "trader": "sales.params.TraderParams",
    "trading": "sales.params.TradingParams",
    "construction": "sales.params.ConstructionParams",
    "retention": "spacefleet.params.RetentionParams",
}

HEALERS = [
    "fleet.services.exploring.heal",
    "mining.services.extracting.heal",
    "inventory.services.transfers.heal",
    "allocation.services.healing.heal",
    "sales.services.healing.heal",
]

UNLOAD = "sales.loops.homing.unload"
"""One step of a drained ship that still has cargo: to sell it; None when nothing can be done."""

WITHDRAWN = "allocation.services.queue.note_withdrawal"
"""Hears of a withdrawal that was found to have happened: the claim it served, the transfer."""


class Housekeeping(NamedTuple):
    """A job of django-q2's own scheduler: coarse work that no ship waits for."""

    minutes: int
    run: str
    why: str


HOUSEKEEPING = {
    "alerts": Housekeeping(1, "spacefleet.tasks.deliver", "send alerts by webhook and e-mail"),
    "resets": Housekeeping(1, "fleet.tasks.watch_resets", "begin the new era after a reset"),
    "left alone": Housekeeping(
        1, "allocation.services.leaving.tidy", "end what excluded agents had promised"
    ),
    "prune": Housekeeping(60, "spacefleet.tasks.prune", "roll up and drop old detail"),
}
