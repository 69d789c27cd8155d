"""Prints what the extra `interop` of pyproject.toml asks for, one requirement a line.

That extra is installed into an environment of its own, without this project.
"""

import tomllib
from pathlib import Path

project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())
print("\n".join(project["project"]["optional-dependencies"]["interop"]))
