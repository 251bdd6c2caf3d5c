"""Every page of the table of routes: accessible in both languages, narrow, wide, dark; visible focus; no scripts."""

from dataclasses import dataclass

import pytest

from tests.browser.reading import Reading
from tests.whole_app.access import VISITOR, address, read, routes


@dataclass(frozen=True)
class Place:
    """A page and who looks at it: the first sign-in of the demo that is shown it, or a visitor."""

    name: str
    reader: str | None
    path: str | None = None  # None: the address of the route `name` in the demo
    status: int = 200

    def __str__(self) -> str:
        return self.name

    def on(self, site) -> str:
        """Its address on this site."""
        if self.path:
            return self.path
        rule = next(rule for method, rule in routes(site.app) if (method, rule.endpoint) == ("GET", self.name))
        with site.app.app_context():
            return address(site.app, "GET", rule)


ROWS = [row for row in read().values() if row.kind == "page"]
PLACES = [Place(row.endpoint, None if row.cells[VISITOR] == "200" else row.readers[0]) for row in ROWS]
PLACES += [Place("a 404", None, "/nowhere", 404), Place("a 404 for a reader", "chuyenvien", "/nowhere", 404)]
each_place = pytest.mark.parametrize("place", PLACES, ids=str)


# Window and colours of each look: both widths, light and dark, both languages; every width is asked for overflow.
LOOKS = {"vi": ((1280, False), (390, True)), "en": ((390, False),)}


@pytest.fixture(scope="module")
def kept(chromium, site):
    """One browser profile for each reader, with scripts and without: styles and scripts are fetched once."""
    kept: dict[tuple, Reading] = {}
    yield kept
    for one in kept.values():
        one.close()


@pytest.fixture
def profile(chromium, site, kept):
    """profile(reader, scripts=…) is such a profile; what pages do wrong fails the test at its end."""
    used: list[Reading] = []

    def profile(reader, *, scripts=True):
        if (reader, scripts) not in kept:
            kept[reader, scripts] = Reading(chromium, site, reader, scripts=scripts)
        used.append(kept[reader, scripts])
        return used[-1]

    yield profile
    faults = [fault for one in used for fault in one.faults]
    for one in used:
        one.faults.clear()
    assert not faults, "\n".join(faults)


@each_place
def test_axe_finds_nothing_nothing_is_too_wide_and_every_tab_stop_shows_the_focus_ring(profile, site, place):
    reader, faults = profile(place.reader), []
    for language, looks in LOOKS.items():
        reader.speak(language)
        reader.open(place.on(site), place.status)
        for width, dark in looks:
            reader.look(width=width, dark=dark)
            setting = f"{language}, {width} px {'dark' if dark else 'light'}"
            faults += [f"{setting}: {violation}" for violation in reader.axe()]
        for width in (320, 390, 768, 1280):
            reader.look(width=width)
            if wide := reader.sideways():
                faults.append(f"{language}, at {width} px: {wide}")
    reader.look(width=1280)
    stops = reader.stops()
    assert stops, "the Tab key reaches nothing"
    faults += [f"no focus ring on: {stop['html']}" for stop in stops if not stop["ringed"]]
    assert not faults, "\n".join(faults)


@each_place
def test_it_can_be_read_with_scripts_off(profile, site, place):
    reader = profile(place.reader, scripts=False)
    reader.look(width=390)
    page = reader.open(place.on(site), place.status)
    page.locator("h1").wait_for()  # some pages come again by themselves
    assert reader.sideways() is None
