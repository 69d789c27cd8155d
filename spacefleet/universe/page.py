"""The page a browser sees at the root of the server: what this universe is and how it fares."""

from html import escape

from .timeline import iso, moment
from .world import World

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.25rem .5rem;"
    "border-bottom:1px solid #ccc}td.n,th.n{text-align:right}code{background:#eee;padding:0 .2rem}"
)
LATEST = 12


def render(world: World, *, address: str) -> str:
    """HTML without scripts."""
    facts = {
        "Address for clients": f"{address}/v2",
        "Scenario": world.scenario,
        "Seed": str(world.seed),
        "Time factor": f"{world.timeline.speed:g}",
        "Reset date": world.reset_date,
        "Game time": f"{moment(world.now):%Y-%m-%d %H:%M:%S} UTC",
        "Systems and waypoints": f"{len(world.systems):,} and {world.galaxy.count_waypoints():,}",
        "Scripted faults": str(len(world.faults.rules)),
    }
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Universe {escape(world.scenario)}</title><style>{_STYLE}</style>"
        f"<h1>Universe</h1><p>{escape(world.description)}</p>"
        f"{_table(facts)}<h2>Agents</h2>{_agents(world)}<h2>Latest changes</h2>{_log(world)}"
    )


def _table(facts: dict[str, str]) -> str:
    rows = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>"
        for name, value in facts.items()
    )
    return f"<table>{rows}</table>"


def _agents(world: World) -> str:
    if not world.agents:
        return "<p>None yet: <code>POST /v2/register</code> makes the first.</p>"
    rows = "".join(
        f'<tr><td>{agent.symbol}</td><td>{agent.headquarters}</td><td class="n">'
        f'{agent.credits:,}</td><td class="n">{len(agent.ships) + agent.hulls}</td></tr>'
        for agent in sorted(world.everybody(), key=lambda agent: -agent.credits)
    )
    head = '<tr><th>Agent</th><th>Headquarters</th><th class="n">Credits</th><th class="n">Ships</th></tr>'
    return f"<table>{head}{rows}</table>"


def _log(world: World) -> str:
    entries = list(world.log)[-LATEST:][::-1]
    if not entries:
        return "<p>Nothing has happened yet.</p>"
    rows = "".join(
        f"<tr><td>{iso(entry.at)[11:19]}</td><td>{entry.ship or entry.agent}</td>"
        f"<td>{escape(entry.action)}</td></tr>"
        for entry in entries
    )
    return f"<table>{rows}</table>"
