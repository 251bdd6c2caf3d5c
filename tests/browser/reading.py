"""One reader at one browser: opens pages, uses the keyboard, and notes what pages do wrong."""

from pathlib import Path

import axe_playwright_python
from flask.sessions import SecureCookieSessionInterface

from pr_tracker.permissions import Role

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
PATIENCE_MS = 30_000  # for a machine with much else to do
LOOKING = Path(__file__).with_name("looking.js").read_text()


class Reading:
    """A browser profile, signed in as one of the demo's people (None: a visitor; a role: see province.BY_ROLE)."""

    def __init__(
        self, chromium, site, reader: str | Role | None = None, *, width=1280, language="vi", scripts=True, dark=False
    ) -> None:
        self.site, self.reader = site, reader
        self.faults: list[str] = []
        self.context = chromium.new_context(
            base_url=site.address,
            viewport=_window(width),
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.speak(language)
        self.page = self.context.new_page()
        self.page.on("console", self._note_console)
        self.page.on("pageerror", lambda error: self._note(f"script error: {error}"))
        self.page.on("response", self._note_response)

    def speak(self, language: str) -> None:
        """Bring the session cookie that a sign-in would have given, in a language."""
        session = {"language": language}
        if self.reader is not None:
            session |= self.site.province.session_of(self.reader)
        value = SecureCookieSessionInterface().get_signing_serializer(self.site.app).dumps(session)
        name = self.site.app.config["SESSION_COOKIE_NAME"]
        self.context.add_cookies([{"name": name, "value": value, "url": self.site.address}])

    def _note(self, fault: str) -> None:
        self.faults.append(f"{self.page.url.removeprefix(self.site.address)}: {fault}")

    def _note_console(self, message) -> None:
        if "Content Security Policy" in message.text:
            self._note(f"against the content policy: {message.text[:300]}")

    def _note_response(self, response) -> None:
        missing_part = response.status == 404 and response.request.resource_type != "document"
        if response.status >= 500 or missing_part:
            self._note(f"{response.status} for {response.url.removeprefix(self.site.address)}")

    def wait_for_faults(self, count: int) -> None:
        """Until so many are noted: the browser tells of them a little later."""
        for _ in range(PATIENCE_MS // 50):
            if len(self.faults) >= count:
                return
            self.page.wait_for_timeout(50)

    def open(self, path: str, status: int = 200):
        """Go to a page that answers with this status; returns it."""
        answer = self.page.goto(path)
        assert answer.status == status, f"{path}: {answer.status}"
        return self.page

    def look(self, *, width: int = 1280, dark: bool = False) -> None:
        """Change the window and the colour scheme of the page that is open."""
        self.page.set_viewport_size(_window(width))
        self.page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")

    def _ask(self, question: str):
        if not self.page.evaluate("'looking' in window"):
            self.page.evaluate(LOOKING)
        return self.page.evaluate(f"looking.{question}()")

    def axe(self) -> list[str]:
        """What axe finds against WCAG 2.2 AA and good practice."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE)
        return self._ask("axe")

    def sideways(self) -> str | None:
        """What makes the page wider than the window, or None."""
        return self._ask("sideways")

    def stops(self, most: int = 80) -> list[dict]:
        """Each stop of the Tab key, from the top until it comes round: its html, and whether it is `ringed`."""
        stops: list[dict] = []
        while len(stops) < most:
            self.press("Tab")
            stop = self._ask("focus")
            if stop is None:
                break
            stops.append(stop)
        return stops

    def is_ringed(self) -> bool:
        """Whether what has the focus shows the ring of the design."""
        stop = self._ask("focus")
        return bool(stop and stop["ringed"])

    def tab_to(self, name: str, role: str | None = None, most: int = 150) -> None:
        """Press Tab until the control with this accessible name has the focus. Fails when it never comes."""
        for _ in range(most):
            self.press("Tab")
            found_role, found_name = self.focused()
            if found_name == name and role in (None, found_role):
                return
        raise AssertionError(f"the Tab key never reaches “{name}” on {self.page.url}")

    def focused(self) -> tuple[str, str]:
        """Role and accessible name of what has the focus, as a screen reader is told."""
        at = self.page.locator(":focus")
        if at.count() != 1:
            return "", ""
        role, _, rest = at.aria_snapshot().split("\n")[0].removeprefix("- ").partition(" ")
        return role.rstrip(":"), rest.split('"')[1] if '"' in rest else ""

    def press(self, keys: str) -> None:
        """A key, or several held together: Tab, Enter, Control+Enter."""
        self.page.keyboard.press(keys)

    def type(self, text: str) -> None:
        """Write where the focus is."""
        self.page.keyboard.type(text)

    def close(self) -> list[str]:
        """End the profile; what pages did wrong in it."""
        self.context.close()
        return self.faults


def _window(width: int) -> dict[str, int]:
    return {"width": width, "height": 844 if width < 600 else 900}
