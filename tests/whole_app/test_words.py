"""Every word a reader sees is in both languages, in the officials' Vietnamese.

Each was seen red once: a new N_("Ghost"), a renamed %(number)s, an unused msgid, a bare word in a template, a literal
label in a form, an enum without its words.
"""

import ast
import importlib
import re
from enum import StrEnum
from functools import cache
from html.parser import HTMLParser

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from pr_tracker.web import catalog
from pr_tracker.web.catalog import fragments, joined
from tests.whole_app.source import ROOT, at, below, modules, text_of, tree_of

KEYWORDS = dict.fromkeys(("_", "_l", "N_", "gettext", "lazy_gettext"))
KEYWORDS |= dict.fromkeys(("ngettext", "lazy_ngettext"), (1, 2))
KEYWORDS |= dict.fromkeys(("pgettext", "lazy_pgettext", "_lp"), ((1, "c"), 2))
LIBRARIES = {"security.po", "wtforms.po"}  # their source strings stand in packages, not in our files
PLACEHOLDER = re.compile(r"%\((\w+)\)")
SAMPLES = {"components/styleguide.html", "samples.py"}  # the style guide shows Vietnamese samples, to developers only
NEVER_SHOWN = {
    "Permission": "readers see roles",
    "DayUnit": "a term says its days in its own words",
    "Undated": "the step beside it says it",
    "Turn": "the name of the agency or person is shown",
    "Verb": "the plan of the demo",
    "BoxStep": "the button names the act",
    "Refusal": "rules_arrival.SENTENCES has the sentence of each",
    "Look": "how a bar is filled; its key says what it means",
}


@cache
def source_strings() -> dict[tuple[str | None, str | tuple[str, ...]], str]:
    """Every marked source string with its context, and the file it stands in."""
    found = {}
    for folder, methods in (("pr_tracker", [("**.py", "python")]), ("templates", [("**.html", "jinja2")])):
        for name, _, message, _, context in extract_from_dir(ROOT / folder, methods, keywords=KEYWORDS):
            found[context, message] = f"{folder}/{name}"
    return found


def texts(message) -> list[str]:
    """One text, or the forms of a plural, as a list."""
    return [message] if isinstance(message, str) else list(message)


def test_every_source_string_has_its_vietnamese():
    catalog = joined()
    missing = []
    for (context, message), where in source_strings().items():
        known = catalog.get(texts(message)[0], context)
        if known is None or not all(texts(known.string)):
            missing.append(f"{where}: {message!r}")
    assert not missing, "translate in pr_tracker/translations/vi/<feature>.po:\n" + "\n".join(sorted(missing))


@pytest.mark.parametrize("path", fragments(), ids=lambda path: path.name)
def test_each_fragment_says_what_is_asked_and_nothing_else(path):
    used = {(context, text) for context, message in source_strings() for text in texts(message)}
    faults = []
    with path.open("rb") as file:
        catalog = read_po(file, locale="vi")
    for message in [message for message in catalog if message.id]:
        sources, strings = texts(message.id), texts(message.string)
        if path.name not in LIBRARIES and (message.context, sources[0]) not in used:
            faults.append(f"no source has {sources[0]!r}: take it out")
        wanted = {name for source in sources for name in PLACEHOLDER.findall(source)}
        given = {name for string in strings for name in PLACEHOLDER.findall(string)}
        if given - wanted or (wanted - given and len(sources) == 1):
            faults.append(f"{sources[0]!r} has {sorted(wanted)}, its Vietnamese {sorted(given)}")
        faults += [f"{string!r} {fault}" for string in strings for fault in _tone(string)]
    assert not catalog.obsolete, f"take the obsolete entries (#~) out of {path.name}"
    assert not faults, "\n".join(faults)


def _tone(vietnamese: str) -> list[str]:
    """The house style of what stands on screen (design, principle 9)."""
    faults = ["has an exclamation mark"] if "!" in vietnamese else []
    if re.search(r"\b(anh|chị|ông|bà|bạn)\b", vietnamese, re.IGNORECASE):
        faults.append("has a personal pronoun; say the role, or nothing")
    return faults


