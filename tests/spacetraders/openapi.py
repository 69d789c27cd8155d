"""The published descriptions of the API: its paths, and examples made from its schemas."""

import json
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[3] / "shared" / "reference" / "data"
OFFICIAL = FOLDER / "openapi_official_2.3.0_bundled.json"
LIVE = FOLDER / "openapi_live_2025-06_repaired.json"

MOMENT = "2026-07-06T12:00:00.000Z"
MOMENTS = {"timestamp", "resetDate", "next", "lastMarketUpdate"}


@dataclass(frozen=True)
class Operation:
    """One method on one path."""

    method: str
    path: str
    raw: dict[str, Any] = field(repr=False)
    schemas: dict[str, Any] = field(repr=False)

    @property
    def key(self) -> str:
        return f"{self.method} {anonymous(self.path)}"

    @property
    def status(self) -> int:
        return min(int(code) for code in self.raw["responses"] if code.startswith("2"))

    @property
    def body(self) -> dict[str, Any]:
        """The schema of the request's body; empty where there is none."""
        content = self.raw.get("requestBody", {}).get("content", {})
        return self._resolved(content.get("application/json", {}).get("schema", {}))

    def example(self, *, full: bool) -> Any:
        """An answer with every member, or only with those that must be there."""
        content = self.raw["responses"][str(self.status)]["content"]
        return self._example(content["application/json"]["schema"], full=full)

    def _member(self, name: str, schema: dict[str, Any], *, full: bool) -> Any:
        # Some moments are described as mere strings.
        return MOMENT if name in MOMENTS else self._example(schema, full=full)

    def _resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        if "$ref" in schema:
            return self._resolved(self.schemas[schema["$ref"].rpartition("/")[2]])
        for several in ("allOf", "oneOf", "anyOf"):
            if several in schema:
                return self._resolved(schema[several][0])
        return schema

    def _example(self, schema: dict[str, Any], *, full: bool) -> Any:
        schema = self._resolved(schema)
        kind = schema.get("type", "object" if "properties" in schema else "null")
        if kind == "object":
            needed = schema.get("properties", {}) if full else schema.get("required", [])
            members = {
                name: self._member(name, schema["properties"][name], full=full)
                for name in needed
                if name in schema.get("properties", {})
            }
            return members or (
                {"IRON": ["IRON_ORE"]} if "additionalProperties" in schema else {}
            )
        if kind == "array":
            return [self._example(schema["items"], full=full)]
        return _scalar(schema, kind)


def _scalar(schema: dict[str, Any], kind: str) -> Any:
    if schema.get("format") == "date-time":
        return MOMENT
    if kind == "string":
        return "A_SYMBOL_NOBODY_KNOWS" if "enum" in schema else "X1-AB12-C3"
    return {"integer": 7, "number": 0.5, "boolean": True}.get(kind)


def anonymous(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path)


@cache
def operations(path: Path) -> tuple[Operation, ...]:
    document = json.loads(path.read_text())
    return tuple(
        Operation(method.upper(), url, raw, document["components"]["schemas"])
        for url, methods in document["paths"].items()
        for method, raw in methods.items()
        if method in ("get", "post", "patch")
    )
