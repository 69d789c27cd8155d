"""Figures from plain rows, and plotly's own script as a static file from the installed package.

Figures carry no colours: `meta.colour` numbers the lines, and spacefleet.js takes the colours of
the reader's light or dark scheme.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

import plotly
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

from spacefleet import clock, zones

SCRIPT = "plotly.min.js"
GAP = 0.14  # of the height of a figure, between two rows


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a figure: moments and values; `row` counts from the top.

    Lines of one `name` share colour and switch in the legend, whatever their row.
    """

    name: str
    points: Sequence[tuple[datetime, float]]
    row: int = 0
    dashed: bool = False


def lines(
    drawn: Sequence[Line], *, titles: Sequence[str], unit: str = "", over: str = ""
) -> str:
    """A figure over time as JSON for Plotly.react, one row for each title.

    Times are those of the viewer's zone, unless `over` names a time of its own, such as game time.

    A row that nothing was drawn in is left out, unless none was. The JSON is written here: plotly's
    own objects look at each point of each line, for most of the time that a chart takes.
    """
    used = sorted({line.row for line in drawn}) or list(range(len(titles)))
    titles = [titles[row] for row in used]
    drawn = [replace(line, row=used.index(line.row)) for line in drawn]
    names = list(dict.fromkeys(line.name for line in drawn))
    ends = max((line.points[-1][0] for line in drawn if line.points), default=clock.now())
    zone, called = (UTC, over) if over else zones.axis(ends)
    traces, shown = [], set[str]()
    for line in drawn:
        first = line.name not in shown
        traces.append(_trace(line, zone, colour=names.index(line.name), first=first))
        shown.add(line.name)
    layout = _layout(titles, unit=unit, over=called, legend=len(names) > 1)
    return json.dumps({"data": traces, "layout": layout})


def _trace(line: Line, zone: tzinfo, *, colour: int, first: bool) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines" if len(line.points) > 1 else "markers",
        "name": line.name,
        "legendgroup": line.name,
        "showlegend": first,
        "x": [str(moment.astimezone(zone))[:19] for moment, _ in line.points],
        "y": [value for _, value in line.points],
        "yaxis": f"y{line.row + 1}" if line.row else "y",
        "line": {"width": 2, "dash": "dash" if line.dashed else "solid"},
        "meta": {"colour": colour},
    }


def _layout(titles: Sequence[str], *, unit: str, over: str, legend: bool) -> dict[str, Any]:
    height = (1 - GAP * (len(titles) - 1)) / len(titles)
    layout: dict[str, Any] = {
        "margin": {"l": 64, "r": 12, "t": 28, "b": 36},
        "hovermode": "x unified",
        "showlegend": legend,
        "legend": {
            "orientation": "h",
            "x": 1,
            "xanchor": "right",
            "y": 1.02,
            "yanchor": "bottom",
        },
        "uirevision": "kept",
        "xaxis": {
            "type": "date",
            "title": {"text": over},
            "anchor": f"y{len(titles)}" if len(titles) > 1 else "y",
        },
        "annotations": [],
    }
    for row, title in enumerate(titles):
        top = 1 - row * (height + GAP)
        layout[f"yaxis{row + 1}" if row else "yaxis"] = {
            "domain": [max(0.0, top - height), top],
            "tickformat": ",~s" if not unit else ",",
            "ticksuffix": unit,
            "rangemode": "tozero" if unit else "normal",
        }
        layout["annotations"].append(
            {
                "text": title,
                "x": 0,
                "xref": "paper",
                "xanchor": "left",
                "y": top,
                "yref": "paper",
                "yanchor": "bottom",
                "showarrow": False,
            }
        )
    return layout


class PlotlyFinder(BaseFinder):
    """Offers plotly.min.js of the installed plotly package, and nothing else of it."""

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=Path(plotly.__file__).parent / "package_data")
        self.storage.prefix = ""  # type: ignore[attr-defined]
        super().__init__(*args, **kwargs)

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = self.storage.path(SCRIPT) if path == SCRIPT else None
        if find_all:
            return [found] if found else []
        return found or []

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, Storage]]:
        yield SCRIPT, self.storage