class _Bare(HTMLParser):
    """Words that stand in a template as they are."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data):
        self._note(data)

    def handle_starttag(self, _tag, attributes):
        for name, value in attributes:
            if name in {"title", "placeholder", "aria-label", "alt"} or name == "data-l":
                self._note(value or "")

    def _note(self, text):
        self.words += re.findall(r"[A-Za-zÀ-ỹ]{2,}[^{}<>]*", text)


def _without_jinja(template: str) -> str:
    codes_removed = re.sub(r"(?<=%\})[a-z-]+(?=\s*\{%)", "", template)  # what a macro returns, as in %}choices{%
    marked = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "1", codes_removed, flags=re.DOTALL)
    return marked.replace("<1", "<a")  # an element whose name is chosen


SAME_IN_BOTH = {
    "Ctrl ↵",
    "PDF",
    "Excel",
    "CSV",
    "Esc",
    "Ctrl",
    "Enter",
    "Tab",
    "Shift",
    "px",
    "kB",
    "MB",
    "SHA",
    "SHA-256",
}


def test_no_word_of_a_template_stays_in_one_language():
    found = []
    for path in below("templates", ".html"):
        if str(path.relative_to("templates")) in SAMPLES:
            continue
        bare = _Bare()
        bare.feed(_without_jinja(text_of(path)))
        found += [f"{path}: {words.strip()}" for words in bare.words if words.strip(" 1\n") not in SAME_IN_BOTH]
    assert not found, "put these in {{ _(…) }}:\n" + "\n".join(found)


def test_no_label_or_message_of_a_form_stays_in_one_language():
    found = [
        f"{at(path, node)} {node.args[0].value!r}"
        for path in modules()
        if path.name not in SAMPLES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
        if isinstance(node.args[0].value, str) and re.search(r"\w{2}", node.args[0].value)
        if re.search(
            r"(Field|^flash|^ValidationError|Problem|^NotFound|^NotAllowed|^BadInput)$", ast.unparse(node.func)
        )
    ]
    assert not found, f"mark these with _l(…), _(…) or N_(…): {found}"


def enums() -> list[type[StrEnum]]:
    """Every StrEnum of the application."""
    found = {}
    for path in modules():
        if "StrEnum" in text_of(path):
            module = importlib.import_module(str(path.with_suffix("")).replace("/", "."))
            for value in vars(module).values():
                if isinstance(value, type) and issubclass(value, StrEnum) and value.__module__ == module.__name__:
                    found[f"{value.__module__}.{value.__name__}"] = value
    return [enum for _, enum in sorted(found.items())]


@cache
def labelled() -> set[tuple[str, str]]:
    """Every Enum.MEMBER that some labels module names, in a table or in a match."""
    return {
        (node.value.id, node.attr)
        for path in modules()
        if path.stem.split("_")[0] == "labels"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }


SHOWN = [enum for enum in enums() if enum.__name__ not in NEVER_SHOWN]


@pytest.mark.parametrize("enum", SHOWN, ids=lambda enum: enum.__name__)
def test_every_member_of_an_enum_has_its_words(enum):
    silent = [member.name for member in enum if (enum.__name__, member.name) not in labelled()]
    mend = "give them words in the feature's labels.py, or, if no reader sees this enum, name it in NEVER_SHOWN"
    assert not silent, f"{enum.__name__}: {silent}: {mend}"


def test_what_root_compiles_the_service_may_read(tmp_path, monkeypatch):
    (tmp_path / "vi").mkdir()
    monkeypatch.setattr(catalog, "TRANSLATIONS", tmp_path)
    assert catalog.compile_catalog().stat().st_mode & 0o777 == 0o644


def test_words_that_cannot_be_compiled_stop_the_start_in_one_sentence(tmp_path, monkeypatch):
    (tmp_path / "vi").mkdir()
    (tmp_path / "vi" / "LC_MESSAGES").write_text("a file where a folder should be")
    monkeypatch.setattr(catalog, "TRANSLATIONS", tmp_path)
    with pytest.raises(SystemExit, match=r"messages\.mo is missing or old and cannot be written: make install"):
        catalog.compile_if_stale()
