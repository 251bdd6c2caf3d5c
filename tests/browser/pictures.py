"""README's two pictures, taken from the demo province: python -m tests.browser.pictures."""

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import Site, chromium_program
from tests.browser.reading import CHROMIUM_FLAGS, Reading
from tests.province import Province, template_in
from tests.whole_app.access import LED, first
from tests.whole_app.source import ROOT

FOLDER = ROOT / "pr_tracker" / "static" / "readme"


def main() -> None:
    """The queue of the provincial office, and a case that waits for its head's approval."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        browser = playwright.chromium.launch(executable_path=chromium_program(), args=list(CHROMIUM_FLAGS))
        with Province(template_in(folder), folder / "copy") as province:
            with province.app.app_context():
                case = first(LED.format("in_review", ""))["inquiry_id"]
            site = Site(province)
            for picture, reader, path in (("queue", "vanthu", "/queue"), ("case", "lanhdao", f"/inquiries/{case}")):
                reading = Reading(browser, site, reader)
                reading.open(path).screenshot(path=FOLDER / f"{picture}.png")
                reading.close()
            site.stop()
        browser.close()


if __name__ == "__main__":
    main()
