"""What templates and styles may hold; each was seen red once, by planting the fault it names."""

import ast
import re

from tests.whole_app.source import at, below, modules, text_of, tree_of

INLINE = re.compile(
    r"<[a-z][^>]*\sstyle=|<style\b|<script(?![^>]*\ssrc=)|<[a-z][^>]*\son[a-z]+=|javascript:", re.IGNORECASE
)
RAW_COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(rgb|hsl|oklch|lab|lch)a?\(|:\s*(white|black|red|gr[ae]y|green|blue)\b", re.IGNORECASE
)
ALWAYS_LIGHT = re.compile(r"\.(letter|projector)\b|@page")
FONT_TOO_SMALL = re.compile(r"font-size:\s*(\d+(?:\.\d+)?)px")


def test_no_style_or_script_stands_inside_a_page():
    found = [f"{path}: {hit[0][:80]}" for path in below("templates", ".html") if (hit := INLINE.search(text_of(path)))]
    assert not found, f"the content policy refuses these; use a class or a file of static/: {found}"


def test_colours_come_from_the_tokens():
    found = []
    for path in below("pr_tracker/static", ".css"):
        if path.name in {"tokens.css", "print.css"}:  # paper is white and its ink black
            continue
        rules = re.sub(r"/\*.*?\*/", "", text_of(path), flags=re.DOTALL)
        for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", rules):
            if (hit := RAW_COLOUR.search(body)) and not ALWAYS_LIGHT.search(selector):
                found.append(f"{path.name}: {selector.strip()}: {hit[0]}")
    assert not found, f"name a token of tokens.css, so that dark works too: {found}"


def test_nothing_is_set_in_type_too_small_to_read():
    found = [
        f"{path.name}: {size}px"
        for path in below("pr_tracker/static", ".css")
        if path.name != "print.css"
        for size in FONT_TOO_SMALL.findall(text_of(path))
        if float(size) < 13
    ]
    assert not found, f"13 px is the smallest type of the house: {found}"


def test_links_name_views_that_exist(province):
    named = re.compile(r"""url_for\(\s*["']([\w.]+)["']""")
    found = {
        f"{path}: {name}"
        for path in [*below("templates", ".html"), *modules()]
        for name in named.findall(text_of(path))
        if f"{path.parts[1] if name.startswith('.') else ''}{name}" not in province.app.view_functions
    }
    assert not found, f"no view has these names: {sorted(found)}"


def test_every_template_exists_and_is_used():
    there = {str(path.relative_to("templates")) for path in below("templates", ".html")}
    sources = [*below("templates", ".html"), *modules()]
    named = {name for path in sources for name in re.findall(r"""["']([\w/.-]+\.html)["']""", text_of(path))}
    by_library = {name for name in there if name.startswith("security/")}
    assert not named - there - by_library, f"templates that are not there: {sorted(named - there)}"
    assert not there - named - by_library, f"templates that nothing shows: {sorted(there - named - by_library)}"


def test_every_style_and_script_is_used():
    sources = "".join(text_of(path) for path in [*below("templates", ".html"), *modules()])
    listed = [*below("pr_tracker/static", ".css"), *below("pr_tracker/static", ".js")]
    unused = [path.name for path in listed if not re.search(rf'["\'/]{re.escape(path.stem)}(\.\w+)?["\']', sources)]
    assert not unused, f"no page loads these: {unused}"


def test_pages_hold_no_pictures_in_addresses():
    kinds = [*below("templates", ".html"), *below("pr_tracker/static", ".css")]
    found = [str(path) for path in kinds if re.search(r"url\(\s*[\"']?data:|src=[\"']data:", text_of(path))]
    assert not found, f"img-src 'self' blocks data: addresses: {found}"


def test_views_speak_through_forms_and_words_only():
    found = [
        at(path, node)
        for path in modules()
        if path.name != "i18n.py"  # marks our own sentences, as Jinja's gettext does; their values are escaped
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"Markup", "markupsafe.Markup"}
        if not (node.args and isinstance(node.args[0], ast.Constant))
    ]
    assert not found, f"Markup of a computed text is how foreign script gets in: {found}"
