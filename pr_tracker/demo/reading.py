"""Read the TOML files of this package: composed Unicode, lines of "one | two | three" cut at the bars."""

import tomllib
from importlib.resources import files
from typing import Any

from pr_tracker.text import nfc


def read_toml(*path: str) -> dict[str, Any]:
    """A data file of this package."""
    return tomllib.loads(nfc(files("pr_tracker.demo").joinpath(*path).read_text(encoding="utf-8")))


def cut(line: str, parts: int) -> list[str]:
    """The stripped parts of a line; missing ones are empty."""
    found = [part.strip() for part in line.split("|")]
    return found + [""] * (parts - len(found))
