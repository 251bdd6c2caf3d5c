"""Pictures on paper: the same words as on the page, within the page, never in colour, long ones over pages."""

import pytest

from pr_tracker.charts import Bar, Line, Look, Piece, bars, columns, lines
from pr_tracker.pdf import Chart, Heading
from tests.pdf.reading import pages, printed, read, words, written

MM = 72 / 25.4
KEY = [(Look.SOLID, "Đúng hạn"), (Look.SOON, "Sắp hết hạn"), (Look.LATE, "Trễ hạn"), (Look.OPEN, "Đang xử lý")]


def many(count):
    parts = (Piece(61), Piece(4, Look.SOON), Piece(9, Look.LATE), Piece(6, Look.OPEN))
    return bars([Bar(f"Đặc khu {number}", parts, "trễ 9") for number in range(count)], key="k", values=True)


def test_a_picture_says_its_names_values_and_what_each_look_means():
    said = words(printed(Chart(many(2), KEY)))
    for text in ("Đặc khu 0", "Đặc khu 1", "61", "trễ 9", "Đúng hạn", "Sắp hết hạn", "Trễ hạn", "Đang xử lý"):
        assert text in said


def test_lines_and_columns_are_drawn_too_and_an_empty_picture_takes_no_room():
    run = lines([Line((86, None, 97)), Line((80, 82, 83), faint=True)], ["1", "2", "3"], key="a", words="{}%".format)
    said = words(printed(Chart(run), Chart(columns([Bar("T1", (Piece(7), Piece(4, Look.LATE)))], key="b"))))
    assert "97%" in said
    assert "11" in said
    assert len(pages(printed(Heading("Một"), Chart(bars([], key="c"), KEY)))) == 1


@pytest.mark.parametrize("landscape", [False, True])
def test_a_long_picture_goes_on_at_the_next_page_and_every_name_stays_within_the_paper(landscape):
    paper = printed(Chart(many(102), KEY), landscape=landscape)
    assert len(pages(paper)) > 2
    lines = written(paper)
    assert [line.text for line in lines if line.text.startswith("Đặc khu")] == [f"Đặc khu {n}" for n in range(102)]
    width = float(read(paper).pages[0].mediabox.width)
    assert all(
        line.y >= 20 * MM - 1 and line.x >= 30 * MM - 1 and line.end <= width - 15 * MM
        for line in lines
        if line.y < 270 * MM
    )
    assert all("Trễ hạn" in page for page in pages(paper)), "each page has the key"


def test_a_picture_is_black_and_white():
    for page in read(printed(Chart(many(3), KEY))).pages:
        assert not {operator for _, operator in page.get_contents().operations} & {b"k", b"K"}
        for given, operator in page.get_contents().operations:
            if operator in (b"rg", b"RG"):
                assert len(set(map(float, given))) == 1
