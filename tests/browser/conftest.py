"""A live site on the demo province, and a Chromium that reads it as each kind of reader."""

import logging
import os
import shutil
import threading

import pytest
from werkzeug.serving import make_server

from tests.browser.reading import CHROMIUM_FLAGS, PATIENCE_MS, Reading
from tests.conftest import must_not_skip
from tests.province import Province


class Site:
    """The application on a port of its own, in threads of this process."""

    def __init__(self, province: Province) -> None:
        self.province, self.app = province, province.app
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self.server = make_server("127.0.0.1", 0, self.app, threaded=True)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.thread.join(5)


@pytest.fixture(scope="session")
def site(province_template, tmp_path_factory):
    """The demo province, served; tests that act on it take things that no other test takes."""
    with Province(province_template, tmp_path_factory.mktemp("site") / "province") as province:
        site = Site(province)
        yield site
        site.stop()


def chromium_program() -> str | None:
    """Where Debian's browser is, or the one that the environment names."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def chromium():
    """Debian's browser. None here is a reason to skip, in CI a failure."""
    from playwright.sync_api import expect, sync_playwright

    program = chromium_program()
    if not program:
        assert not must_not_skip(), "no chromium: apt-get install chromium"
        pytest.skip("no chromium on this machine (Debian: apt-get install chromium)")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def reading(chromium, site):
    """reading(reader, …) opens a browser profile for a reader; what pages do wrong fails the test at its end."""
    opened: list[Reading] = []

    def reading(reader=None, **choices) -> Reading:
        opened.append(Reading(chromium, site, reader, **choices))
        return opened[-1]

    yield reading
    faults = [fault for one in opened for fault in one.close()]
    assert not faults, "\n".join(faults)
