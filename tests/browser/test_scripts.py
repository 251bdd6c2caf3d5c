"""The small scripts, each on a page made for it here: what they add, and what they must not do."""

import json

import pytest

COMBOBOX = """
<form><input type="hidden" name="outlet_id"><div class="field combo"><label for="outlet">Outlet</label>
<input id="outlet" name="outlet" autocomplete="off" data-lookup="/lookup" data-target="outlet_id" data-found="Matches"
 data-none="Nothing"></div>
<div class="field combo"><div class="seg" role="group" aria-label="Chosen" data-chosen-for="who"></div>
<label for="who">Who</label><input id="who" autocomplete="off" data-lookup="/lookup" data-many="ids" data-typed="names"
 data-within="outlet=outlet_id" data-add="Add {name}" data-found="Matches" data-none="Nothing"></div></form>
"""
FOUND = [{"id": 1, "label": "Báo Đường Mới", "detail": "print"}, {"id": 2, "label": "Đường sắt", "detail": ""}]
KEYS = """
<form class="mast-search"><input id="q" aria-label="Search"></form>
<h3 class="q-title"><a href="#one">one</a></h3><h3 class="q-title"><a href="#two">two</a></h3>
<a href="/keys" data-opens="shortcuts">Keys</a>
<dialog id="shortcuts"><input type="checkbox" id="switch" data-shortcuts-switch checked aria-label="on">
<button type="button" data-closes>Close</button></dialog>
<details data-menu id="menu"><summary>Menu</summary><a href="#x">x</a></details>
"""


