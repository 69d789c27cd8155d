"""docs/fidelity.md: every figure beside the measured one, with a verdict."""

import ast
import inspect
from collections.abc import Iterable, Iterator, Mapping

from spacefleet.universe import rules

from . import recorded
from .figure import Figure, Span, span
from .laboratory import Laboratory

INSIDE, RANGE, OUTSIDE, OPEN = "inside", "in range", "**outside**", "not measured"

_HEAD = """# How true the universe is

Written by `python manage.py fidelity`; do not edit. Each row puts what this universe does
({seeds} home systems, seeds 0 to {last}) beside what was recorded of the real game: lower
quartile, median and upper quartile, and how many values were recorded where that is known.
**Inside** means that our median lies between the recorded quartiles, **in range** that it lies
between the least and the most recorded where quartiles are not known. The last column names what
of ours is a guess.
"""

_EXACT = """
## To the credit, to the second, to the unit

Recorded cases that the formulas reproduce exactly:

| law | recorded | reproduced |
|---|---|---|
"""

_TABLE = """
## {section}

| figure | here | recorded | verdict | source | guess |
|---|---|---|---|---|---|
"""

_RULES = """
## Parameters

What had to be chosen, in the words of `UniverseRules`; pass others to a scenario or to
`rununiverse --set` to play under other assumptions.

| parameter | default | guess | |
|---|---|---|---|
"""

_REST = """
Guesses that are no parameters: what deposits weigh against each other, the prices of the largest
ships, of modules and mounts, what ordinary systems trade in, what yards away from home sell and
who rules there, speeds of hyper drives.
"""


def write(figures: Iterable[Figure], laboratory: Laboratory) -> str:
    """The report as Markdown."""
    seeds = len(laboratory.seeds)
    parts = [_HEAD.format(seeds=seeds, last=seeds - 1), _EXACT]
    for law, reproduced, total in recorded.check():
        parts.append(f"| {law} | {total} | {reproduced} |\n")
    section = ""
    for figure in figures:
        if figure.section != section:
            section = figure.section
            parts.append(_TABLE.format(section=section))
        parts.append(row(figure, laboratory))
    parts.append(_assumptions())
    return "".join(parts)


def row(figure: Figure, laboratory: Laboratory) -> str:
    here = span(figure.sample(laboratory))
    cells = (
        figure.title,
        _show(here) if here else "never",
        _recorded(figure),
        verdict(figure, here),
        figure.source,
        figure.guess,
    )
    return f"| {' | '.join(cells)} |\n"


def verdict(figure: Figure, here: Span | None) -> str:
    told = figure.recorded
    if told is None:
        return OPEN
    if here is None:
        return OUTSIDE
    # A single recorded value is not known better than to a few percent.
    share = 0.03 if told.low == told.high else 0.005
    tolerance = share * max(abs(told.low), abs(told.high))
    within = told.low - tolerance <= here.middle <= told.high + tolerance
    if not within:
        return OUTSIDE
    return RANGE if figure.extent else INSIDE


def _recorded(figure: Figure) -> str:
    told = figure.recorded
    if told is None:
        return ""
    if not figure.extent:
        return _show(told)
    low, middle, high = map(_number, (told.low, told.middle, told.high))
    return f"{low} to {high}, median {middle} ({told.count:,})".replace(" (0)", "")


def _show(shown: Span) -> str:
    count = f" ({shown.count:,})" if shown.count else ""
    values = (shown.low, shown.middle, shown.high)
    if len({_number(value) for value in values}) == 1:
        return _number(shown.middle) + count
    return " · ".join(map(_number, values)) + count


def _number(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _assumptions() -> str:
    """The parameters of `UniverseRules` in their own words."""
    rows = [
        f"| `{name}` | {_default(name)} | {'guess' if _guessed(words) else ''} | {words} |\n"
        for name, words in _parameters()
    ]
    return _RULES + "".join(rows) + _REST


def _parameters() -> Iterator[tuple[str, str]]:
    """Name and explanation of every parameter, as they stand in the source."""
    module = ast.parse(inspect.getsource(rules))
    [body] = [node.body for node in module.body if isinstance(node, ast.ClassDef)]
    names: list[str] = []
    for node in body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.append(node.target.id)
        elif names and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            words = " ".join(str(node.value.value).split())
            yield from ((name, words) for name in names)
            names = []


def _default(name: str) -> str:
    value = getattr(rules.UniverseRules(), name)
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {part}" for key, part in value.items()) or "none"
    return str(value)


def _guessed(words: str) -> bool:
    return any(word in words.lower() for word in ("guess", "unknown", "assumed", "conflict"))
