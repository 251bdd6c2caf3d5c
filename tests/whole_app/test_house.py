"""The house rules of the source (architecture): each failure says what to do.

Each was seen red once, by planting in a module of a feature: `datetime.now(UTC)` and `sa.func.now()` outside the clock,
`db.session.commit()` in actions.py, a function of 41 lines, a file of 501, utils.py, an action without docstring,
and an address of a package index in constraints.txt.
"""

import ast
import re
import tomllib
import unicodedata
from pathlib import Path

from tests.one_engine import unexplained
from tests.whole_app.source import at, below, functions, modules, text_of, tracked, tree_of

LONGEST_FILE, LONGEST_FUNCTION = 500, 40
MAY_COMMIT = re.compile(r"pr_tracker/(cli/\w+|\w+/(views|jobs)(\w*|/\w+)|web/saving)\.py")
MAY_READ_THE_CLOCK = re.compile(r"pr_tracker/clock\.py")
WALL_CLOCK = re.compile(
    r"(^|\.)(datetime|date)\.(now|utcnow|today)$|(^|\.)time\.time$|\bfunc\.(now|current_\w+|local\w+)$"
)
# Flask-Security's passkeys want a default made by the database; we never read it.
LIBRARY_COLUMN = "create_datetime"
SAYS_NOTHING = re.compile(r"(^|/)(utils?|helpers?|common|managers?|services?|base|misc)\.py$")
MACHINE = re.compile(
    r'"resolved":|index[-]url|find[-]links|https?://[^ ]*/simple/|https?://registry|(?<![\w.])/(work|farm|root)/'
)


def test_only_the_clock_reads_the_clock():
    found = {
        at(path, node)
        for path in modules()
        if not MAY_READ_THE_CLOCK.fullmatch(str(path))
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and WALL_CLOCK.search(ast.unparse(node))
        if LIBRARY_COLUMN not in text_of(path).splitlines()[node.lineno - 1]
    }
    assert not found, f"take `now` as an argument (views, cli and jobs ask clock.now()): {sorted(found)}"


def test_only_views_commands_and_jobs_commit():
    found = [
        at(path, node)
        for path in modules()
        if not MAY_COMMIT.fullmatch(str(path))
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]
    assert not found, f"leave the commit to the view, command or job that calls this: {found}"


def test_no_file_is_too_long_to_be_understood():
    kinds = [*modules(), *modules("tests"), *below("templates", ".html"), *below("pr_tracker", ".css")]
    long = {str(path): n for path in kinds if (n := text_of(path).count("\n")) > LONGEST_FILE}
    assert not long, f"over {LONGEST_FILE} lines; split by step, not by type: {long}"


def test_no_function_is_too_long_to_be_understood():
    long = {
        f"{at(path, function)} {function.name}": length
        for path in modules()
        for function in functions(path)
        if (length := _length(function)) > LONGEST_FUNCTION
    }
    assert not long, f"over {LONGEST_FUNCTION} lines; give its beats names: {long}"


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body, without its docstring."""
    body = function.body[1:] if ast.get_docstring(function) and len(function.body) > 1 else function.body
    return body[-1].end_lineno - body[0].lineno + 1


def test_every_module_is_named_for_what_it_holds():
    found = [str(path) for path in tracked() if SAYS_NOTHING.search(str(path))]
    assert not found, f"name these for what they hold: {found}"


def test_every_module_promises_something():
    silent = [str(path) for path in modules() if text_of(path).strip() and not ast.get_docstring(tree_of(path))]
    assert not silent, f"begin with one docstring line that says what the module is for: {silent}"


def test_every_public_rule_and_act_promises_something():
    silent = [
        f"{at(path, node)} {node.name}"
        for path in modules()
        if path.stem.split("_")[0] in {"rules", "actions"}
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
        if not ast.get_docstring(node)
    ]
    assert not silent, f"say in one docstring line what these promise (units, errors, article): {silent}"


def test_nothing_is_left_open():
    mark = re.compile(
        r"\b(TODO|FIXME|XXX)\b|NotImplementedError|mark\.(skip|xfail)|# type: ignore$|noqa$", re.MULTILINE
    )
    excepted = {"tests/whole_app/test_house.py", "tests/conftest.py"}
    sources = [*modules(), *modules("tests"), *below("templates", ".html"), *below("pr_tracker", ".js")]
    found = [
        f"{path}: {hit[0]}" for path in sources if str(path) not in excepted if (hit := mark.search(text_of(path)))
    ]
    assert not found, f"finish it, or say it in the issue: {found}"


def test_no_file_knows_a_machine_or_a_package_index():
    files = [path for path in tracked() if path.name != "test_house.py"]
    found = [f"{path}: {hit[0]}" for path in files if (hit := MACHINE.search(text_of(path)))]
    assert not found, f"this belongs to one machine: {found}"


def test_all_text_is_composed():
    found = [str(path) for path in tracked() if not unicodedata.is_normalized("NFC", text_of(path))]
    assert not found, f"write these in Unicode NFC, or search and PDF miss their letters: {found}"


WEBLESS = {"flask", "flask_login", "flask_security", "flask_wtf", "wtforms", "pr_tracker.clock", "pr_tracker.web"}
PLAIN = {"flask_babel", "flask_sqlalchemy", "jinja2", "reportlab", "sqlalchemy", "werkzeug", "pr_tracker.db"}
PLAIN |= {"pr_tracker.config"} | WEBLESS
MAY_NOT_IMPORT = {"rules": PLAIN, **dict.fromkeys(("actions", "queries", "models", "documents"), WEBLESS)}
MIXINS = ("pr_tracker/accounts/models.py", "flask_security")  # people are what Flask-Security signs in


def drawer(path: Path) -> str:
    """Which drawer of its feature a module belongs to: rules for rules_terms.py, actions for actions/answer.py."""
    inside = path.parts[2] if len(path.parts) > 2 else ""
    return inside.removesuffix(".py").split("_")[0]


def imports(path: Path) -> set[str]:
    """Every module that a module names in an import."""
    found = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_a_drawer_that_was_split_keeps_its_promise():
    found = [
        f"{path} imports {name}"
        for path in modules()
        for name in imports(path)
        for forbidden in MAY_NOT_IMPORT.get(drawer(path), ())
        if (name == forbidden or name.startswith(f"{forbidden}.")) and (str(path), name.split(".")[0]) != MIXINS
    ]
    assert not found, f"rules know no database and no web, actions and queries no web: {sorted(found)}"


def test_every_feature_stands_in_the_import_contract():
    contracts = tomllib.loads(text_of(Path("pyproject.toml")))["tool"]["importlinter"]["contracts"]
    inside = next(contract for contract in contracts if contract["name"].startswith("Inside a feature"))
    features = {f"pr_tracker.{path.parts[1]}" for path in modules() if drawer(path) in {"rules", "models", "views"}}
    missing = features - set(inside["containers"]) - {"pr_tracker.web"}
    assert not missing, f"add these to the contract “{inside['name']}” in pyproject.toml: {sorted(missing)}"


def test_what_is_tried_on_one_database_only_says_why(request):
    silent = unexplained(request.session.items)
    assert not silent, f"ask for `engine` or `province_on_each`, or say why not in tests/one_engine.py: {silent}"
