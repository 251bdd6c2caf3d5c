"""What a person does at a page: the same acts by the keyboard alone, or by clicks where scripts are off."""

from collections.abc import Callable

from playwright.sync_api import Locator, expect

from pr_tracker.accounts.rules import DEMO_PASSWORD
from tests.browser.reading import Reading


class Hands:
    """One person at one browser; every act names what the person sees."""

    def __init__(self, reading: Reading) -> None:
        self.reading, self.page = reading, reading.page

    def sign_in(self, name: str) -> "Hands":
        """Through the page for it, with the password of the demonstration."""
        self.page.goto("/sign-in")
        self.fill("Thư điện tử công vụ", self.reading.site.province.readers[name].email)
        self.fill("Mật khẩu", DEMO_PASSWORD)
        self.press("Đăng nhập")
        return self

    def field(self, label: str) -> Locator:
        """The control with this label."""
        return self.page.get_by_label(label, exact=True).and_(self.page.locator("input, textarea, select"))

    def link(self, name: str) -> Locator:
        """The first link with these words in the page itself."""
        return self.page.locator("main").get_by_role("link", name=name, exact=True).first

    def button(self, name: str) -> Locator:
        """The button with these words."""
        return self.page.locator("main").get_by_role("button", name=name, exact=True)

    def follow(self, name: str) -> None:
        """Go where the link leads."""
        self.leave_by(self.link(name))

    def press(self, name: str) -> None:
        """Send the form by its button."""
        self.leave_by(self.button(name))

    def home(self) -> None:
        """Go to the first screen."""
        self.leave_by(self.page.locator("a.wordmark"))

    def section(self, name: str) -> None:
        """Go to a section of the masthead, which lies under the menu where the window is narrow."""
        menu = self.page.locator("header summary", has_text="Danh mục")
        if menu.is_visible():
            self.use(menu)
        self.leave_by(self.page.locator("header").get_by_role("link", name=name).filter(visible=True))

    def follow_other(self, name: str) -> None:
        """Go where a link of the menu of other acts leads."""
        self.use(self.page.locator("summary", has_text="Việc khác"))
        self.follow(name)

    def get_pdf(self, name: str) -> None:
        """Take the paper behind a link."""
        with self.page.expect_response(lambda answer: ".pdf" in answer.url) as got:
            self.use(self.link(name))
        assert (got.value.status, got.value.headers["content-type"]) == (200, "application/pdf")

    def sees(self, *words: str) -> None:
        """These words stand on the page, for eyes too."""
        for each in words:
            expect(self.page.locator("main").get_by_text(each).filter(visible=True).first).to_be_visible()

    def leave_by(self, control: Locator) -> None:
        """Use a link or a button that leads to another page."""
        self.reach(control)
        with self.page.expect_navigation():
            self.fire(control)

    def use(self, control: Locator) -> None:
        """Use a control that stays on the page."""
        self.reach(control)
        self.fire(control)

    def reach(self, control: Locator) -> None:
        """Come to a control."""

    def fire(self, control: Locator) -> None:
        """Set off a control that was reached."""
        control.click()

    def turn_to(self, title: str) -> None:
        """Turn the pages of the queue to the one with this row."""
        while not self.page.locator(".q-title", has_text=title).count():
            self.follow("Xem tiếp, hết hạn muộn hơn")


class Clicks(Hands):
    """A mouse or a finger, in a browser without scripts."""

    def fill(self, label: str, text: str) -> None:
        """Write in a field instead of what stands there."""
        self.field(label).fill(text)

    def choose(self, name: str) -> None:
        """Choose one of several that exclude each other."""
        self.page.get_by_role("radio", name=name, exact=True).check()

    def select(self, label: str, option: str) -> None:
        """Choose an entry of a list."""
        self.field(label).select_option(label=option)

    def tick(self, label: str) -> None:
        """Tick a box."""
        self.field(label).check()

    def open_row(self, title: str) -> None:
        """Open an inquiry from a list."""
        self.turn_to(title)
        self.follow(title)

    def begin_logging(self) -> None:
        """From the first screen to the form."""
        self.follow("Ghi đề nghị mới")

    def name_press(self, letters: str, outlet: str, journalist: str) -> None:
        """The press agency, and a journalist who is not known yet."""
        self.fill("Cơ quan báo chí", outlet)
        self.fill("Nhà báo (không bắt buộc)", journalist)

    def ask_deadline(self) -> None:
        """Let the form say when it would be due."""
        self.press("Xem thời hạn")

    def save(self, name: str) -> None:
        """Send the form."""
        self.press(name)

    def search(self, words: str) -> None:
        """Look for words from any page."""
        field = self.page.locator(".mast-search input").first
        field.fill(words)
        with self.page.expect_navigation():
            field.press("Enter")

    def mark(self, roll: dict[str, tuple[str, str]]) -> None:
        """Call the roll: {name: (mark, its key)}."""
        for name, (mark, _) in roll.items():
            self.page.get_by_role("radiogroup", name=name).get_by_text(mark, exact=True).click()
        self.press("Lưu điểm danh")


