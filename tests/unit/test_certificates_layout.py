"""A layout has words to fill in and parts that vanish; what nobody could mean is refused."""

from dataclasses import replace
from datetime import date
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pr_tracker.certificates.rules_layout import PLACEHOLDERS, Layout, fill, require_layout, write_dates
from pr_tracker.errors import BadInput

VALUES = {
    "name": "Nguyễn Thị Hoàng Khánh Ngọc",
    "title": "Phó Giám đốc",
    "agency": "Sở Y tế",
    "course": "Tập huấn phát ngôn",
    "class": "Lớp 1",
    "place": "Hội trường A",
    "dates": "từ ngày 18/11/2026 đến ngày 25/11/2026",
    "hours": "24",
    "number": "0012/2026",
    "day": "ngày 25 tháng 11 năm 2026",
    "valid_until": "25/11/2028",
    "superior": "Ủy ban nhân dân tỉnh",
    "issuer": "Văn phòng",
    "signer": "Huỳnh Đặng",
}


def test_the_ordinary_layout_is_sound_and_says_everything():
    require_layout(Layout())
    paper = fill(Layout(), VALUES)
    assert paper.issuer == "Ủy ban nhân dân tỉnh\nVăn phòng"
    assert paper.person == "Nguyễn Thị Hoàng Khánh Ngọc"
    assert paper.about == "Phó Giám đốc, Sở Y tế"
    assert paper.body == (
        "Đã hoàn thành khóa “Tập huấn phát ngôn”, Lớp 1, tổ chức từ ngày 18/11/2026 đến ngày 25/11/2026, "
        "tại Hội trường A, thời lượng 24 tiết.\nGiấy chứng nhận có giá trị đến hết ngày 25/11/2028."
    )
    assert paper.number == "Số: 0012/2026/GCN"


def test_what_is_not_known_leaves_no_trace():
    missing = dict.fromkeys(("title", "class", "place", "hours", "valid_until", "superior"), "")
    paper = fill(Layout(), VALUES | missing)
    assert (paper.issuer, paper.about) == ("Văn phòng", "Sở Y tế")
    assert paper.body == ("Đã hoàn thành khóa “Tập huấn phát ngôn”, tổ chức từ ngày 18/11/2026 đến ngày 25/11/2026.")


def test_words_of_a_person_are_never_read_as_a_layout():
    paper = fill(Layout(), VALUES | {"name": "{số} [A]", "course": "Khóa [mở rộng] {điểm}"})
    assert paper.person == "{số} [A]"
    assert "“Khóa [mở rộng] {điểm}”" in paper.body


def test_words_to_fill_in_are_known_however_they_are_typed():
    for typed in ("{ Họ  và Tên }", normalize("NFD", "{họ và tên}"), "{name}", "{NAME}"):
        layout = Layout(person=typed)
        require_layout(layout)
        assert fill(layout, VALUES).person == VALUES["name"]


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("body", "Đã học {khoá học}", "not a placeholder"),
        ("body", "Đã học [khóa {khóa}", "bracket"),
        ("body", "Đã học [[{khóa}]]", "bracket"),
        ("body", "Đã học {khóa", "bracket"),
        ("body", "x" * 601, "At most"),
        ("person", "Ông A", "must stand here"),
        ("number", "Số: 1", "must stand here"),
        ("dated", "An Giang", "must stand here"),
    ],
)
def test_a_layout_that_nobody_could_mean_is_refused_at_its_field(field, text, said):
    with pytest.raises(BadInput, match=said) as refusal:
        require_layout(replace(Layout(), **{field: text}))
    assert refusal.value.field == field


PIECES = st.lists(st.sampled_from([*"{}[] ,;\n", *(f"{{{one}}}" for one in PLACEHOLDERS)]), max_size=40).map("".join)


@given(PIECES)
def test_any_layout_that_is_accepted_can_be_filled(text):
    layout = replace(Layout(), body=text)
    try:
        require_layout(layout)
    except BadInput:
        return
    filled = fill(layout, VALUES).body
    assert not any(bracket in filled for bracket in "{}[]")


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([], ""),
        ([date(2026, 11, 25), date(2026, 11, 25)], "ngày 25/11/2026"),
        ([date(2026, 11, 25), date(2026, 11, 18)], "ngày 18 và 25/11/2026"),
        ([date(2026, 11, 30), date(2026, 12, 1)], "từ ngày 30/11/2026 đến ngày 01/12/2026"),
        ([date(2026, 11, 18), date(2026, 11, 20), date(2026, 11, 25)], "từ ngày 18/11/2026 đến ngày 25/11/2026"),
    ],
)
def test_days_are_written_as_one_would_say_them(days, words):
    assert write_dates(days) == words
