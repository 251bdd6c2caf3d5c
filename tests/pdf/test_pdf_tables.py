"""Long tables: every row once and in order, every word inside its cell."""

import re
import sys

import pytest

from pr_tracker.pdf import Column, Event, Heading, Piece, Table, Text, Timeline
from pr_tracker.pdf.fonts import typeface
from pr_tracker.pdf.grid import Form, Grid
from pr_tracker.pdf.lines import Ruler
from tests.pdf.reading import pages, printed, words, written

TWELVE = [Column(f"Cột {number}", weight) for number, weight in enumerate((8, 9, 9, 12, 12, 24, 14, 9, 9, 10, 6, 6))]
MM = 72 / 25.4


def row(number):
    return (f"#{number:05}", "ĐN", "20/11", "Báo", "Lê Hà", "San lấp", "Sở", "21/12", "18/12", "xong", "x", str(number))


def test_ten_thousand_rows_are_all_there_once_and_in_order_under_a_repeated_head():
    paper = printed(Table(TWELVE, (row(number) for number in range(10_000)), size=9), landscape=True)
    got = pages(paper)
    assert [int(found) for text in got for found in re.findall(r"#(\d{5})", text)] == list(range(10_000))
    assert all(text.count("Cột 5") == 1 for text in got)
    per_page = [len(re.findall(r"#\d{5}", text)) for text in got]
    assert len(set(per_page[:-1])) == 1, "pages are not equally full"
    assert len(got) == -(-10_000 // per_page[0])


def test_rows_are_asked_for_only_as_pages_need_them():
    form = Form(typeface("packaged"), [1], size=10)
    asked = []
    grid = Grid(form, ((asked.append(number) or str(number),) for number in range(1000)))
    first, rest = grid.split(400, 200)
    assert len(asked) < 20
    rest.split(400, 200)
    assert len(asked) < 40
    assert len(first.measured) == len(asked) // 2


WORDS = ["Phú Quốc", "một câu dài hơn nhiều so với chiều rộng của cột", "https://vd.vn/" + "a-b/" * 60, "Ư" * 300, ""]


@pytest.mark.parametrize("size", [8, 11, 14])
def test_no_word_however_long_leaves_its_cell(size):
    columns = [Column("STT", 1, "center"), Column("Nội dung", 3), Column("Số", 1, "right"), Column("Ghi", 2)]
    rows = [[text] * 4 for text in WORDS] * 4
    paper = printed(Table(columns, rows, size=size))
    share, left, cells = 165 * MM / 7, 30 * MM, []
    for column in columns:
        cells.append((left, left + column.weight * share))
        left += column.weight * share
    for line in written(paper):
        if line.size == size:
            start, end = next(cell for cell in cells if cell[0] <= line.x < cell[1])
            assert start + 3 <= line.x <= line.end <= end - 3
            assert line.y >= 20 * MM
    squeezed = words(paper).replace(" ", "")
    assert squeezed.count("Ư") == 300 * 4 * 4


@pytest.mark.parametrize("limit", [1, 12, 40, 111.5, 400])
@pytest.mark.parametrize("text", WORDS)
def test_lines_are_no_wider_than_the_limit_and_lose_nothing(text, limit):
    ruler = Ruler(typeface("packaged").font("bold"), 11)
    lines = ruler.wrap(text, limit)
    assert all(ruler.width(line) <= limit + 0.01 or len(line) == 1 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_a_centred_text_is_broken_into_even_lines():
    ruler = Ruler(typeface("packaged").font("bold"), 12)
    text = "ỦY BAN NHÂN DÂN ĐẶC KHU PHÚ QUỐC"
    assert ruler.balanced(text, ruler.width(text) - 5) == ["ỦY BAN NHÂN DÂN", "ĐẶC KHU PHÚ QUỐC"]
    assert ruler.balanced("MỘT\nHAI", 500) == ["MỘT", "HAI"]


def test_a_row_taller_than_a_page_goes_on_without_losing_a_word():
    numbered = " ".join(f"chữ{number:04}" for number in range(3000))
    paper = printed(Text("Trước."), Table([Column("A", 1), Column("B", 4)], [("đầu", numbered), ("sau", "hết")]))
    assert len(pages(paper)) > 2
    assert [int(found) for found in re.findall(r"chữ(\d{4})", words(paper))] == list(range(3000))
    assert words(paper).endswith("sau hết")


def test_a_row_of_medium_height_is_not_cut():
    tall = "\n".join(f"dòng {number}" for number in range(8))
    paper = printed(Table([Column("A")], [(tall,)] * 20))
    for text in pages(paper):
        assert text.count("dòng 0") == text.count("dòng 7") > 0


def test_a_heading_is_not_left_alone_at_the_foot_of_a_page():
    for filler in range(20, 45):
        paper = printed(Text("\n".join(["Dòng."] * filler)), Heading("Bảng"), Table([Column("Đầu")], [("một",)] * 3))
        page = next(text for text in pages(paper) if "Bảng" in text)
        assert "một" in page


def test_an_empty_table_says_so():
    assert words(printed(Table([Column("STT"), Column("Tên", 4)], [], empty="Không có đề nghị nào trong kỳ."))) == (
        "STT Tên Không có đề nghị nào trong kỳ."
    )


def test_signature_rows_are_as_tall_as_asked():
    names = [("1", "Lê Hà", ""), ("2", "Trần Nam", "")]
    paper = printed(Table([Column("STT"), Column("Họ và tên", 3), Column("Ký tên", 2)], names, row_height=12))
    heights = {line.text: line.y for line in written(paper)}
    assert heights["1"] - heights["2"] == pytest.approx(12 * MM, abs=0.01)


def test_a_narrow_column_still_holds_the_words_of_its_head_and_its_sample():
    columns = [Column("STT", 0.01), Column("Hạn", 0.01, fits="31/12/2026"), Column("Nội dung", 9), Column("Ghi", 1)]
    texts = [line.text for line in written(printed(Table(columns, [("1", "21/12/2026", "chữ " * 50, "")])))]
    assert {"STT", "Hạn", "21/12/2026"} <= set(texts)


def test_columns_that_cannot_all_have_their_words_share_the_width():
    paper = printed(Table([Column("Nghiêngngả" * 3)] * 8, [("một",) * 8]))
    assert all(30 * MM <= line.x <= line.end <= 195 * MM for line in written(paper))


def test_a_row_of_one_cell_runs_over_all_columns():
    paper = printed(
        Table([Column("A"), Column("B"), Column("C")], [["Sở Nông nghiệp và Môi trường tỉnh An Giang"], list("123")])
    )
    assert any(line.text == "Sở Nông nghiệp và Môi trường tỉnh An Giang" for line in written(paper))


def test_a_row_with_a_cell_too_few_is_a_mistake():
    with pytest.raises(ValueError, match="argument"):
        printed(Table([Column("A"), Column("B"), Column("C")], [("1", "2")]))


def test_pieces_of_a_cell_stand_on_lines_of_their_own():
    paper = printed(Table([Column("A")], [[[Piece("Đậm", "bold"), Piece("Nghiêng", "italic", 12)]]]))
    place = {line.text: line for line in written(paper)}
    assert place["Nghiêng"].x == pytest.approx(place["Đậm"].x + 12, abs=0.01)
    assert place["Nghiêng"].y < place["Đậm"].y
    assert (place["Đậm"].font, place["Nghiêng"].font) == ("CrimsonText-Bold", "CrimsonText-Italic")


def test_all_rows_of_a_timeline_are_in_one_size():
    lines = written(printed(Heading("Quá trình"), Timeline([Event("08:00", "Một.\nHai.\nBa.")] * 2), size=14))
    assert {line.size for line in lines[1:]} == {14}


def calls_for(rows):
    """How many calls of Python a table of so many rows takes, and how far reading ran ahead of drawing at most."""
    asked, drawn, ahead, calls = 0, 0, 0, 0
    draw = Grid.draw

    def reading():
        nonlocal asked
        for number in range(rows):
            asked += 1
            yield row(number)

    def drawing(grid):
        nonlocal drawn, ahead
        ahead = max(ahead, asked - drawn)
        drawn += len(grid.measured)
        draw(grid)

    def counting(_frame, event, _given):
        nonlocal calls
        calls += event == "call"

    Grid.draw = drawing
    before = sys.getprofile()
    sys.setprofile(counting)
    try:
        printed(Table(TWELVE, reading(), size=9), landscape=True)
    finally:
        sys.setprofile(before)
        Grid.draw = draw
    assert asked == drawn == rows
    return calls, ahead


def test_twice_the_rows_are_twice_the_work_and_no_more_rows_are_held_at_a_time():
    calls_for(10)
    (none, _), (few, held), (many, still) = calls_for(500), calls_for(1500), calls_for(3500)
    assert many - few <= 2.02 * (few - none)
    assert held == still < 100