class Keys(Hands):
    """The keyboard alone. Whatever Tab comes to must show the focus ring of the design."""

    def key(self, keys: str) -> None:
        """A key, or several held together."""
        self.page.keyboard.press(keys)

    def type(self, text: str) -> None:
        """Write where the focus is."""
        self.page.keyboard.type(text)

    def go(self, keys: str) -> None:
        """Press what leads to another page."""
        with self.page.expect_navigation():
            self.key(keys)

    def reach(self, control: Locator, most: int = 300) -> None:
        """Press Tab until the control has the focus. Fails when Tab never comes there, or shows no ring."""
        expect(control).to_be_visible()
        wanted = control.element_handle()
        for _ in range(most):
            if self.page.evaluate("e => e === document.activeElement", wanted):
                self.see_ring()
                return
            self.key("Tab")
        raise AssertionError(f"the Tab key never reaches {control} on {self.page.url}")

    def see_ring(self) -> None:
        """What has the focus shows it."""
        assert self.reading.is_ringed(), f"no focus ring on {self.page.url}: {self.reading.focused()}"

    def fire(self, control: Locator) -> None:
        self.key("Enter")

    def fill(self, label: str, text: str) -> None:
        """Write in a field instead of what stands there."""
        field = self.field(label)
        self.reach(field)
        self.key("Control+a")
        if (
            field.get_attribute("type") == "time"
        ):  # takes digits, and the half of the day where clocks have twelve hours
            text = text.replace(":", "") + "a"
        self.type(text)

    def choose(self, name: str) -> None:
        """Choose one of several that exclude each other, with the arrows."""
        option = self.page.get_by_role("radio", name=name, exact=True)
        group = self.page.locator(f"input[name='{option.get_attribute('name')}']")
        chosen = group.and_(self.page.locator(":checked"))
        self.reach(chosen if chosen.count() else group.first)
        self.key("Space")
        self.step_down(option.is_checked, f"the arrows never come to “{name}”")

    def select(self, label: str, option: str) -> None:
        """Choose an entry of a list, with the arrows."""
        self.reach(self.field(label))
        self.key("Home")
        chosen = self.field(label).locator("option:checked")
        self.step_down(lambda: chosen.inner_text() == option, f"“{option}” is not in “{label}”")

    def tick(self, label: str) -> None:
        """Tick a box."""
        self.reach(self.field(label))
        self.key("Space")
        expect(self.field(label)).to_be_checked()

    def step_down(self, is_there: Callable[[], bool], otherwise: str, most: int = 150) -> None:
        """Press the arrow down until it is there."""
        for _ in range(most):
            if is_there():
                return
            self.key("ArrowDown")
        raise AssertionError(otherwise)

    def walk_to_row(self, title: str, key: str = "j", most: int = 80) -> None:
        """Walk down a list with J (up with K) until this row has the focus."""
        expect(self.page.locator(".q-title a", has_text=title)).to_be_visible()
        for _ in range(most):
            self.key(key)
            if title in self.page.locator(":focus").inner_text():
                self.see_ring()
                return
        raise AssertionError(f"{key.upper()} never reaches “{title}” on {self.page.url}")

    def open_row(self, title: str) -> None:
        """Open an inquiry from a list with J, K and Enter."""
        self.turn_to(title)
        self.walk_to_row(title)
        self.key("k")
        expect(self.page.locator(":focus")).not_to_contain_text(title)
        self.walk_to_row(title)
        self.go("Enter")

    def begin_logging(self) -> None:
        """From the first screen to the form."""
        self.go("n")

    def name_press(self, letters: str, outlet: str, journalist: str) -> None:
        """The press agency by its first letters, and a journalist who is not known yet."""
        self.take_from("Cơ quan báo chí", letters, outlet)
        expect(self.field("Cơ quan báo chí")).to_have_value(outlet)
        self.take_from("Nhà báo (không bắt buộc)", journalist, f"Ghi mới “{journalist}”")
        expect(self.page.get_by_role("checkbox", name=journalist)).to_be_checked()

    def take_from(self, label: str, typed: str, entry: str) -> None:
        """Type into a combobox, walk down its list to this entry and take it."""
        self.reach(self.page.get_by_role("combobox", name=label, exact=True))
        self.type(typed)
        option = self.page.get_by_role("option", name=entry)
        expect(option).to_be_visible()
        self.step_down(lambda: option.get_attribute("aria-selected") == "true", f"“{entry}” is never active", 12)
        self.key("Enter")

    def ask_deadline(self) -> None:
        """It appears by itself."""

    def save(self, name: str) -> None:
        """Send the form from any of its fields."""
        expect(self.button(name)).to_be_visible()
        self.go("Control+Enter")

    def search(self, words: str) -> None:
        """Look for words from any page."""
        self.key("/")
        self.see_ring()
        self.type(words)
        self.go("Enter")

    def mark(self, roll: dict[str, tuple[str, str]]) -> None:
        """Call the roll, {name: (mark, its key)}, in the order of the rows."""
        self.reach(self.page.get_by_role("radiogroup", name=next(iter(roll))).get_by_role("radio").first)
        for name, (mark, key) in roll.items():
            self.key(key)
            expect(self.page.get_by_role("radiogroup", name=name).get_by_label(mark, exact=True)).to_be_checked()
        expect(self.page.locator("[data-count=unmarked]")).to_have_text("0")
        expect(self.page.locator("[data-roll-state=saved]")).to_be_visible()


Anybody = Clicks | Keys
