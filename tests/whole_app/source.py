"""The source as guards read it: tracked files, and Python modules as trees."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that git keeps or would keep, relative to the root."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return tuple(
        path for name in sorted(set(names.split("\0"))) if name and (path := Path(name)) and (ROOT / path).is_file()
    )


def below(folder: str, suffix: str) -> list[Path]:
    """Tracked files of a folder with this suffix."""
    return [path for path in tracked() if path.is_relative_to(folder) and path.suffix == suffix]


@cache
def text_of(path: Path) -> str:
    """What stands in a tracked file; "" for pictures and fonts."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@cache
def tree_of(path: Path) -> ast.Module:
    """A Python module as a tree."""
    return ast.parse(text_of(path), str(path))


def modules(folder: str = "pr_tracker") -> list[Path]:
    """Our Python modules; generated migrations are not ours to shape."""
    return [path for path in below(folder, ".py") if "migrations/versions" not in str(path)]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a module, methods and inner ones too."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def at(path: Path, node: ast.AST) -> str:
    """file:line."""
    return f"{path}:{node.lineno}"  # type: ignore[attr-defined]