@pytest.fixture
def page_with(reading):
    """page_with(body, script, …): a page of this site made of this body and these scripts."""

    def page_with(body: str, *scripts: str):
        page = reading().page
        tags = "".join(f'<script src="/static/js/{name}.js" defer></script>' for name in scripts)
        html = f'<!doctype html><html lang="en"><head><title>t</title>{tags}</head><body>{body}</body></html>'
        page.route("**/scripts", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
        page.goto("/scripts")
        return page

    return page_with


def _answers(page, pattern: str, *answers: tuple[int, object]) -> list:
    """The server's next answers to requests of a pattern, the last one for ever; returns the requests seen."""
    seen, left = [], list(answers)

    def answer(route) -> None:
        seen.append(route.request)
        status, said = left.pop(0) if len(left) > 1 else left[0]
        if status == 0:
            route.abort()
        else:
            body = said if isinstance(said, str) else json.dumps(said)
            route.fulfill(status=status, body=body, content_type="text/html" if isinstance(said, str) else None)

    page.route(pattern, answer)
    return seen


def test_a_name_is_found_without_marks_and_chosen_with_the_keyboard(page_with):
    page = page_with(COMBOBOX, "combobox")
    _answers(page, "**/lookup?*", (200, FOUND))
    page.locator("#outlet").press_sequentially("duong")
    page.wait_for_selector("[role=option]")
    assert page.inner_html("#outlet-list-0 span") == "Báo <mark>Đường</mark> Mới"
    assert page.get_attribute("#outlet", "aria-activedescendant") == "outlet-list-0"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert (page.input_value("#outlet"), page.input_value("[name=outlet_id]")) == ("Đường sắt", "2")
    page.keyboard.type("x")
    assert page.input_value("[name=outlet_id]") == ""


def test_several_can_be_chosen_and_a_new_name_added(page_with):
    page = page_with(COMBOBOX, "combobox")
    seen = _answers(page, "**/lookup?*", (200, FOUND))
    page.locator("#outlet").press_sequentially("duong")
    page.wait_for_selector("#outlet-list:not([hidden]) li")
    page.keyboard.press("Enter")
    page.locator("#who").press_sequentially("Lê Vy")
    page.wait_for_selector("#who-list:not([hidden]) li")
    assert seen[-1].url.endswith("&outlet=1")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.locator("#who").press_sequentially("duong")
    page.wait_for_selector("#who-list:not([hidden]) li")
    page.keyboard.press("Enter")
    chosen = [(box.get_attribute("name"), box.input_value()) for box in page.locator("[data-chosen-for] input").all()]
    assert chosen == [("names", "Lê Vy"), ("ids", "1")]
    assert page.input_value("#who") == ""


def test_escape_closes_the_list_and_keeps_what_was_typed(page_with):
    page = page_with(COMBOBOX, "combobox")
    _answers(page, "**/lookup?*", (200, FOUND))
    page.locator("#outlet").press_sequentially("duong")
    page.wait_for_selector("#outlet-list:not([hidden]) li")
    page.keyboard.press("Escape")
    assert not page.is_visible("#outlet-list")
    assert page.input_value("#outlet") == "duong"


def test_keys_move_search_and_explain_but_not_while_typing(page_with):
    page = page_with(KEYS, "dialogs", "shortcuts")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.hash") == "#one"
    page.keyboard.press("/")
    page.keyboard.type("j?")
    assert page.input_value("#q") == "j?"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    assert page.is_visible("#shortcuts")


def test_single_letters_can_be_switched_off(page_with):
    page = page_with(KEYS, "dialogs", "shortcuts")
    page.click("[data-opens]")
    page.uncheck("#switch")
    page.click("[data-closes]")
    page.reload()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    assert not page.is_checked("#switch")


def test_a_menu_closes_with_escape_and_with_a_click_elsewhere(page_with):
    page = page_with(KEYS, "dialogs")
    page.click("summary")
    page.keyboard.press("Escape")
    assert not page.evaluate("document.getElementById('menu').open")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.click("summary")
    page.mouse.click(600, 500)
    assert not page.evaluate("document.getElementById('menu').open")


def test_the_preview_follows_the_form_without_its_files(page_with):
    body = """<form data-preview-url="/preview"><input id="subject" name="subject" aria-label="Subject">
        <input type="file" name="paper" aria-label="Paper"></form><div id="preview" aria-live="polite">before</div>"""
    page = page_with(body, "preview")
    seen = _answers(page, "**/preview", (200, "<p>due on Monday</p>"))
    page.fill("#subject", "Flood")
    page.wait_for_selector("#preview p")
    assert page.inner_text("#preview") == "due on Monday"
    assert "Flood" in seen[-1].post_data
    assert "paper" not in seen[-1].post_data


def test_a_list_that_refreshes_keeps_the_focus_and_leaves_alone_what_is_being_typed_in(page_with):
    row, note = '<p id="r{0}"><a href="#{0}">{0}</a></p>', '<input id="note" aria-label="note">'
    list_of = '<div id="list" data-refresh-url="/part" data-refresh-seconds="0.2">{}</div>'
    page = page_with(list_of.format(row.format(1) + note), "refresh")
    now = {"html": row.format(1) + note}
    page.route("**/part", lambda route: route.fulfill(body=now["html"], content_type="text/html"))
    page.focus("#note")
    page.keyboard.type("half a sen")
    now["html"] = row.format(0) + row.format(1) + note
    page.wait_for_timeout(700)
    assert page.input_value("#note") == "half a sen"
    assert page.locator("#r0").count() == 0
    page.focus("#r1 a")
    page.wait_for_selector("#r0")
    assert page.evaluate("document.activeElement.hash") == "#1"


def test_leaving_a_changed_form_asks_first_and_saving_it_does_not(page_with):
    page = page_with('<form method="post" data-unsaved><input id="a" name="a" aria-label="a"></form>', "unsaved")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/healthz")
    page.goto("/scripts")
    assert asked == []
    page.locator("#a").press_sequentially("x")
    page.goto("/healthz")
    assert asked == ["beforeunload"]
    page.goto("/scripts")
    page.locator("#a").press_sequentially("x")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert asked == ["beforeunload"]
