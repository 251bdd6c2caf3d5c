"""A paper that can be checked says how: its code on every page, the QR where it ends; nothing else moves."""

from pr_tracker.pdf import Check, Closing, PageBreak, Signature, Table, Text
from pr_tracker.pdf.blocks import Column
from tests.pdf.reading import printed, read, written

MM = 72 / 25.4
CODE = "CFHJKLMNPQRTVX34"
CHECK = Check(f"https://baochi.example.gov.vn/check/{CODE}", CODE)
LONG = "Người phát ngôn trả lời báo chí đúng hạn. " * 200


def squares(paper, number):
    """The dark parts of the QR: how many filled shapes a page has."""
    return sum(operator == b"re" for _, operator in read(paper).pages[number].get_contents().operations)


def test_the_code_stands_in_the_bottom_margin_of_every_page_standing_or_lying():
    paper = printed(Text(LONG), PageBreak(landscape=True), Text("Hai."), check=CHECK)
    lines = [line for line in written(paper) if "CFHJ-KLMN-PQRT-VX34" in line.text]
    assert [line.page for line in lines] == list(range(1, len(read(paper).pages) + 1))
    assert all(5 * MM < line.y < 20 * MM for line in lines)


def test_the_qr_stands_on_the_last_page_only_and_says_where_to_look():
    paper = printed(Text(LONG), Text(LONG), check=CHECK)
    last = len(read(paper).pages) - 1
    assert last > 0
    assert squares(paper, last) > 100
    assert not any(squares(paper, number) for number in range(last))
    assert "baochi.example.gov.vn/check" in read(paper).pages[last].extract_text()


def test_a_page_that_is_full_needs_no_other_page_for_the_qr():
    for rows in range(30, 60):
        table = Table([Column("A")], [[str(row)] for row in range(rows)])
        paper = printed(table, Closing(Signature([], ["Giám đốc"], "Lê Hồng")), check=CHECK)
        assert "Lê Hồng" in read(paper).pages[-1].extract_text()


def test_nothing_of_the_text_reaches_into_the_margin_of_the_code():
    paper = printed(Text(LONG), check=CHECK)
    assert all(line.y > 25 * MM for line in written(paper) if "mã" not in line.text and "Mã" not in line.text)


def test_without_a_check_there_is_no_code_and_with_it_the_bytes_stay_the_same():
    assert "kiểm tra" not in read(printed(Text("Một."))).pages[0].extract_text()
    assert printed(Text("Một."), check=CHECK) == printed(Text("Một."), check=CHECK)
