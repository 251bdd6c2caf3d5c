"""The checks of pages can fail: each is shown a page with the fault it looks for."""

from pr_tracker.permissions import Role

FRAME = '<html lang="vi"><title>Trang</title><main><h1>Trang</h1>{}</main></html>'
BARE_LINK = """() => {
  const link = Object.assign(document.createElement("a"), {href: "x", textContent: "x"});
  link.style.setProperty("outline", "0", "important");
  link.style.setProperty("box-shadow", "none", "important");
  document.querySelector("main").replaceChildren(link);
}"""
PICTURE_IN_THE_ADDRESS = """() => {
  document.body.append(Object.assign(document.createElement("img"), {src: "data:image/gif;base64,x"}));
}"""


def test_axe_names_a_control_without_a_name(reading):
    reader = reading()
    reader.page.set_content(FRAME.format("<button></button>"))
    assert any(fault.startswith("button-name") for fault in reader.axe())


def test_what_is_too_wide_is_named(reading):
    reader = reading(width=390)
    reader.page.set_content(FRAME.format('<p id="wide" style="width:500px">x</p>'))
    assert "wide" in reader.sideways()


def test_a_control_without_a_ring_is_named(reading):
    reader = reading()
    page = reader.open("/nowhere", 404)
    page.evaluate(BARE_LINK)
    stops = reader.stops()
    assert [stop["ringed"] for stop in stops if stop["html"].startswith('<a href="x"')] == [False]
    assert all(stop["ringed"] for stop in stops if "skip" in stop["html"])


def test_what_the_content_policy_refuses_is_noted(reading):
    reader = reading(Role.STAFF)
    page = reader.open("/shortcuts")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('img'), {src: 'data:image/gif;base64,x'}))"
    )
    reader.wait_for_faults(1)
    assert "content policy" in reader.faults.pop()


def test_a_script_error_and_a_missing_file_are_noted(reading):
    reader = reading()
    page = reader.open("/nowhere", 404)
    page.evaluate("setTimeout(() => { throw new Error('broken') })")
    page.evaluate("fetch('/static/nothing.js')")
    reader.wait_for_faults(2)
    assert {fault.split(": ", 1)[1] for fault in reader.faults} == {
        "script error: broken",
        "404 for /static/nothing.js",
    }
    reader.faults.clear()


def test_tab_to_finds_a_control_by_its_name(reading):
    reader = reading(Role.STAFF)
    reader.open("/shortcuts")
    reader.tab_to("Tới nội dung chính", "link")
    reader.press("Enter")
    assert reader.page.url.endswith("#main")
