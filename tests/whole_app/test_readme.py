"""README says what is: settings, folders, commands, roles, sign-ins, pictures.

Each was seen red once: a setting with another default, a folder the map does not name, a command that does not exist.
"""

import re
from pathlib import Path

import pytest

from pr_tracker.config import PREFIX, SETTINGS
from pr_tracker.permissions import Role
from tests.whole_app.source import ROOT, text_of, tracked

README = text_of(Path("README.md"))
NOT_DRAWERS = {"", ".keep"}


def table_under(heading: str) -> list[list[str]]:
    """The rows of the first table below a heading, without its head."""
    section = README.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("|").split(" | ") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def test_the_settings_are_those_of_the_program():
    expected = [[f"`{PREFIX}{s.name}`", f"`{s.default}`" if s.default else "empty", s.purpose] for s in SETTINGS]
    assert table_under("Settings") == expected, "README's settings table must equal config.SETTINGS"


def test_the_map_names_exactly_the_folders_that_exist():
    drawn = re.search(r"```\n(app\.py .*?)```", README, re.DOTALL)[1]
    mapped, parent = set(), ""
    for line in drawn.splitlines():
        name = line.split()[0]
        parent = parent if line.startswith(" ") else name
        mapped.add(parent + name if line.startswith(" ") else name)
    there = {f"{path.parts[0]}/" for path in tracked() if len(path.parts) > 1} | {"instance/"}
    there |= {
        f"{p.parts[0]}/{p.parts[1]}/" for p in tracked() if p.parts[0] in {"pr_tracker", "tests"} and len(p.parts) > 2
    }
    named_folders = {name for name in mapped if name.endswith("/")}
    assert named_folders == there, "README's map must name exactly the folders that exist"
    assert all((ROOT / name).exists() for name in mapped - {"instance/"}), "README's map names what is not there"


def test_the_roles_are_those_of_the_program():
    assert [row[0].split()[0] for row in table_under("Roles")] == [role.value for role in Role]


def test_the_commands_of_make_exist():
    there = set(re.findall(r"^([a-z]+):", text_of(Path("Makefile")), re.MULTILINE))
    assert set(re.findall(r"(?:`|\n|&& )make ([a-z]+)\b", README)) <= there


def test_the_flask_commands_are_those_of_the_program(province):
    there = set()
    for name, command in province.app.cli.commands.items():
        if name in {"db", "limiter"}:  # Flask-Migrate's, Flask-Limiter's
            continue
        there |= {f"`flask {name} {sub}`" for sub in getattr(command, "commands", {})} or {f"`flask {name}`"}
    assert {row[0] for row in table_under("Commands")} == there, "README's commands must be those of flask --help"


@pytest.mark.parametrize("address", re.findall(r"!\[[^]]*\]\(([^)]*)\)", README))
def test_each_picture_is_there_and_light(address):
    picture = ROOT / address
    assert picture.is_file(), f"take the picture again: {address}"
    assert picture.stat().st_size < 300_000, f"{address} is over 300 kB"
