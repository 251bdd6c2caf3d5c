"""Whatever stands in an address or a form, the answer is a page: never a failure, never a trace.

The client fails on every 500 and on every faulty page. Seen red by a password of 5,000 letters, which the library that
checks them refuses with an error.
"""

import re
import zlib
from html.parser import HTMLParser
from urllib.parse import parse_qsl

import pytest

from tests.whole_app.access import VISITOR, Row, address, client_of, read, routes
from tests.whole_app.source import modules, text_of

GARBAGE = ("", "\x00", "-1", "9" * 30, "2026-02-30", "x" * 5000, "%😀\ud7ff<b>")
NAMED = re.compile(r"""(?:text_of|id_of|day_of|member_of|args\.get|args\.getlist)\(\s*["'](\w+)["']""")
PAGES = [row for row in read().values() if row.kind in {"page", "part", "data"}]


class _Forms(HTMLParser):
    """The forms of a page: where each goes, and the fields it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, str, set[str]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag == "form":
            self.forms.append((values.get("method", "get").lower(), values.get("action") or "", set()))
        elif self.forms and tag in {"input", "select", "textarea", "button"} and values.get("name"):
            self.forms[-1][2].add(values["name"])


def who(row: Row) -> str:
    """A visitor where visitors are shown the page, else the first of the demo's people who is."""
    return VISITOR if row.cells[VISITOR] == "200" else row.readers[0]


def path_of(province, row: Row) -> str:
    rule = next(rule for method, rule in routes(province.app) if (method, rule.endpoint) == ("GET", row.endpoint))
    with province.app.app_context():
        return address(province.app, "GET", rule)


def handfuls(names, place, engine):
    """Values for these names: on SQLite each of GARBAGE in all of them; on PostgreSQL one handful that has them all."""
    if engine == "sqlite":
        return [dict.fromkeys(names, value) for value in GARBAGE]
    first = zlib.crc32(place.encode())
    return [{name: GARBAGE[(first + at) % len(GARBAGE)] for at, name in enumerate(sorted(names))}]


def test_garbage_in_the_query_is_answered(province_on_each, engine):
    names = sorted({name for path in modules() for name in NAMED.findall(text_of(path))})
    for row in PAGES:
        client = client_of(province_on_each, who(row))
        path, _, needed = path_of(province_on_each, row).partition("?")
        for values in handfuls(names, path, engine):
            answer = client.get(path, query_string=dict(parse_qsl(needed)) | values)
            assert answer.status_code < 500


@pytest.mark.parametrize("ident", ["0", "-1", "2147483648", "9" * 40, "abc", "1.0", "%00", "1/../2"])
def test_garbage_for_an_id_is_a_404(province, ident):
    client = client_of(province, "quantri")
    for method, rule in routes(province.app):
        if method == "GET" and any("Id" in type(rule._converters[name]).__name__ for name in rule.arguments):
            path = re.sub(r"<id:\w+>", ident, rule.rule)
            assert client.get(re.sub(r"<[^>]+>", "x", path)).status_code == 404, path


def test_garbage_in_a_form_is_answered(province_on_each, engine):
    tried = set()  # a form that stands on every page is tried once with each reader
    for row in PAGES:
        client, path = client_of(province_on_each, who(row)), path_of(province_on_each, row)
        for method, action, names in _Forms(client.get(path).text).forms:
            place, names = action or path, frozenset(names - {"csrf_token"})
            if method != "post" or place.startswith(("/sign-out", "/account/end")) or (who(row), place, names) in tried:
                continue
            tried.add((who(row), place, names))
            for values in handfuls(names, place, engine):
                assert client.post(place, data=values).status_code < 500
