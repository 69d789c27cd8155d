"""The documents of the project, and the names, links and commands that stand in them."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("spacefleet", "fleet", "inventory", "allocation", "sales", "mining")
FILES = (".js", ".css", ".py", ".md", ".html", ".sqlite3")
_BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
_DOTTED = re.compile(rf"(?:{'|'.join(APPS)})(?:\.[A-Za-z_]\w*)+")


def documents() -> list[Path]:
    """README and its sisters, and everything in docs/."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def prose(told: str) -> str:
    """A document without its blocks of code."""
    return _BLOCK.sub("", told)


def spans(told: str) -> list[str]:
    """What stands between single backticks."""
    return _SPAN.findall(prose(told))


def dotted_names(told: str) -> list[str]:
    """Spans that name something in our packages, such as `fleet.services.sync.reread`."""
    bare = [span.removesuffix("()") for span in spans(told)]
    return [span for span in bare if _DOTTED.fullmatch(span) and not span.endswith(FILES)]


def links(told: str) -> list[str]:
    return _LINK.findall(prose(told))


def headings(told: str) -> list[str]:
    return re.findall(r"^#+ (.+)$", prose(told), flags=re.MULTILINE)


def lines_of_code(told: str) -> Iterator[str]:
    """Spans, and the lines of fenced and of indented blocks."""
    yield from spans(told)
    for block in _BLOCK.findall(told):
        yield from block.splitlines()[1:-1]
    yield from re.findall(r"^ {4}(.+)$", prose(told), flags=re.MULTILINE)


def table(told: str, heading: str) -> list[list[str]]:
    """The rows of the first table below a heading, without backticks; its head left out."""
    below = told.split(f" {heading}\n", 1)[1]
    rows: list[list[str]] = []
    for line in below.splitlines():
        if line.startswith("|"):
            rows.append([cell.strip().replace("`", "") for cell in line.strip("|").split("|")])
        elif rows:
            break
    return rows[2:]
