"""Print the lowest version of each dependency that pyproject.toml allows, as pins for pip."""

import re
import tomllib
from pathlib import Path

project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text("utf-8"))["project"]
for need in project["dependencies"]:
    name, bound = re.fullmatch(r"([\w.-]+)>=([\w.]+)", need).groups()
    print(f"{name}=={bound}")
